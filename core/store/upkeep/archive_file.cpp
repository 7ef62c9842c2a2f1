#include "core/store/upkeep/archive_file.h"

#include "core/base/id.h"
#include "core/store/store_time.h"
#include "core/store/upkeep/row_walk.h"
#include "core/store/upkeep/row_writer.h"
#include "core/store/write_transaction.h"

#include <map>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Puts rows into the archive's tables. Rows of the registry wait: theirs are the triggers that
/// count and index, and those shall fire.
class ArchiveSink
{
public:
    ArchiveSink(Connection &archive, const TableCatalogue &catalogue)
        : m_archive(archive)
        , m_catalogue(catalogue)
    {
    }

    Status take(const CatalogueTable &table, const Row &row)
    {
        if (table.name == QStringView(upkeep::kRegistry)) {
            m_registryColumns = table.columns;
            m_registry.push_back(row);
            return ok();
        }
        return write(table, table.columns, row);
    }

    Status writeRegistry()
    {
        m_writers.clear(); // they were prepared without triggers
        if (Status on = setRulesActive(m_archive, m_catalogue, true); !on)
            return on;
        const CatalogueTable *table = m_catalogue.find(QString::fromUtf16(upkeep::kRegistry));
        for (const Row &row : m_registry) {
            if (Status written = write(*table, m_registryColumns, row); !written)
                return written;
        }
        m_writers.clear();
        return setRulesActive(m_archive, m_catalogue, false);
    }

private:
    Status write(const CatalogueTable &table, const QList<CatalogueColumn> &columns, const Row &row)
    {
        auto found = m_writers.find(table.name);
        if (found == m_writers.end()) {
            CatalogueTable named = table;
            named.columns = columns;
            auto writer = RowWriter::open(m_archive, named);
            if (!writer)
                return writer.error();
            found = m_writers.emplace(table.name, std::move(writer).value()).first;
        }
        return found->second->write(row);
    }

    Connection &m_archive;
    const TableCatalogue &m_catalogue;
    std::map<QString, std::unique_ptr<RowWriter>> m_writers;
    QList<CatalogueColumn> m_registryColumns;
    std::vector<Row> m_registry;
};

/// A database of its own, that knows where its scans came from.
Status giveIdentity(Connection &archive, const QString &sourceUid, qint64 defaultLab)
{
    const qint64 now = nowUs();
    if (Status done = archive.execute(
            u"INSERT INTO database_info (id, uid, default_lab_id, created_at) VALUES (1, ?, ?, ?)"_s,
            {uidText(newUid()), defaultLab, now});
        !done)
        return done;
    return archive.execute(u"INSERT INTO settings (scope, name, value, updated_at, updated_by) "
                           "VALUES ('archive', 'source_uid', ?, ?, 'birch')"_s,
                           {sourceUid, now});
}

Status fill(Connection &source, const TableCatalogue &catalogue, ArchiveSink &sink,
            const QList<qint64> &scans, qint64 defaultLab)
{
    RowWalk walk(source, catalogue, [&sink](const CatalogueTable &table, const Row &row) {
        return sink.take(table, row);
    });
    for (const qint64 scan : scans) {
        if (Status taken = walk.withParts(u"scans"_s, scan); !taken)
            return taken;
    }
    if (Status needed = walk.whatTheyNeed(); !needed)
        return needed;
    if (Status lab = walk.theRow(u"labs"_s, defaultLab); !lab)
        return lab;
    return walk.whatTheyNeed();
}
} // namespace

Status writeArchive(Connection &source, const TableCatalogue &catalogue, const QString &file,
                    const QString &sourceUid, const QList<qint64> &scans)
{
    const auto lab = source.firstRow(u"SELECT default_lab_id FROM database_info"_s);
    if (!lab)
        return lab.error();
    const qint64 defaultLab = lab.value()->first().toLongLong();
    // What an earlier call left unfinished is begun anew: nothing was removed for it yet.
    auto target = CopyTarget::open(DatabaseUrl::sqliteFile(file), sourceUid,
                                   {.userName = u"birch"_s, .mayRestart = true});
    if (!target)
        return target.error();
    Connection &archive = target.value().connection();
    ArchiveSink sink(archive, target.value().catalogue());
    {
        auto transaction = WriteTransaction::begin(archive, Durability::Relaxed);
        if (!transaction)
            return transaction.error();
        if (Status filled = fill(source, catalogue, sink, scans, defaultLab); !filled)
            return filled;
        if (Status done = sink.writeRegistry(); !done)
            return done;
        if (Status done = transaction.value().commit(); !done)
            return done;
    }
    return target.value().finish([&] { return giveIdentity(archive, sourceUid, defaultLab); });
}

Result<QString> archivedFrom(Connection &archive)
{
    const auto row = archive.firstRow(
        u"SELECT value FROM settings WHERE scope = 'archive' AND name = 'source_uid'"_s);
    if (!row)
        return row.error();
    return row.value() ? row.value()->first().toString() : QString();
}

} // namespace birch
