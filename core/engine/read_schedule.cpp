#include "core/engine/read_schedule.h"

#include <algorithm>

namespace birch {

namespace {
constexpr Nanoseconds kInlineCall = std::chrono::seconds(5);
}

ReadSchedule::ReadSchedule(PointReader &reader, Nanoseconds interval, Nanoseconds timeout,
                           LaneContext &lanes, std::function<void(const Outcome &)> taken)
    : m_reader(reader)
    , m_interval(interval)
    , m_timeout(timeout)
    , m_lanes(lanes)
    , m_taken(std::move(taken))
{
}

void ReadSchedule::start()
{
    m_isRunning = true;
    m_dueNs = m_lanes.clock.bootNs();
    waitUntilDue();
}

void ReadSchedule::stop()
{
    m_isRunning = false;
    ++m_turn;
}

void ReadSchedule::drop()
{
    stop();
    m_isReading = false;
    m_reader.drop();
}

void ReadSchedule::waitUntilDue()
{
    const qint64 left = std::max<qint64>(0, m_dueNs - m_lanes.clock.bootNs());
    m_lanes.clock.after(Nanoseconds(left), this, [this, turn = ++m_turn] {
        if (turn == m_turn)
            read();
    });
}

void ReadSchedule::readAgain(Nanoseconds wait)
{
    ++m_turn;
    m_isReading = true; // no other begins before this one, which comes through the event loop
    m_lanes.clock.after(wait, this, [this, turn = m_turn] {
        if (turn == m_turn)
            read();
    });
}

void ReadSchedule::read()
{
    m_isReading = true;
    if (m_reader.isInline()) {
        const Nanoseconds timeout = m_timeout > Nanoseconds::zero() ? m_timeout : kInlineCall;
        return take(m_reader.readNow(Call::within(timeout, m_lanes.stop)));
    }
    m_reader.read(m_timeout, true, [this](const Status &status) { take(status); });
}

void ReadSchedule::take(const Status &status)
{
    m_isReading = false;
    // Interrupted, because the scan is being stopped: that is the next call to be delivered.
    if (!status && status.error().code == ErrorCode::Cancelled && m_lanes.stop.stop_requested())
        return;
    const qint64 lateNs = std::max<qint64>(0, m_lanes.clock.bootNs() - m_dueNs);
    const qint64 leftOut = lateNs / m_interval.count();
    if (m_dueNs <= m_lanes.clock.bootNs()) // not where it was read again before its time
        m_dueNs += (leftOut + 1) * m_interval.count();
    if (m_isRunning)
        waitUntilDue();
    m_taken({status, Nanoseconds(lateNs), leftOut}); // last: it may stop or drop this
}

} // namespace birch
