#include "core/engine/ramp_drive.h"

#include <algorithm>

namespace birch {

namespace {
/// For one exchange.
constexpr Nanoseconds kCall = std::chrono::seconds(5);
constexpr Nanoseconds kInterval = std::chrono::milliseconds(100);
/// So that the setpoints of a slow instrument leave its link free most of the time.
constexpr int kSetTimesPerInterval = 4;
} // namespace

RampDrive::RampDrive(std::span<MovementHandle> movements, Clock &clock)
    : m_movements(movements)
    , m_clock(clock)
{
}

void RampDrive::later(Nanoseconds delay, std::function<void()> call)
{
    m_clock.after(delay, this, [this, run = m_run, call = std::move(call)] {
        if (run == m_run)
            call();
    });
}

void RampDrive::locate(int movement, std::function<void(const Result<double> &)> located)
{
    const MovementHandle &handle = m_movements[size_t(movement)];
    const auto tell = [located = std::move(located)](const Result<MovementState> &state) {
        located(state ? Result<double>(state.value().readback) : state.error());
    };
    if (handle.sent)
        return later({}, [tell, sent = *handle.sent] { tell(MovementState{sent}); });
    if (handle.inlined)
        return later({}, [tell, &handle] {
            tell(handle.inlined->state(handle.index, Call::within(kCall)));
        });
    handle.host->state(Priority::Step, handle.index, kCall, this,
                       [this, run = m_run, tell](const Result<MovementState> &state) {
                           if (run == m_run)
                               tell(state);
                       });
}

void RampDrive::start(const MoveTarget &target, Done reached)
{
    locate(target.movement, [this, target, reached](const Result<double> &from) {
        if (!from)
            return reached(from.error());
        const MovementHandle &handle = m_movements[size_t(target.movement)];
        const Nanoseconds interval = std::max(kInterval, kSetTimesPerInterval * handle.setTime);
        const RampLine line(from.value(), target.value, target.ramp, m_clock.bootNs(), interval);
        const Nanoseconds delay = line.isAtEnd() ? Nanoseconds::zero() : line.delay();
        m_ramps.insert_or_assign(target.movement, Ramp{line, reached});
        later(delay, [this, movement = target.movement] { step(movement); });
    });
}

void RampDrive::step(int movement)
{
    Ramp &ramp = m_ramps.at(movement);
    MovementHandle &handle = m_movements[size_t(movement)];
    const double value = ramp.line.isAtEnd() ? 0 : ramp.line.next(m_clock.bootNs());
    if (ramp.line.isAtEnd()) {
        const Done reached = std::move(ramp.reached);
        m_ramps.erase(movement);
        return reached(ok());
    }
    // From outside, e.g. from a room's temperature below what the setpoint may be.
    if (!handle.limits.contain(value))
        return later(ramp.line.delay(), [this, movement] { step(movement); });
    if (handle.inlined)
        return accepted(movement, value,
                        handle.inlined->begin(handle.index, value, Call::within(kCall)));
    handle.host->begin(Priority::Step, handle.index, value, kCall, this,
                       [this, run = m_run, movement, value](const Status &begun) {
                           if (run == m_run)
                               accepted(movement, value, begun);
                       });
}

void RampDrive::accepted(int movement, double value, const Status &begun)
{
    Ramp &ramp = m_ramps.at(movement);
    if (!begun) {
        m_movements[size_t(movement)].sent.reset();
        const Done reached = std::move(ramp.reached);
        m_ramps.erase(movement);
        return reached(begun);
    }
    m_movements[size_t(movement)].sent = value;
    later(ramp.line.delay(), [this, movement] { step(movement); });
}

std::vector<int> RampDrive::drop()
{
    ++m_run;
    std::vector<int> movements;
    for (const auto &[movement, ramp] : std::exchange(m_ramps, {}))
        movements.push_back(movement);
    return movements;
}

} // namespace birch
