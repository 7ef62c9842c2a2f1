#pragma once

#include "core/data/chunk_codec.h"
#include "core/data/run_store.h"

#include <map>
#include <mutex>

namespace birch::test {

/// A database in memory that checks what it is given as the real ones do, and fails on demand.
/// Thread-safe; outlives its connections.
class MemoryDatabase
{
public:
    enum class Fault {
        None,
        Refuse,     ///< error, nothing stored
        LoseAnswer, ///< stored, and yet an error
        Crash       ///< error; what was not durable is gone
    };
    struct Scan {
        OpenedScan opened;
        QList<TableSchema> objects;
        std::vector<std::vector<ColumnValues>> tables;
        std::map<qint64, ScanLogEntry> log;
        std::map<int, ScanTiming> timings; ///< by epoch
        QString reason;
        std::optional<qint64> endedUs;
        QJsonObject endSettings;
        int commits = 0;
        bool wasLastDurable = false;
        qint64 largestCommit = 0; ///< rows
        std::vector<qint64> chunkRows;
    };

    QUuid uid = QUuid::createUuid();

    /// \a fault for the calls after the next \a after ones, \a count times (-1: until changed).
    void setFault(Fault fault, ErrorCode code = ErrorCode::NotConnected, int after = 0,
                  int count = -1)
    {
        const std::lock_guard guard(m_mutex);
        m_fault = fault;
        m_code = code;
        m_after = after;
        m_count = count;
    }
    Scan scan(const QUuid &id) const
    {
        const std::lock_guard guard(m_mutex);
        const auto found = m_scans.find(id);
        return found == m_scans.end() ? Scan{} : found->second;
    }
    bool holds(const QUuid &id) const
    {
        const std::lock_guard guard(m_mutex);
        return m_scans.contains(id);
    }
    int failures() const
    {
        const std::lock_guard guard(m_mutex);
        return m_failures;
    }
    /// A crash: what was not durable is gone.
    void crash()
    {
        const std::lock_guard guard(m_mutex);
        m_scans = m_durable;
    }
    void edit(const QUuid &id, const std::function<void(Scan &)> &change)
    {
        const std::lock_guard guard(m_mutex);
        change(m_scans[id]);
    }

    /// What is durable makes all before it durable.
    template<typename Work>
    auto call(Work work, bool isDurable = true)
        -> decltype(work(std::declval<std::map<QUuid, Scan> &>()))
    {
        const std::lock_guard guard(m_mutex);
        const Fault fault = nextFault();
        const Error error{m_code, QStringLiteral("the test's database is away")};
        if (fault == Fault::Refuse)
            return error;
        if (fault == Fault::Crash) {
            m_scans = m_durable;
            return error;
        }
        auto result = work(m_scans);
        if (isDurable)
            m_durable = m_scans;
        if (fault == Fault::LoseAnswer)
            return error;
        return result;
    }

private:
    Fault nextFault()
    {
        if (m_fault == Fault::None || m_count == 0)
            return Fault::None;
        if (m_after > 0) {
            --m_after;
            return Fault::None;
        }
        if (m_count > 0)
            --m_count;
        ++m_failures;
        return m_fault;
    }

    mutable std::mutex m_mutex;
    std::map<QUuid, Scan> m_scans;
    std::map<QUuid, Scan> m_durable;
    Fault m_fault = Fault::None;
    ErrorCode m_code = ErrorCode::NotConnected;
    int m_after = 0;
    int m_count = -1;
    int m_failures = 0;
};

class MemoryRunStore final : public RunStore
{
public:
    explicit MemoryRunStore(MemoryDatabase &database)
        : m_database(database)
    {
    }

    QUuid databaseUid() const override { return m_database.uid; }

    Result<OpenedScan> createScan(const NewScan &scan) override
    {
        return m_database.call(
            [&](auto &scans) -> Result<OpenedScan> {
                if (const auto found = scans.find(scan.uid);
                    found != scans.end() && found->second.opened.epoch == 1 &&
                    found->second.opened.state == ScanState::Running)
                    return found->second.opened;
                if (scans.contains(scan.uid))
                    return Error{ErrorCode::Conflict, QStringLiteral("exists")};
                MemoryDatabase::Scan entry;
                entry.opened.uid = scan.uid;
                entry.opened.scanId = scan.isLate
                                          ? scan.scanId
                                          : QStringLiteral("TEST-260101-%1").arg(scans.size() + 1);
                entry.opened.databaseUid = m_database.uid;
                entry.opened.rowsStored.resize(scan.objects.size());
                entry.objects = scan.objects;
                for (const TableSchema &schema : scan.objects) {
                    std::vector<ColumnValues> columns;
                    for (const ColumnSpec &column : schema.columns)
                        columns.emplace_back(column.type, column.valuesPerRow());
                    entry.tables.push_back(std::move(columns));
                }
                scans[scan.uid] = entry;
                return entry.opened;
            },
            false);
    }
    Status makeDurable(const QUuid &) override
    {
        return m_database.call([](auto &) -> Status { return ok(); });
    }

