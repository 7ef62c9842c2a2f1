#pragma once

#include "core/data/finish_outcome.h"
#include "core/data/spool_writer.h"

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>

namespace birch {

/// The records of one scan that are in its spool and not yet in the database: what the engine
/// thread appends, the sync thread ticks off and the store thread takes. Thread-safe; no call
/// blocks for longer than a copy.
class ScanBacklog
{
public:
    using SteadyClock = std::chrono::steady_clock;

    /// One frame; or several that follow each other in one segment, once they are not kept in
    /// memory.
    struct Record {
        SpoolPosition position;
        qint64 rows = 0;
        qint64 bytes = 0; ///< of all frames
        QByteArray frame; ///< empty: too much in memory already, read \a bytes from the spool
        SteadyClock::time_point since;
    };
    /// What stands in front of the queue, synced. The records stay until drop().
    struct Taken {
        std::deque<Record> records;
        qint64 lastNeededSegment =
            0;                   ///< segments below it are no longer needed once these are stored
        bool isFinished = false; ///< the ending is the last of them
    };
    struct Pending {
        qint64 rows = 0;
        qint64 bytes = 0;
        SteadyClock::time_point since; ///< of the oldest record
        bool isAny = false;
        bool isUrgent = false; ///< finished or abandoned: nothing more is to come
    };

    ScanBacklog(OpenedScan scan, SpoolHeader header, std::shared_ptr<SpoolLock> lock,
                const RecorderSettings &settings);

    const OpenedScan &scan() const { return m_scan; }
    const QList<TableSchema> &objects() const { return m_header.objects; }
    SpoolLock &lock() { return *m_lock; }

    // Engine thread.
    void push(Record record, const std::shared_ptr<const SpoolSegment> &segment);
    /// The ending; \a done is called with the outcome, on any thread.
    void pushEnding(Record record, const std::shared_ptr<const SpoolSegment> &segment,
                    std::function<void(const FinishOutcome &)> done);
    /// The recorder is gone without an ending.
    void abandon();
    /// True once after a failed sync: begin a new segment.
    bool takeSegmentFault();

    // Sync thread.
    /// Segments written to since the last call, and up to where their sync will count.
    std::vector<std::shared_ptr<const SpoolSegment>> beginSync();
    /// The records that beginSync() saw are on disk. Or, with \a isFault, are as safe as they will
    /// get: they go on to the database all the same.
    void endSync(bool isFault);
    bool hasUnsynced() const;

    // Store thread.
    Pending pending() const;
    Taken take(qint64 mostRows) const;
    void drop(size_t records);
    /// Nobody takes records any more; an ending to come is answered with \a outcome.
    void refuse(const FinishOutcome &outcome);
    /// The outcome callback, once.
    std::function<void(const FinishOutcome &)> takeDone();
    bool isFinished() const;
    bool isAbandoned() const;
    std::optional<SteadyClock::time_point> finishedAt() const;

    qint64 rows() const { return m_rows.load(std::memory_order_relaxed); } ///< pushed, not dropped

private:
    struct Total {
        quint64 records = 0;
        qint64 rows = 0;
        qint64 bytes = 0;

        void add(const Record &record);
    };
    void pushLocked(Record record, const std::shared_ptr<const SpoolSegment> &segment);
    bool joinsLast(const Record &record) const;

    const OpenedScan m_scan;
    const SpoolHeader m_header;
    const std::shared_ptr<SpoolLock> m_lock;
    const qint64 m_memoryBytes;
    const qint64 m_flushRows;

    mutable std::mutex m_recordsMutex; // guards everything below
    std::deque<Record> m_records;
    qint64 m_inMemory = 0;
    Total m_pushed;  ///< ever pushed
    Total m_dropped; ///< ever dropped
    Total m_synced;  ///< ever ticked off
    Total m_syncing; ///< … once the sync under way is through
    std::vector<std::shared_ptr<const SpoolSegment>> m_dirty;
    qint64 m_currentSegment = 1;
    bool m_isFinished = false;
    bool m_isAbandoned = false;
    bool m_hasSegmentFault = false;
    SteadyClock::time_point m_finishedAt;
    std::function<void(const FinishOutcome &)> m_done;
    std::optional<FinishOutcome> m_refusal;
    std::atomic<qint64> m_rows{0};
};

} // namespace birch
