#include "app/cli/assignments.h"
#include "app/cli/commands.h"
#include "app/cli/option_values.h"
#include "app/cli/run_options.h"
#include "app/cli/station_setup.h"
#include "app/session/run_files.h"
#include "core/plan/did_you_mean.h"
#include "core/store/scan_repository.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

Result<QList<ScanState>> statesFrom(const QStringList &given)
{
    QList<ScanState> states;
    for (const QString &name : given.join(u',').split(u',', Qt::SkipEmptyParts)) {
        const auto state = scanStateFromName(name.trimmed());
        if (!state) {
            QStringList names;
            for (int i = 0; i <= int(ScanState::Interrupted); ++i)
                names << scanStateName(ScanState(i));
            return Error{ErrorCode::BadInput,
                         tr("No scan is ever \"%1\". %2").arg(name, didYouMean(name, names))};
        }
        states << *state;
    }
    return states;
}

/// What the options ask for; the sample is still as typed.
Result<ScanFilter> filterFrom(const Invocation &invocation, const Settings &settings)
{
    ScanFilter filter;
    filter.sample = invocation.value(u"sample"_s);
    filter.project = invocation.value(u"project"_s);
    filter.search = invocation.value(u"search"_s);
    filter.anchor = invocation.value(u"anchor"_s);
    filter.isTrashIncluded = invocation.isSet(u"trashed"_s);
    const auto states = statesFrom(invocation.values(u"status"_s));
    if (!states)
        return states.error();
    filter.states = states.value();
    if (invocation.isSet(u"active"_s))
        filter.states += ScanFilter::activeStates();
    const auto since = timeOption(invocation, u"since"_s);
    if (!since)
        return since.error();
    filter.sinceUs = since.value();
    const auto page = countOption(invocation, u"page"_s, 1);
    if (!page)
        return page.error();
    filter.page = page.value();
    const auto perPage =
        countOption(invocation, u"per-page"_s, int(settings.integer(Setting::PageSize)));
    if (!perPage)
        return perPage.error();
    filter.perPage = perPage.value();
    return filter;
}

void printPage(const Invocation &invocation, const ScanPage &page)
{
    for (const ScanRecord &scan : page.scans)
        invocation.print(
            u"%1  %2  %3  %4  %5"_s.arg(scan.scanId, -20)
                .arg(scanStateName(scan.state), -11)
                .arg(tr("%1 of %2 points").arg(scan.points).arg(scan.pointsPlanned), -28)
                .arg(scan.sample, -12)
                .arg(scan.details.name));
    invocation.print(
        tr("%1 scan(s), page %2 of %3")
            .arg(page.isTotalExact ? QString::number(page.total) : tr("%1 or more").arg(page.total))
            .arg(page.page)
            .arg(std::max<qint64>(1, (page.total + page.perPage - 1) / page.perPage)));
}

int list(const Invocation &invocation, const Station &station)
{
    if (const auto asked = filterFrom(invocation, station.settings()); !asked)
        return invocation.fail(asked.error()); // before a database is opened, or made
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    // Once more: the page size may be a setting of the database.
    ScanFilter filter = filterFrom(invocation, data.value()->settings()).value();
    ScanDetails wanted;
    wanted.sampleUid = filter.sample;
    if (const Status known =
            resolveSample(&wanted, data.value()->connection(), data.value()->session());
        !known)
        return invocation.fail(known.error());
    filter.sample = wanted.sampleUid;
    const auto page =
        ScanRepository(data.value()->connection()).list(data.value()->session(), filter);
    if (!page)
        return invocation.fail(page.error());
    if (invocation.isJson)
        invocation.printJson(page.value().toJson());
    else
        printPage(invocation, page.value());
    return kDone;
}

struct DetailField {
    const char16_t *name;
    QString ScanDetails::*member;
};
constexpr DetailField kFields[] = {{u"name", &ScanDetails::name},
                                   {u"title", &ScanDetails::title},
                                   {u"type", &ScanDetails::type},
                                   {u"comment", &ScanDetails::comment},
                                   {u"sample", &ScanDetails::sampleUid},
                                   {u"project", &ScanDetails::project},
                                   {u"operator", &ScanDetails::operatorName}};

QStringList fieldNames()
{
    QStringList names{u"tags"_s};
    for (const DetailField &field : kFields)
        names << QString::fromUtf16(field.name);
    return names;
}

QStringList tagsFrom(const QString &text)
{
    QStringList tags;
    for (const QString &tag : text.split(u',', Qt::SkipEmptyParts))
        tags << tag.trimmed();
    return tags;
}

