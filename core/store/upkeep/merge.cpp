#include "core/store/upkeep/merge.h"

#include "core/store/event_log.h"
#include "core/store/exclusive_database.h"
#include "core/store/search/search_rebuild.h"
#include "core/store/upkeep/bulk_load.h"
#include "core/store/upkeep/merge_compare.h"
#include "core/store/upkeep/row_writer.h"
#include "core/store/upkeep/server_session.h"
#include "core/store/upkeep/table_match.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Merge", text);
}

/// Its rows would go on growing in a database that nobody records into.
Status noScanIsRunning(Connection &source, const DatabaseUrl &url)
{
    const auto running =
        source.firstRow(u"SELECT scan_id FROM scans WHERE state IN ('queued', 'running', 'paused') "
                        "ORDER BY scan_id LIMIT 1"_s);
    if (!running)
        return running.error();
    if (!running.value())
        return ok();
    return Error{ErrorCode::Conflict,
                 tr("The scan %1 of %2 is not over: run birchctl resume --database %2 on its "
                    "station first")
                     .arg(running.value()->first().toString(), url.text())};
}

Status seeEverything(Connection &connection)
{
    return connection.dialect().isPostgres() ? connection.script(u"SET row_security = off"_s)
                                             : ok();
}

class Merge
{
public:
    Merge(Connection &source, const TableCatalogue &catalogue, Connection &target,
          const TableCatalogue &targetCatalogue)
        : m_source(source)
        , m_catalogue(catalogue)
        , m_target(target)
        , m_targetCatalogue(targetCatalogue)
        , m_map(source, catalogue, target, targetCatalogue, m_report)
    {
    }

    Result<MergeReport> run(const Session &session, const QString &sourceUid)
    {
        auto transaction = WriteTransaction::begin(m_target);
        if (!transaction)
            return transaction.error();
        if (Status mapped = m_map.build(); !mapped)
            return mapped.error();
        if (Status compared =
                compareKnown(m_source, m_catalogue, m_target, m_targetCatalogue, m_map, &m_report);
            !compared)
            return compared.error();
        if (Status added = addRows(); !added)
            return added.error();
        if (m_report.added.isEmpty())
            return m_report;
        if (Status noted = note(session, sourceUid); !noted)
            return noted.error();
        if (Status done = transaction.value().commit(); !done)
            return done.error();
        return m_report;
    }

private:
    Status addRows()
    {
        const auto references = removeReferences(m_target);
        if (!references)
            return references.error();
        const bool isPostgres = m_target.dialect().isPostgres();
        if (isPostgres) {
            if (Status off = setRulesActive(m_target, m_targetCatalogue, false); !off)
                return off;
        }
        for (const CatalogueTable &table : m_catalogue.tables()) {
            if (upkeep::isLeftOutOfMerges(table.name))
                continue;
            if (Status added = addTable(table); !added)
                return added;
        }
        if (Status keyed = mergeSettings(m_source, m_target, &m_report); !keyed)
            return keyed;
        if (Status counted = raiseCounters(m_source, m_target, &m_report); !counted)
            return counted;
        if (m_report.added.isEmpty())
            return ok();
        if (Status rebuilt = rebuildSearch(m_target); !rebuilt)
            return rebuilt;
        if (Status derived = rebuildDerived(m_target); !derived)
            return derived;
        if (isPostgres) {
            if (Status on = setRulesActive(m_target, m_targetCatalogue, true); !on)
                return on;
        }
        if (Status added = addReferences(m_target, references.value()); !added)
            return added;
        return checkReferences(m_target);
    }

    Status addTable(const CatalogueTable &table)
    {
        const auto to = matchingTable(m_targetCatalogue, table);
        if (!to)
            return to.error();
        auto writer = RowWriter::open(m_target, to.value());
        if (!writer)
            return writer.error();
        qint64 rows = 0;
        const Status read = readRows(m_source, table, {}, [&](const Row &row) {
            const auto placed = m_map.translated(table, row);
            if (!placed)
                return ok();
            ++rows;
            return writer.value()->write(*placed);
        });
        if (!read)
            return read;
        if (Status finished = writer.value()->finish(); !finished)
            return finished;
        if (rows == 0)
            return ok();
        m_report.added.insert(table.name, rows);
        return table.identity() ? setLastNumber(m_target, to.value(), 0) : ok();
    }

    Status note(const Session &session, const QString &sourceUid)
    {
        QJsonObject counts;
        for (auto it = m_report.added.begin(); it != m_report.added.end(); ++it)
            counts.insert(it.key(), it.value());
        return EventLog(m_target).record(
            session,
            {.action = EventAction::Merged,
             .kind = u"databases"_s,
             .objectUid = sourceUid,
             .changes = {{u"counts"_s, counts}, {u"conflicts"_s, m_report.conflictCount}}});
    }

    Connection &m_source;
    const TableCatalogue &m_catalogue;
    Connection &m_target;
    const TableCatalogue &m_targetCatalogue;
    MergeReport m_report;
    MergeMap m_map;
};
} // namespace

Result<MergeReport> mergeDatabase(const DatabaseUrl &from, std::unique_ptr<Database> to,
                                  const MergeOptions &options)
{
    if (from == to->url())
        return Error{ErrorCode::BadInput,
                     tr("Source and target are both %1: name two databases").arg(from.text())};
    const auto source = ExclusiveDatabase::openCurrent(from);
    if (!source)
        return source.error();
    const auto target = ExclusiveDatabase::takeOver(std::move(to));
    if (!target)
        return target.error();
    Connection &there = *source.value().connection;
    Connection &here = *target.value().connection;
    const auto session = openSession(here, options.userName);
    if (!session)
        return session.error();
    if (Status may = session.value().mayAdminister(); !may)
        return may.error();
    for (Connection *connection : {&there, &here}) {
        if (Status seen = seeEverything(*connection); !seen)
            return seen.error();
    }
    if (Status over = noScanIsRunning(there, from); !over)
        return over.error();
    const auto uid = there.firstRow(u"SELECT uid FROM database_info"_s);
    const auto catalogue = TableCatalogue::read(there);
    const auto targetCatalogue = TableCatalogue::read(here);
    if (!uid || !catalogue || !targetCatalogue)
        return !uid ? uid.error() : !catalogue ? catalogue.error() : targetCatalogue.error();
    const bool isSqlite = !here.dialect().isPostgres();
    if (isSqlite) { // for this connection, which ends here
        if (Status off = setRulesActive(here, targetCatalogue.value(), false); !off)
            return off.error();
    }
    return Merge(there, catalogue.value(), here, targetCatalogue.value())
        .run(session.value(), uid.value()->first().toString());
}

} // namespace birch
