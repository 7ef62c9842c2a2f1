#pragma once

#include "core/data/point_clock.h"
#include "core/engine/point_reader.h"
#include "core/engine/run_record.h"

#include <QJsonObject>

namespace birch {

/// How long in-process instruments may keep the engine thread, and how much goes into one record.
struct SliceLimits {
    Nanoseconds duration = std::chrono::milliseconds(5);
    int steps = 8192;
    qint64 rows = 4096;
    qint64 bytes = qint64(256) << 10;
};

/// The points of all lanes of one scan that are read and not in the spool yet. Engine thread.
///
/// A record holds rows of one object and the position of every lane after them. Lanes take turns
/// and flush before the event loop is given back, so the position at a flush is never ahead of the
/// rows, and whoever calls in finds everything read so far acquired.
class RunRows
{
public:
    using Position = std::function<QJsonObject()>;

    RunRows(const ScanPlan &plan, const RunHandles &handles, RunRecord &record);

    /// \a clock gives the points their times; \a position is what a record carries.
    void begin(PointClock clock, qint64 lastTimeNs, Position position);

    PointTable &table(int object) { return *m_tables[size_t(object)]; }
    PointReader &reader(int object) { return *m_readers[size_t(object)]; }
    /// Before a point of \a table is made, the rows of other objects have to be flushed.
    bool holdsOthersThan(const PointTable &table) const { return m_pending && m_pending != &table; }
    /// The values of a row are in \a table: gives it its time and its coordinates.
    void finish(PointTable &table, std::span<const qint64> indices,
                std::span<const MovementHandle> movements)
    {
        m_pending = &table;
        m_lastTimeNs = m_time->next();
        table.finishRow(m_lastTimeNs, indices, movements);
    }
    bool isFull(const SliceLimits &limits) const
    {
        return m_pending &&
               (m_pending->rowCount() >= limits.rows || m_pending->byteCount() >= limits.bytes);
    }
    bool isPending() const { return m_pending && m_pending->rowCount() > 0; }
    /// Errors: those of RunWriter::append; the rows are gone, the scan has to end.
    Status flush();

    qint64 timeNs() const { return m_time->now(); }    ///< that a point would get now
    qint64 lastTimeNs() const { return m_lastTimeNs; } ///< of the last point; 0: there is none

private:
    RunRecord &m_record;
    std::vector<std::unique_ptr<PointTable>> m_tables;
    std::vector<std::unique_ptr<PointReader>> m_readers;
    PointTable *m_pending = nullptr; ///< has rows that are not in the spool
    std::optional<PointClock> m_time;
    qint64 m_lastTimeNs = 0;
    Position m_position;
};

} // namespace birch
