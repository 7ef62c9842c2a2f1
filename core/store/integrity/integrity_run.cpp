#include "core/store/integrity/integrity_run.h"

#include "core/store/integrity/integrity_check.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Integrity", text);
}

Result<QList<IntegrityCheck>> chosenChecks(const QStringList &names)
{
    const QList<IntegrityCheck> all = integrityChecks();
    if (names.isEmpty())
        return all;
    QList<IntegrityCheck> chosen;
    for (const QString &name : names) {
        const auto found = std::ranges::find(all, name, &IntegrityCheck::name);
        if (found == all.end()) {
            QStringList known;
            for (const IntegrityCheck &check : all)
                known << check.name;
            return Error{
                ErrorCode::BadInput,
                tr("There is no check \"%1\": choose of %2").arg(name, known.join(u", "_s))};
        }
        chosen << *found;
    }
    return chosen;
}

/// What this role may not see would look as if it were missing.
Status refuseToSeeLess(Connection &connection)
{
    return connection.dialect().isPostgres() ? connection.script(u"SET row_security = off"_s)
                                             : ok();
}
} // namespace

QList<IntegrityCheck> integrityChecks()
{
    return {
        {u"engine"_s, tr("files and indices of the database engine"), tr("tables"), checkEngine},
        {u"foreign_keys"_s, tr("references between tables"), tr("references"), checkForeignKeys},
        {u"events"_s, tr("the audit log's chains"), tr("events"), checkEvents},
        {u"scans"_s, tr("states and counts of scans and queues"), tr("scans and queues"),
         checkScans},
        {u"chunks"_s, tr("rows of measured data"), tr("chunks"), checkChunks},
        {u"overviews"_s, tr("what charts are drawn from"), tr("overview rows"), checkOverviews},
        {u"objects"_s, tr("the registry of objects"), tr("objects"), checkObjects},
        {u"blobs"_s, tr("attached files against their hashes"), tr("files"), checkBlobs},
        {u"definitions"_s, tr("instrument definitions against their versions"), tr("texts"),
         checkDefinitions}};
}

void IntegrityContext::add(IntegrityFinding finding)
{
    finding.check = m_outcome.name;
    if (m_outcome.findings++ < IntegrityReport::kMaxFindings)
        m_report.findings.append(std::move(finding));
}

void IntegrityContext::progress(qint64 done, qint64 total) const
{
    if (m_options.progress)
        m_options.progress(m_outcome, done, total);
}

Result<IntegrityReport> checkIntegrity(Connection &connection, const IntegrityOptions &options)
{
    const auto checks = chosenChecks(options.checks);
    if (!checks)
        return checks.error();
    if (Status whole = refuseToSeeLess(connection); !whole)
        return whole.error();
    IntegrityReport report;
    for (const IntegrityCheck &check : checks.value()) {
        CheckOutcome outcome{.name = check.name, .title = check.title, .unit = check.unit};
        IntegrityContext context(connection, options, report, outcome);
        QElapsedTimer timer;
        timer.start();
        context.progress(0, 0);
        const Status done = check.run(context);
        if (!done && (done.error().code == ErrorCode::NotConnected ||
                      done.error().code == ErrorCode::Denied))
            return done.error().within(check.title);
        if (!done)
            context.add({.table = check.name,
                         .id = check.title,
                         .what = tr("this could not be looked at to the end"),
                         .found = done.error().message});
        outcome.seconds = double(timer.elapsed()) * 1e-3;
        report.checks.append(outcome);
    }
    return report;
}

} // namespace birch
