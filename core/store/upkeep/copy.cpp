#include "core/store/upkeep/copy.h"

#include "core/store/upkeep/copy_target.h"
#include "core/store/upkeep/row_reader.h"
#include "core/store/upkeep/row_writer.h"
#include "core/store/upkeep/server_session.h"
#include "core/store/upkeep/table_match.h"
#include "core/store/write_transaction.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr char16_t kIdentityTable[] = u"database_info";
constexpr qint64 kBatchRows = 4096;
constexpr qint64 kBatchBytes = 4 << 20;

QString tr(const char *text)
{
    return QCoreApplication::translate("Copy", text);
}

qint64 sizeOf(const Row &row)
{
    qint64 bytes = 0;
    for (const Cell &cell : row)
        bytes += 16 + cell.bytes.size();
    return bytes;
}

/// One table, batch after batch, each with its progress in one transaction.
class TableCopy
{
public:
    TableCopy(Connection &source, CopyTarget &target, const CatalogueTable &from, CatalogueTable to)
        : m_source(source)
        , m_target(target)
        , m_from(from)
        , m_to(std::move(to))
        , m_types(commonTypes(m_from, m_to))
    {
    }

    /// Of a target that is complete.
    Result<TableDigest> compareWhole()
    {
        const auto now = digestTable(m_source, m_from, m_types);
        if (!now)
            return now;
        if (Status same = compare(now.value(), false); !same)
            return same.error();
        return now;
    }

    Result<TableDigest> run(const CopyOptions &options)
    {
        auto progress = m_target.state().progress(m_from);
        if (!progress)
            return progress.error();
        m_progress = std::move(progress).value();
        if (m_progress.isDone)
            return m_progress.digest;
        const Status read = readRows(m_source, m_from, rest(), [&](const Row &row) {
            m_bytes += sizeOf(row);
            m_batch.push_back(row);
            const bool isFull = qint64(m_batch.size()) >= kBatchRows || m_bytes >= kBatchBytes;
            return isFull && canResume() ? flush(options, false) : ok();
        });
        if (!read)
            return read.error();
        if (Status flushed = flush(options, true); !flushed)
            return flushed.error();
        return m_progress.digest;
    }

    Status compare(const TableDigest &copied, bool wasResumed)
    {
        const auto stored = digestTable(m_target.connection(), m_to, m_types);
        if (!stored)
            return stored.error();
        if (stored.value() != copied)
            return Error{ErrorCode::Storage,
                         tr("The copy of table %1 has %2 rows that are not those of the source "
                            "(%3): check the disks, then copy again with --restart")
                             .arg(m_from.name)
                             .arg(stored.value().rows())
                             .arg(copied.rows())};
        if (!wasResumed)
            return ok();
        const auto now = digestTable(m_source, m_from, m_types);
        if (!now)
            return now.error();
        if (now.value() == copied)
            return ok();
        return Error{ErrorCode::Conflict, tr("Table %1 of the source was changed since the copy "
                                             "was begun: copy again with --restart")
                                              .arg(m_from.name)};
    }

private:
    bool canResume() const { return !m_from.primaryKey.isEmpty(); }

    RowFilter rest() const
    {
        RowFilter filter{.byKey = true};
        if (m_progress.lastKey.empty())
            return filter;
        const QString marks = QStringList(m_from.primaryKey.size(), u"?"_s).join(u", "_s);
        filter.where = u"(%1) > (%2)"_s.arg(quotedNames(m_from.primaryKey), marks);
        filter.values = QList<Cell>(m_progress.lastKey.begin(), m_progress.lastKey.end());
        return filter;
    }

    Status flush(const CopyOptions &options, bool isLast)
    {
        if (options.stop.stop_requested())
            return Error{ErrorCode::Cancelled,
                         tr("The copy was stopped: run it again to go on where it was")};
        Connection &target = m_target.connection();
        auto transaction = WriteTransaction::begin(target, Durability::Relaxed);
        if (!transaction)
            return transaction.error();
        if (Status written = writeBatch(); !written)
            return written;
        m_progress.isDone = isLast;
        if (Status saved = m_target.state().save(m_from, m_progress); !saved)
            return saved;
        if (Status done = transaction.value().commit(); !done)
            return done;
        m_batch.clear();
        m_bytes = 0;
        if (options.progress)
            options.progress(m_from.name, m_progress.digest.rows());
        return ok();
    }

