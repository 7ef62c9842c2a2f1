#pragma once

#include "core/engine/move_group.h"
#include "core/engine/point_reader.h"

#include <QList>

#include <memory>

namespace birch {

/// Brings the instruments back to where a scan stood: its setpoints one after the other in the
/// order they were set, then the reads made since, thrown away, so that an instrument whose
/// readings depend on their ordinal stands where it stood. Engine thread.
class SetpointRestore : public QObject
{
    Q_OBJECT
public:
    SetpointRestore(const ScanPlan &plan, RunHandles &handles, Clock &clock);

    /// \a done is called once, through the event loop, unless drop() comes first.
    void restore(QList<MoveTarget> setpoints, QList<int> reads,
                 std::function<void(const Status &)> done);
    void drop();

private:
    void next();
    void readNext();
    void answer(const Status &status);

    const ScanPlan &m_plan;
    RunHandles &m_handles;
    Clock &m_clock;
    MoveGroup m_moves;
    QList<MoveTarget> m_setpoints;
    QList<int> m_reads;
    qsizetype m_position = 0;
    quint64 m_run = 0; ///< calls posted by an earlier one are late
    MoveTarget m_target;
    std::unique_ptr<PointTable> m_table; ///< of the read in hand; its rows go nowhere
    std::unique_ptr<PointReader> m_reader;
    std::function<void(const Status &)> m_done;
};

} // namespace birch