    Result<OpenedScan> continueScan(const QUuid &scan) override
    {
        return m_database.call([&](auto &scans) -> Result<OpenedScan> {
            const auto found = scans.find(scan);
            if (found == scans.end())
                return Error{ErrorCode::NotFound, QStringLiteral("no such scan")};
            OpenedScan &opened = found->second.opened;
            if (!isAllowed(opened.state, ScanState::Running) ||
                opened.state != ScanState::Interrupted)
                return Error{ErrorCode::Conflict, QStringLiteral("not interrupted")};
            opened.state = ScanState::Running;
            ++opened.epoch;
            return opened;
        });
    }

    Result<OpenedScan> openForRecovery(const QUuid &scan) override
    {
        return m_database.call([&](auto &scans) -> Result<OpenedScan> {
            const auto found = scans.find(scan);
            if (found == scans.end())
                return Error{ErrorCode::NotFound, QStringLiteral("no such scan")};
            return found->second.opened;
        });
    }

    Status commit(const ScanCommit &commit) override
    {
        return m_database.call(
            [&](auto &scans) -> Status {
                const auto found = scans.find(commit.scan);
                if (found == scans.end())
                    return Error{ErrorCode::NotFound, QStringLiteral("no such scan")};
                return apply(found->second, commit);
            },
            commit.isDurable || commit.state || !commit.log.isEmpty());
    }

    Result<QUuid> createQueue(const QString &, const QString &) override
    {
        return m_database.call([](auto &) -> Result<QUuid> { return QUuid::createUuid(); });
    }
    Status setQueueState(const QUuid &, QueueState) override
    {
        return m_database.call([](auto &) -> Status { return ok(); });
    }

private:
    static Error conflict(const char *why)
    {
        return {ErrorCode::Conflict, QString::fromLatin1(why)};
    }

    static Status apply(MemoryDatabase::Scan &scan, const ScanCommit &commit)
    {
        if (commit.epoch != scan.opened.epoch)
            return conflict("epoch");
        if (commit.rowsBefore != scan.opened.rowsStored)
            return conflict("rows before");
        if (commit.state && *commit.state != scan.opened.state &&
            !isAllowed(scan.opened.state, *commit.state))
            return conflict("state");
        auto tables = scan.tables;
        for (const Chunk &chunk : commit.chunks) {
            const ColumnSpec &spec = scan.objects.at(chunk.object).columns.at(chunk.column);
            auto values = decodeChunk(chunk, spec);
            if (!values)
                return values.error();
            ColumnValues &column = tables[size_t(chunk.object)][size_t(chunk.column)];
            if (column.rowCount() != chunk.firstRow)
                return conflict("chunk does not join on");
            column.append(values.value());
            scan.chunkRows.push_back(chunk.rowCount);
        }
        qint64 rows = 0;
        for (size_t object = 0; object < tables.size(); ++object) {
            for (const ColumnValues &column : tables[object]) {
                if (column.rowCount() != commit.rowsAfter.at(qsizetype(object)))
                    return conflict("rows after");
            }
            rows +=
                commit.rowsAfter.at(qsizetype(object)) - commit.rowsBefore.at(qsizetype(object));
        }
        scan.tables = std::move(tables);
        scan.opened.rowsStored = commit.rowsAfter;
        if (commit.timing)
            scan.timings[commit.epoch] = *commit.timing;
        for (qsizetype i = 0; i < commit.log.size(); ++i)
            scan.log.try_emplace(commit.logSequence + i, commit.log.at(i));
        if (!commit.cursor.isEmpty())
            scan.opened.cursor = commit.cursor;
        if (commit.state)
            scan.opened.state = *commit.state;
        if (!commit.reason.isEmpty())
            scan.reason = commit.reason;
        if (commit.endedUs)
            scan.endedUs = commit.endedUs;
        if (!commit.endSettings.isEmpty())
            scan.endSettings = commit.endSettings;
        ++scan.commits;
        scan.wasLastDurable = commit.isDurable;
        scan.largestCommit = std::max(scan.largestCommit, rows);
        return ok();
    }

    MemoryDatabase &m_database;
};

} // namespace birch::test
