#pragma once

#include "core/engine/lane_context.h"

namespace birch {

/// Reads again and again, at an interval, the first time at once; one reading at a time. What falls
/// due while one is under way is left out. Engine thread.
class ReadSchedule : public QObject
{
    Q_OBJECT
public:
    /// How one reading went.
    struct Outcome {
        const Status &status;
        Nanoseconds late; ///< from when it was due until it was there
        qint64 leftOut;   ///< how many fell due meanwhile
    };

    /// \a taken is called after every reading; its values are in the reader's table then.
    ReadSchedule(PointReader &reader, Nanoseconds interval, Nanoseconds timeout, LaneContext &lanes,
                 std::function<void(const Outcome &)> taken);

    void start();
    /// No further readings; one under way still arrives.
    void stop();
    /// Reads after \a wait, before the next one is due.
    void readAgain(Nanoseconds wait);
    bool isReading() const { return m_isReading; }
    /// Nothing arrives any more.
    void drop();

private:
    void waitUntilDue();
    void read();
    void take(const Status &status);

    PointReader &m_reader;
    Nanoseconds m_interval;
    Nanoseconds m_timeout; ///< 0: each measurement's own
    LaneContext &m_lanes;
    std::function<void(const Outcome &)> m_taken;
    qint64 m_dueNs = 0;
    quint64 m_turn = 0; ///< timers of an earlier one are late
    bool m_isRunning = false;
    bool m_isReading = false;
};

} // namespace birch