    Status writeBatch()
    {
        if (m_batch.empty())
            return ok();
        auto writer = RowWriter::open(m_target.connection(), m_to);
        if (!writer)
            return writer.error();
        for (const Row &row : m_batch) {
            if (Status written = writer.value()->write(row); !written)
                return written;
            m_progress.digest.add(row, m_types);
        }
        m_progress.lastKey.clear();
        for (const QString &column : m_from.primaryKey)
            m_progress.lastKey.push_back(m_batch.back()[size_t(m_from.indexOf(column))]);
        return writer.value()->finish();
    }

    Connection &m_source;
    CopyTarget &m_target;
    const CatalogueTable &m_from;
    CatalogueTable m_to;
    QList<CellType> m_types;
    CopyState::Progress m_progress;
    std::vector<Row> m_batch;
    qint64 m_bytes = 0;
};

class Copy
{
public:
    Copy(Connection &source, const TableCatalogue &catalogue, CopyTarget &target,
         const CopyOptions &options)
        : m_source(source)
        , m_catalogue(catalogue)
        , m_target(target)
        , m_options(options)
    {
        m_report.wasResumed = target.wasResumed();
    }

    Result<CopyReport> run()
    {
        if (m_target.isComplete()) {
            for (const CatalogueTable &table : m_catalogue.tables()) {
                if (Status same = copyTable(table); !same)
                    return same.error();
            }
            if (Status named = m_target.giveName(); !named)
                return named.error();
            return m_report;
        }
        for (const CatalogueTable &table : m_catalogue.tables()) {
            if (table.name == QStringView(kIdentityTable))
                continue;
            if (Status copied = copyTable(table); !copied)
                return copied.error();
        }
        // With the identity there the target can be opened: so it comes with everything else that
        // makes it whole.
        const Status finished = m_target.finish([this]() -> Status {
            if (Status numbered = copyNumbers(); !numbered)
                return numbered;
            const CatalogueTable *identity = m_catalogue.find(QString::fromUtf16(kIdentityTable));
            return identity ? copyTable(*identity) : ok();
        });
        if (!finished)
            return finished.error();
        return m_report;
    }

private:
    Status copyTable(const CatalogueTable &table)
    {
        const auto to = matchingTable(m_target.catalogue(), table);
        if (!to)
            return to.error();
        TableCopy copy(m_source, m_target, table, to.value());
        const auto copied = m_target.isComplete() ? copy.compareWhole() : copy.run(m_options);
        if (!copied)
            return copied.error();
        if (!m_target.isComplete()) {
            if (Status same = copy.compare(copied.value(), m_target.wasResumed()); !same)
                return same;
        }
        m_report.tables.append({table.name, copied.value().rows(), copied.value().text()});
        return ok();
    }

    Status copyNumbers()
    {
        for (const CatalogueTable &table : m_catalogue.tables()) {
            const auto number = lastNumber(m_source, table);
            if (!number)
                return number.error();
            const auto to = matchingTable(m_target.catalogue(), table);
            if (!to)
                return to.error();
            if (Status set = setLastNumber(m_target.connection(), to.value(), number.value()); !set)
                return set;
        }
        return ok();
    }

    Connection &m_source;
    const TableCatalogue &m_catalogue;
    CopyTarget &m_target;
    const CopyOptions &m_options;
    CopyReport m_report;
};
} // namespace

QJsonObject CopyReport::toJson() const
{
    QJsonArray list;
    for (const Table &table : tables)
        list.append(QJsonObject{
            {u"name"_s, table.name}, {u"rows"_s, table.rows}, {u"digest"_s, table.digest}});
    return {{u"tables"_s, list}, {u"resumed"_s, wasResumed}};
}

Result<CopyReport> copyDatabase(const DatabaseUrl &from, const DatabaseUrl &to,
                                const CopyOptions &options)
{
    if (from == to)
        return Error{ErrorCode::BadInput,
                     tr("Source and target are both %1: name two databases").arg(from.text())};
    auto source = ExclusiveDatabase::openCurrent(from);
    if (!source)
        return source.error();
    Connection &connection = *source.value().connection;
    if (from.engine() == Engine::Postgres) {
        if (Status set = connection.script(u"SET row_security = off"_s); !set)
            return set.error();
    }
    const auto uid = connection.firstRow(u"SELECT uid FROM database_info"_s);
    if (!uid)
        return uid.error();
    if (!uid.value())
        return Error{ErrorCode::Storage,
                     tr("%1 has lost its identity: restore a backup").arg(from.text())};
    const auto catalogue = TableCatalogue::read(connection);
    if (!catalogue)
        return catalogue.error();
    auto target = CopyTarget::open(to, uid.value()->first().toString(), options);
    if (!target)
        return target.error();
    return Copy(connection, catalogue.value(), target.value(), options).run();
}

} // namespace birch
