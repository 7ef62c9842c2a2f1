#include "core/store/upkeep/archive.h"

#include "core/store/exclusive_database.h"
#include "core/store/scan_events.h"
#include "core/store/session.h"
#include "core/store/upkeep/archive_file.h"
#include "core/store/upkeep/row_walk.h"
#include "core/store/upkeep/sqlite_check.h"
#include "core/store/write_transaction.h"

#include <QFileInfo>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Archive", text);
}

using RowDigests = QMap<QString, TableDigest>;

/// Of a scan and everything that goes with it; texts as JSON, because one side may not say so.
Result<RowDigests> digestsOf(Connection &connection, const TableCatalogue &catalogue, qint64 scan)
{
    RowDigests digests;
    RowWalk walk(connection, catalogue, [&digests](const CatalogueTable &table, const Row &row) {
        QList<CellType> types = table.columnTypes();
        std::ranges::replace(types, CellType::Text, CellType::Json);
        digests[table.name].add(row, types);
        return ok();
    });
    if (Status walked = walk.withParts(u"scans"_s, scan); !walked)
        return walked.error();
    return digests;
}

class Archiving
{
public:
    Archiving(Connection &source, const TableCatalogue &catalogue, Session session,
              const QString &file)
        : m_source(source)
        , m_catalogue(catalogue)
        , m_session(std::move(session))
        , m_file(file)
    {
        m_report.path = QFileInfo(file).absoluteFilePath();
    }

    Result<ArchiveReport> run(qint64 beforeUs)
    {
        const auto uid = m_source.firstRow(u"SELECT uid FROM database_info"_s);
        if (!uid)
            return uid.error();
        const QString sourceUid = uid.value()->first().toString();
        m_report.wasFinished = QFileInfo(m_file).size() > 0;
        if (!m_report.wasFinished) {
            const auto scans = oldScans(beforeUs);
            if (!scans)
                return scans.error();
            if (scans.value().isEmpty())
                return Error{ErrorCode::NotFound,
                             tr("No scan that ended so early can be moved%1")
                                 .arg(m_report.kept.isEmpty()
                                          ? QString()
                                          : u": "_s + m_report.kept.join(u"; "_s))};
            if (Status written =
                    writeArchive(m_source, m_catalogue, m_file, sourceUid, scans.value());
                !written)
                return written.error();
        }
        if (Status removed = removeArchived(sourceUid); !removed)
            return removed.error();
        return m_report;
    }

private:
    Result<QList<qint64>> oldScans(qint64 beforeUs)
    {
        QList<qint64> scans;
        const Status read = m_source.select(
            u"SELECT id FROM scans WHERE state IN ('completed', 'aborted', 'failed') "
            "AND ended_at < ? ORDER BY id"_s,
            {beforeUs}, [&scans](const SqlRow &row) { scans << row.integer(0); });
        if (!read)
            return read.error();
        for (const CatalogueTable &table : m_catalogue.tables()) {
            for (const CatalogueReference &reference : table.references) {
                if (reference.parent != u"scans"_s || reference.onDelete != DeleteRule::Restrict)
                    continue;
                if (Status left = leaveOut(table.name, reference.columns.first(), &scans); !left)
                    return left.error();
            }
        }
        return scans;
    }

    Status leaveOut(const QString &table, const QString &column, QList<qint64> *scans)
    {
        QSet<qint64> needed;
        const Status read =
            m_source.select(u"SELECT DISTINCT %1 FROM %2 WHERE %1 IS NOT NULL"_s.arg(
                                quotedName(column), quotedName(table)),
                            {}, [&needed](const SqlRow &row) { needed.insert(row.integer(0)); });
        if (!read)
            return read;
        const auto left = scans->removeIf([&needed](qint64 scan) { return needed.contains(scan); });
        if (left > 0)
            m_report.kept << tr("%1 scans stay because rows of %2 need them").arg(left).arg(table);
        return ok();
    }

    Status removeArchived(const QString &sourceUid)
    {
        if (const auto checked = checkSqliteFile(m_file); !checked)
            return checked.error();
        const auto opened = ExclusiveDatabase::openCurrent(DatabaseUrl::sqliteFile(m_file));
        if (!opened)
            return opened.error();
        Connection &archive = *opened.value().connection;
        const auto from = archivedFrom(archive);
        if (!from)
            return from.error();
        if (from.value() != sourceUid)
            return Error{ErrorCode::Conflict,
                         tr("%1 exists and is no archive of this database: choose another name")
                             .arg(m_file)};
        const auto catalogue = TableCatalogue::read(archive);
        if (!catalogue)
            return catalogue.error();
        QList<std::pair<qint64, QString>> scans;
        const Status read = archive.select(u"SELECT id, uid FROM scans ORDER BY id"_s, {},
                                           [&scans](const SqlRow &row) {
                                               scans.append({row.integer(0), row.text(1)});
                                           });
        if (!read)
            return read;
        for (const auto &[id, uid] : scans) {
            if (Status removed = removeScan(archive, catalogue.value(), id, uid); !removed)
                return removed;
        }
        return ok();
    }

    Status removeScan(Connection &archive, const TableCatalogue &archived, qint64 id,
                      const QString &uid)
    {
        const auto there =
            m_source.firstRow(u"SELECT 1 FROM scans WHERE id = ? AND uid = ?"_s, {id, uid});
        if (!there)
            return there.error();
        if (!there.value())
            return ok(); // removed before a kill
        const auto kept = digestsOf(archive, archived, id);
        if (!kept)
            return kept.error();
        const auto own = digestsOf(m_source, m_catalogue, id);
        if (!own)
            return own.error();
        if (kept.value() != own.value()) {
            m_report.kept << tr("Scan %1 stays: it was changed since it was archived").arg(uid);
            return ok();
        }
        auto transaction = WriteTransaction::begin(m_source);
        if (!transaction)
            return transaction.error();
        const auto scan = scanIdentity(m_source, QUuid::fromString(uid));
        if (!scan)
            return scan.error();
        if (Status removed = m_source.execute(u"DELETE FROM scans WHERE id = ?"_s, {id}); !removed)
            return removed;
        if (Status told = auditScan(m_source, m_session, scan.value(), EventAction::Archived,
                                    {{u"file"_s, m_report.path}});
            !told)
            return told;
        if (Status done = transaction.value().commit(); !done)
            return done;
        ++m_report.scans;
        return ok();
    }

    Connection &m_source;
    const TableCatalogue &m_catalogue;
    Session m_session;
    QString m_file;
    ArchiveReport m_report;
};
} // namespace

QJsonObject ArchiveReport::toJson() const
{
    return {{u"file"_s, path},
            {u"scans"_s, scans},
            {u"finished_earlier"_s, wasFinished},
            {u"kept"_s, QJsonArray::fromStringList(kept)}};
}

Result<ArchiveReport> archiveScans(std::unique_ptr<Database> database, const QString &file,
                                   const ArchiveOptions &options)
{
    const auto taken = ExclusiveDatabase::takeOver(std::move(database));
    if (!taken)
        return taken.error();
    Connection &connection = *taken.value().connection;
    const auto session = openSession(connection, options.userName);
    if (!session)
        return session.error();
    if (Status may = session.value().mayAdminister(); !may)
        return may.error();
    if (connection.dialect().isPostgres()) {
        if (Status set = connection.script(u"SET row_security = off"_s); !set)
            return set.error();
    }
    const auto catalogue = TableCatalogue::read(connection);
    if (!catalogue)
        return catalogue.error();
    return Archiving(connection, catalogue.value(), session.value(), file).run(options.beforeUs);
}

} // namespace birch
