#pragma once

#include "core/engine/run_archive.h"

#include <QTimer>

#include <map>

namespace birch::test {

/// One scan as a database would have it.
struct StoredScan {
    NewScan scan;
    std::vector<std::vector<ColumnValues>> objects; ///< columns per object
    QJsonObject cursor;
    QJsonObject endSettings;
    QList<ScanState> states = {ScanState::Running};
    QList<ScanLogEntry> log;
    std::map<int, ScanTiming> timings; ///< by epoch
    int endings = 0;
    QString reason;
    int epoch = 1;

    qint64 rows(int object = 0) const
    {
        const auto &columns = objects[size_t(object)];
        return columns.empty() ? 0 : columns.front().rowCount();
    }
    QStringList messages(const QString &level) const
    {
        QStringList found;
        for (const ScanLogEntry &entry : log) {
            if (entry.level == level)
                found.append(entry.message);
        }
        return found;
    }
};

/// Runs kept in memory; fails where told. Belongs to the engine's thread.
class MemoryArchive final : public RunArchive
{
public:
    std::vector<std::shared_ptr<StoredScan>> scans; ///< in order of creation
    std::map<QUuid, std::shared_ptr<StoredScan>> byUid;
    std::optional<Error> createFailure;
    qint64 rowsUntilFull = -1; ///< -1: never
    QList<QueueState> queueStates;
    QStringList *events = nullptr; ///< "ended <state>" is noted here

    void create(const NewScan &scan, QObject *context,
                Reply<std::shared_ptr<RunWriter>> reply) override;
    void resume(const NewScan &scan, QObject *context,
                Reply<std::shared_ptr<RunWriter>> reply) override;
    void createQueue(const QString &, QObject *context, Reply<QUuid> reply) override
    {
        QTimer::singleShot(0, context, [reply] { reply(QUuid::createUuid()); });
    }
    void setQueueState(const QUuid &, QueueState state) override { queueStates.append(state); }
    void watchFaults(QObject *, std::function<void(const QUuid &, const QString &)> report) override
    {
        fault = std::move(report);
    }

    std::function<void(const QUuid &, const QString &)> fault;
    std::function<void()> appending; ///< called while rows are written
};

class MemoryWriter final : public RunWriter
{
public:
    MemoryWriter(MemoryArchive &archive, std::shared_ptr<StoredScan> stored)
        : m_archive(archive)
        , m_stored(std::move(stored))
    {
        m_opened.uid = m_stored->scan.uid;
        m_opened.scanId = QStringLiteral("TEST-%1").arg(m_archive.scans.size());
        m_opened.epoch = m_stored->epoch;
        m_opened.cursor = m_stored->cursor;
    }

    const OpenedScan &opened() const override { return m_opened; }
    qint64 nextRow(int object) const override { return m_stored->rows(object); }
    Status append(const PointBatch &rows, const QJsonObject &cursor) override
    {
        if (rows.firstRow != nextRow(rows.object))
            return Error{ErrorCode::BadInput, QStringLiteral("rows do not join on")};
        if (m_archive.rowsUntilFull >= 0 && (m_archive.rowsUntilFull -= rows.rowCount()) < 0)
            return Error{ErrorCode::Full, QStringLiteral("The disk is full: make space")};
        if (m_archive.appending)
            m_archive.appending();
        auto &columns = m_stored->objects[size_t(rows.object)];
        if (columns.size() != rows.columns.size())
            return Error{ErrorCode::BadInput, QStringLiteral("other columns")};
        for (size_t i = 0; i < columns.size(); ++i)
            columns[i].append(rows.columns[i]);
        m_stored->cursor = cursor;
        return ok();
    }
    Status log(const ScanLogEntry &entry) override
    {
        m_stored->log.append(entry);
        return ok();
    }
    Status setEndSettings(const QJsonObject &settings) override
    {
        m_stored->endSettings = settings;
        return ok();
    }
    Status setTiming(const ScanTiming &timing) override
    {
        m_stored->timings[m_opened.epoch] = timing;
        return ok();
    }
    Status setState(ScanState state) override
    {
        if (!isAllowed(m_stored->states.last(), state))
            return Error{ErrorCode::BadInput, QStringLiteral("state not allowed")};
        m_stored->states.append(state);
        return ok();
    }
    Status finish(ScanState state, const QString &reason, qint64, QObject *context,
                  std::function<void(const FinishOutcome &)> stored) override
    {
        ++m_stored->endings;
        m_stored->reason = reason;
        if (Status set = setState(state); !set)
            return set;
        if (m_archive.events)
            m_archive.events->append(QStringLiteral("ended ") + scanStateName(state));
        QTimer::singleShot(0, context, [stored] { stored({true, {}}); });
        return ok();
    }

private:
    MemoryArchive &m_archive;
    std::shared_ptr<StoredScan> m_stored;
    OpenedScan m_opened;
};

inline void MemoryArchive::create(const NewScan &scan, QObject *context,
                                  Reply<std::shared_ptr<RunWriter>> reply)
{
    QTimer::singleShot(0, context, [this, scan, reply] {
        if (createFailure)
            return reply(*createFailure);
        auto stored = std::make_shared<StoredScan>();
        stored->scan = scan;
        for (const TableSchema &object : scan.objects) {
            auto &columns = stored->objects.emplace_back();
            for (const ColumnSpec &column : object.columns)
                columns.emplace_back(column.type, column.valuesPerRow());
        }
        scans.push_back(stored);
        byUid[scan.uid] = stored;
        reply(std::shared_ptr<RunWriter>(std::make_shared<MemoryWriter>(*this, stored)));
    });
}

inline void MemoryArchive::resume(const NewScan &scan, QObject *context,
                                  Reply<std::shared_ptr<RunWriter>> reply)
{
    QTimer::singleShot(0, context, [this, uid = scan.uid, reply] {
        const auto at = byUid.find(uid);
        if (at == byUid.end() || at->second->states.last() != ScanState::Interrupted)
            return reply(Error{ErrorCode::Conflict, QStringLiteral("It is not interrupted")});
        ++at->second->epoch;
        at->second->states.append(ScanState::Running);
        reply(std::shared_ptr<RunWriter>(std::make_shared<MemoryWriter>(*this, at->second)));
    });
}

} // namespace birch::test
