#include "app/cli/assignments.h"
#include "app/cli/commands.h"
#include "app/cli/station_setup.h"
#include "core/plan/did_you_mean.h"
#include "core/store/entity/entity_repository.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QStringList fieldNames(const EntitySpec &spec)
{
    QStringList names;
    for (const EntityField &field : spec.fields)
        names << field.name;
    return names;
}

/// Values as the repository takes them. A JSON field that is typed as words is a list of them:
/// tags=a,b.
QVariantMap valuesFrom(const EntitySpec &spec, const QMap<QString, QString> &assignments)
{
    QVariantMap values;
    for (auto it = assignments.begin(); it != assignments.end(); ++it) {
        const QString text = it.value().trimmed();
        const bool isWords = spec.field(it.key())->type == EntityFieldType::Json &&
                             !text.isEmpty() && !text.startsWith(u'[') && !text.startsWith(u'{');
        if (!isWords) {
            values.insert(it.key(), it.value());
            continue;
        }
        QJsonArray words;
        for (const QString &word : text.split(u',', Qt::SkipEmptyParts))
            words.append(word.trimmed());
        values.insert(it.key(), QVariant(QJsonValue(words)));
    }
    return values;
}

int printRecord(const Invocation &invocation, const EntitySpec &spec,
                const Result<EntityRecord> &record)
{
    if (!record)
        return invocation.fail(record.error());
    const QJsonObject json = record.value().toJson(spec);
    if (invocation.isJson) {
        invocation.printJson({{spec.table.chopped(1), json}}); // "sample"; the label is translated
        return kDone;
    }
    for (const EntityField &field : spec.fields) {
        const QJsonValue value = json.value(field.name);
        const QString text =
            value.isArray() || value.isObject()
                ? QString::fromUtf8(
                      QJsonDocument::fromVariant(value.toVariant()).toJson(QJsonDocument::Compact))
                : value.toVariant().toString();
        if (!text.isEmpty())
            invocation.print(u"%1  %2"_s.arg(field.name, -14).arg(text));
    }
    if (record.value().trashedUs)
        invocation.print(tr("It is in the trash."));
    return kDone;
}

Result<EntityFilter> filterFrom(const Invocation &invocation, const EntitySpec &spec,
                                qint64 perPage)
{
    EntityFilter filter;
    const auto equal = readAssignments(invocation.arguments().mid(1), fieldNames(spec));
    if (!equal)
        return equal.error();
    filter.equal = equal.value();
    filter.search = invocation.value(u"search"_s);
    filter.isTrashIncluded = invocation.isSet(u"trashed"_s);
    filter.perPage = int(perPage);
    for (const auto &[option, number] :
         {std::pair(u"page"_s, &filter.page), std::pair(u"per-page"_s, &filter.perPage)}) {
        bool isNumber = true;
        if (invocation.isSet(option))
            *number = invocation.value(option).toInt(&isNumber);
        if (!isNumber || *number < 1)
            return Error{ErrorCode::BadInput, tr("--%1 takes a whole number from 1, not \"%2\".")
                                                  .arg(option, invocation.value(option))};
    }
    return filter;
}

int list(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    if (const auto asked = filterFrom(invocation, spec, 1); !asked)
        return invocation.fail(asked.error());
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const qint64 pageSize = data.value()->settings().integer(Setting::PageSize);
    const auto page =
        EntityRepository(data.value()->connection(), spec)
            .list(data.value()->session(), filterFrom(invocation, spec, pageSize).value());
    if (!page)
        return invocation.fail(page.error());
    if (invocation.isJson) {
        invocation.printJson(page.value().toJson(spec));
        return kDone;
    }
    for (const EntityRecord &record : page.value().records) {
        QStringList cells{record.text(spec.humanId).leftJustified(16)};
        for (const QString &field : {u"name"_s, u"material"_s, u"code"_s, u"status"_s}) {
            if (field != spec.humanId && spec.field(field))
                cells << record.text(field).leftJustified(20);
        }
        invocation.print(cells.join(u"  "_s).trimmed());
    }
    invocation.print(tr("%1 altogether").arg(page.value().total));
    return kDone;
}

int add(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    const auto assignments = readAssignments(invocation.arguments().mid(1), fieldNames(spec));
    if (!assignments)
        return invocation.fail(assignments.error());
    if (assignments.value().isEmpty())
        return invocation.usage(tr("Give its fields as field=value, e.g. name=\"…\"."));
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    return printRecord(invocation, spec,
                       EntityRepository(data.value()->connection(), spec)
                           .insert(data.value()->session(), valuesFrom(spec, assignments.value())));
}

Result<EntityRecord> change(EntityRepository &repository, const Session &session,
                            const QString &verb, const QString &key, const QVariantMap &changes)
{
    if (verb == u"trash" || verb == u"restore")
        return repository.setTrashed(session, key, verb == u"trash");
    auto found = repository.find(session, key);
    if (!found || verb == u"show")
        return found;
    return repository.update(session, found.value().uid, changes, found.value().revision);
}

int one(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    const QStringList arguments = invocation.arguments();
    const QString verb = arguments.first();
    const bool isEdit = verb == u"edit";
    if (arguments.size() < 2 || (!isEdit && arguments.size() > 2))
        return invocation.usage(
            tr("Give one %1: its id, its uid or the beginning of its uid.").arg(spec.label));
    const auto assignments = readAssignments(arguments.mid(2), fieldNames(spec));
    if (!assignments)
        return invocation.fail(assignments.error());
    if (isEdit && assignments.value().isEmpty())
        return invocation.usage(tr("Say what to change, as field=value."));
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    EntityRepository repository(data.value()->connection(), spec);
    return printRecord(invocation, spec,
                       change(repository, data.value()->session(), verb, arguments[1],
                              valuesFrom(spec, assignments.value())));
}

int entities(const Invocation &invocation, const EntitySpec &spec)
{
    const QStringList verbs{u"list"_s, u"show"_s, u"add"_s, u"edit"_s, u"trash"_s, u"restore"_s};
    const QString verb = invocation.arguments().value(0);
    if (!verbs.contains(verb))
        return invocation.usage(
            verb.isEmpty()
                ? tr("Say %1.").arg(verbs.join(u", "_s))
                : tr("\"%1\" is nothing that can be done. %2").arg(verb, didYouMean(verb, verbs)));
    const Station station(invocation);
    if (verb == u"list")
        return list(invocation, station, spec);
    if (verb == u"add")
        return add(invocation, station, spec);
    return one(invocation, station, spec);
}

} // namespace

std::vector<Command> entityCommands()
{
    std::vector<Command> commands;
    for (const EntitySpec &spec : {sampleSpec(), labSpec(), projectSpec()}) {
        commands.push_back(
            {.name = spec.table,
             .summary = tr("List, show, add, edit, trash or restore %1.").arg(spec.table),
             .synopsis =
                 u"list [FIELD=VALUE…] | show ID | add FIELD=VALUE… | edit ID FIELD=VALUE… | "
                 "trash ID | restore ID"_s,
             .help = tr("ID is %1, the uid or the beginning of the uid. Fields: %2.")
                         .arg(spec.humanId, fieldNames(spec).join(u", "_s)),
             .options = {{u"search"_s, tr("list: only with every word of this."), u"TEXT"_s},
                         {u"trashed"_s, tr("list: also what is in the trash.")},
                         {u"page"_s, tr("list: which page, from 1."), u"N"_s},
                         {u"per-page"_s, tr("list: rows of a page."), u"N"_s}},
             .run = [spec](const Invocation &invocation) { return entities(invocation, spec); }});
    }
    return commands;
}

} // namespace birch::cli