Status edit(StationData &data, const ScanRecord &scan, const QMap<QString, QString> &changes,
            const QStringList &fields)
{
    ScanDetails details = scan.details;
    for (const DetailField &field : kFields) {
        const QString name = QString::fromUtf16(field.name);
        if (changes.contains(name))
            details.*field.member = changes[name];
    }
    if (changes.contains(u"tags"_s))
        details.tags = tagsFrom(changes[u"tags"_s]);
    if (Status set = setFields(fields, &details.fields); !set)
        return set;
    if (changes.contains(u"sample"_s)) {
        if (Status known = resolveSample(&details, data.connection(), data.session()); !known)
            return known;
    }
    return ScanRepository(data.connection())
        .editDetails(data.session(), scan.uid, details, scan.revision);
}

Status change(StationData &data, const QString &verb, const ScanRecord &scan,
              const QMap<QString, QString> &changes, const QStringList &fields)
{
    ScanRepository repository(data.connection());
    if (verb == u"edit")
        return edit(data, scan, changes, fields);
    if (verb == u"close")
        return repository.closeInterrupted(data.session(), scan.uid,
                                           tr("closed by %1").arg(data.session().user));
    return repository.setTrashed(data.session(), scan.uid, verb == u"trash");
}

int changeScan(const Invocation &invocation, const Station &station, const QString &verb)
{
    const QStringList arguments = invocation.arguments().mid(1);
    const bool isEdit = verb == u"edit";
    if (arguments.isEmpty() || (!isEdit && arguments.size() != 1))
        return invocation.usage(tr("Give one scan: its id, its uid or the beginning of its uid."));
    QStringList assignments = arguments.mid(1);
    const QStringList fields = takeOwnFields(&assignments);
    const auto changes = readAssignments(assignments, fieldNames());
    if (!changes)
        return invocation.fail(changes.error());
    if (isEdit && changes.value().isEmpty() && fields.isEmpty())
        return invocation.usage(tr("Say what to change, as field=value."));
    auto data = verb == u"close" ? station.openAndRecover() : station.openData();
    if (!data)
        return invocation.fail(data.error());
    ScanRepository repository(data.value()->connection());
    const Session &session = data.value()->session();
    const auto scan = repository.find(session, arguments.first());
    if (!scan)
        return invocation.fail(scan.error());
    if (const Status done = change(*data.value(), verb, scan.value(), changes.value(), fields);
        !done)
        return invocation.fail(done.error());
    const auto after = repository.find(session, scan.value().scanId);
    if (!after)
        return invocation.fail(after.error());
    if (invocation.isJson)
        invocation.printJson({{u"scan"_s, after.value().toJson()}});
    else
        invocation.print(
            u"%1  %2%3"_s.arg(after.value().scanId, scanStateName(after.value().state),
                              after.value().isTrashed ? tr(", in the trash") : QString()));
    return kDone;
}

int scans(const Invocation &invocation)
{
    const QStringList verbs{u"list"_s, u"edit"_s, u"close"_s, u"trash"_s, u"restore"_s};
    const QString verb = invocation.arguments().value(0, u"list"_s);
    if (!verbs.contains(verb))
        return invocation.usage(tr("\"%1\" is nothing that can be done to scans. %2")
                                    .arg(verb, didYouMean(verb, verbs)));
    if (verb == u"list" && invocation.arguments().size() > 1)
        return invocation.usage(tr("The list is narrowed by options, e.g. --search TEXT."));
    const Station station(invocation);
    return verb == u"list" ? list(invocation, station) : changeScan(invocation, station, verb);
}

} // namespace

Command scansCommand()
{
    return {.name = u"scans"_s,
            .summary = tr("List stored scans, newest first; edit, close, trash or restore one."),
            .synopsis =
                u"[list | edit SCAN FIELD=VALUE… | close SCAN | trash SCAN | restore SCAN]"_s,
            .help = tr("edit changes %1 (tags separated by commas), and fields of "
                       "your own as field.NAME=TEXT. close gives up continuing an "
                       "interrupted scan; its rows stay. Times are UTC.")
                        .arg(fieldNames().join(u", "_s)),
            .options = {{u"sample"_s, tr("Only of this sample: its id, uid or name."), u"S"_s},
                        {u"project"_s, tr("Only of this project."), u"P"_s},
                        {u"status"_s, tr("Only in this state; may be given several times."),
                         u"STATE"_s},
                        {u"active"_s, tr("Only queued, running and paused ones.")},
                        {u"since"_s, tr("Only started at this time or later."), u"TIME"_s},
                        {u"search"_s,
                         tr("Only with every word of this in id, name, title, comment, operator, "
                            "sample, project or a field of your own."),
                         u"TEXT"_s},
                        {u"trashed"_s, tr("Also what is in the trash.")},
                        {u"page"_s, tr("Which page, from 1."), u"N"_s},
                        {u"per-page"_s, tr("Scans of a page."), u"N"_s},
                        {u"anchor"_s,
                         tr("The anchor of the first page: newer scans do not shift this one."),
                         u"ANCHOR"_s}},
            .run = scans};
}

} // namespace birch::cli
