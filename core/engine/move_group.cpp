#include "core/engine/move_group.h"

#include "core/instrument/settle_watch.h"

#include <algorithm>

namespace birch {

namespace {
/// How much longer than told an instrument's own ramp may take.
constexpr double kRampSlack = 0.1;
constexpr double kLongestRamp = 1e8; // s, three years: a Nanoseconds holds it

/// For one exchange with an in-process instrument.
constexpr Nanoseconds kInlineCall = std::chrono::seconds(5);

SettleWatch::Time timePoint(qint64 bootNs)
{
    return SettleWatch::Time(Nanoseconds(bootNs));
}
} // namespace

struct MoveGroup::Watch {
    int movement;
    SettleWatch settle;
    qint64 begunNs;
    qint64 deadlineNs;
    bool isOnItsWay = true;
};

MoveGroup::MoveGroup(std::span<MovementHandle> movements, Clock &clock)
    : m_movements(movements)
    , m_clock(clock)
    , m_ramps(movements, clock)
{
}

MoveGroup::~MoveGroup() = default;

const SettleRule &MoveGroup::ruleOf(const MoveTarget &target) const
{
    return target.settle ? *target.settle : m_movements[size_t(target.movement)].settle;
}

bool MoveGroup::canMoveNow(std::span<const MoveTarget> targets) const
{
    return std::all_of(targets.begin(), targets.end(), [this](const MoveTarget &target) {
        return m_movements[size_t(target.movement)].inlined != nullptr && !(target.ramp > 0);
    });
}

Result<MoveGroup::Outcome> MoveGroup::moveNow(std::span<const MoveTarget> targets, const Call &call)
{
    for (const MoveTarget &target : targets) {
        MovementHandle &movement = m_movements[size_t(target.movement)];
        movement.setpoint = target.value;
        movement.setpointState = ValueState::Ok;
        movement.readbackState = ValueState::Skipped;
        if (Status begun = movement.inlined->begin(movement.index, target.value, call); !begun)
            return begun.error().within(tr("Moving %1").arg(movement.name));
        movement.sent = target.value;
    }
    Outcome outcome = Outcome::Settled;
    for (const MoveTarget &target : targets) {
        MovementHandle &movement = m_movements[size_t(target.movement)];
        const auto state = movement.inlined->state(movement.index, call);
        if (!state)
            return state.error().within(tr("Moving %1").arg(movement.name));
        const SettleRule &rule = ruleOf(target);
        const double off = std::abs(state.value().readback - target.value);
        if (state.value().isMoving || rule.dwell > Nanoseconds::zero() ||
            (rule.tolerance > 0 && !(off <= rule.tolerance)))
            outcome = Outcome::Travelling;
        movement.readback = state.value().readback;
        movement.readbackState = ValueState::Ok;
    }
    return outcome;
}

void MoveGroup::move(std::span<const MoveTarget> targets, Nanoseconds timeout, bool failFast,
                     std::function<void(const Status &)> done)
{
    start(targets.size(), failFast, std::move(done));
    for (const MoveTarget &target : targets) {
        MovementHandle &movement = m_movements[size_t(target.movement)];
        movement.setpoint = target.value;
        movement.setpointState = ValueState::Ok;
        movement.readbackState = ValueState::Skipped;
        if (!(target.ramp > 0)) {
            begin(target, timeout);
        } else if (movement.hasRamp) {
            beginRamp(target, timeout);
        } else {
            MoveTarget last = target; // of the ramp
            last.ramp = 0;
            m_ramps.start(target, [this, last, timeout](const Status &reached) {
                if (reached)
                    begin(last, timeout);
                else
                    arrived(last.movement, reached.error());
            });
        }
    }
}

void MoveGroup::begin(const MoveTarget &target, Nanoseconds timeout)
{
    MovementHandle &movement = m_movements[size_t(target.movement)];
    movement.sent.reset();
    if (!movement.inlined)
        return moveThreaded(target, timeout);
    const Call call = Call::within(kInlineCall);
    const Status begun =
        target.ramp > 0 ? movement.inlined->ramp(movement.index, target.value, target.ramp, call)
                        : movement.inlined->begin(movement.index, target.value, call);
    if (begun) {
        movement.sent = target.value;
        return watch(target, timeout);
    }
    // Told through the event loop, like every other outcome.
    m_clock.after({}, this,
                  [this, group = m_group, index = target.movement, error = begun.error()] {
                      if (group == m_group)
                          arrived(index, error);
                  });
}

/// The way has to be known, for the time that it may take.
void MoveGroup::beginRamp(const MoveTarget &target, Nanoseconds timeout)
{
    m_ramps.locate(target.movement, [this, target, timeout](const Result<double> &from) {
        if (!from)
            return arrived(target.movement, from.error());
        const double seconds =
            (1 + kRampSlack) * std::abs(target.value - from.value()) / target.ramp;
        const Nanoseconds settling =
            timeout > Nanoseconds::zero() ? timeout : ruleOf(target).timeout;
        begin(target, settling + Nanoseconds(qint64(std::min(seconds, kLongestRamp) * 1e9)));
    });
}

void MoveGroup::travel(std::span<const MoveTarget> targets, Nanoseconds timeout, bool failFast,
                       std::function<void(const Status &)> done)
{
    start(targets.size(), failFast, std::move(done));
    for (const MoveTarget &target : targets)
        watch(target, timeout);
}

void MoveGroup::start(size_t count, bool failFast, std::function<void(const Status &)> done)
{
    ++m_group;
    (void)m_ramps.drop();
    m_watches.clear();
    m_travelling.clear();
    m_failure.reset();
    m_lastArrived = -1;
    m_pending = count;
    m_isFailFast = failFast;
    m_done = std::move(done);
}

void MoveGroup::moveThreaded(const MoveTarget &target, Nanoseconds timeout)
{
    const MovementHandle &movement = m_movements[size_t(target.movement)];
    SettleRule rule = ruleOf(target);
    if (timeout > Nanoseconds::zero())
        rule.timeout = timeout;
    m_travelling.push_back(target.movement);
    movement.host->move(
        Priority::Step, movement.index, target.value, rule, this,
        [this, group = m_group, target](const Result<Arrival> &arrival) {
            if (group != m_group)
                return;
            if (arrival)
                m_movements[size_t(target.movement)].sent = target.value;
            arrived(target.movement, arrival);
        },
        target.ramp);
}

void MoveGroup::watch(const MoveTarget &target, Nanoseconds timeout)
{
    const SettleRule &rule = ruleOf(target);
    const Nanoseconds limit = timeout > Nanoseconds::zero() ? timeout : rule.timeout;
    const qint64 now = m_clock.bootNs();
    m_watches.push_back(
        {target.movement, SettleWatch(target.value, rule), now, now + limit.count()});
    m_clock.after({}, this, [this, group = m_group, index = m_watches.size() - 1] {
        if (group == m_group)
            poll(index);
    });
}

void MoveGroup::poll(size_t index)
{
    Watch &watch = m_watches[index];
    const MovementHandle &movement = m_movements[size_t(watch.movement)];
    const auto state = movement.inlined->state(movement.index, Call::within(kInlineCall));
    const qint64 now = m_clock.bootNs();
    if (state && !watch.settle.hasArrived(state.value(), timePoint(now)) &&
        now < watch.deadlineNs) {
        const Nanoseconds delay = watch.settle.nextPoll(timePoint(now)) - timePoint(now);
        m_clock.after(delay, this, [this, group = m_group, index] {
            if (group == m_group)
                poll(index);
        });
        return;
    }
    watch.isOnItsWay = false;
    if (!state)
        return arrived(watch.movement, state.error());
    if (now >= watch.deadlineNs && !watch.settle.hasArrived(state.value(), timePoint(now))) {
        (void)movement.inlined->stop(movement.index, Call::within(kInlineCall));
        return arrived(
            watch.movement,
            Error{ErrorCode::Timeout,
                  tr("It has not settled in time: it stands at %1. Check the instrument, "
                     "or allow it more time")
                      .arg(numberToText(state.value().readback))});
    }
    arrived(watch.movement, Arrival{state.value().readback, Nanoseconds(now - watch.begunNs),
                                    watch.settle.standing(timePoint(now))});
}

void MoveGroup::arrived(int index, const Result<Arrival> &arrival)
{
    MovementHandle &movement = m_movements[size_t(index)];
    --m_pending;
    std::erase(m_travelling, index);
    m_lastArrived = index;
    m_standing = arrival ? arrival.value().standing : Nanoseconds::zero();
    if (arrival) {
        movement.readback = arrival.value().readback;
        movement.readbackState = ValueState::Ok;
    } else if (!m_failure) {
        m_failure = arrival.error().within(tr("Moving %1").arg(movement.name));
    }
    if (m_failure && (m_isFailFast || m_pending == 0))
        return finish(&*m_failure);
    if (m_pending == 0)
        finish(nullptr);
}

void MoveGroup::finish(const Error *failure)
{
    const Status status = failure ? Status(*failure) : ok();
    ++m_group;
    (void)m_ramps.drop(); // one that failed takes the others with it, where they are
    const auto done = std::exchange(m_done, nullptr);
    if (done)
        done(status);
}

bool MoveGroup::canHalt() const
{
    return std::all_of(m_travelling.begin(), m_travelling.end(),
                       [this](int index) { return m_movements[size_t(index)].canStop; }) &&
           std::all_of(m_watches.begin(), m_watches.end(), [this](const Watch &watch) {
               return !watch.isOnItsWay || m_movements[size_t(watch.movement)].canStop;
           });
}

void MoveGroup::halt(std::function<void(const Status &)> done)
{
    ++m_group;
    m_done = std::move(done);
    m_failure.reset();
    m_isFailFast = false;
    m_pending = 1; // this call itself
    for (const int index : m_ramps.drop()) {
        const MovementHandle &movement = m_movements[size_t(index)];
        if (movement.canStop && movement.inlined)
            m_watches.push_back({index, SettleWatch(0, movement.settle), 0, 0});
        else if (movement.canStop)
            m_travelling.push_back(index);
    }
    for (const int index : std::exchange(m_travelling, {})) {
        ++m_pending;
        MovementHandle &movement = m_movements[size_t(index)];
        movement.sent.reset();
        movement.host->stop(Priority::Step, movement.index, kInlineCall, this,
                            [this, group = m_group, index](const Status &status) {
                                if (group == m_group)
                                    halted(index, status);
                            });
    }
    for (Watch &watch : m_watches) {
        if (!std::exchange(watch.isOnItsWay, false))
            continue;
        ++m_pending;
        MovementHandle &movement = m_movements[size_t(watch.movement)];
        movement.sent.reset();
        halted(watch.movement, movement.inlined->stop(movement.index, Call::within(kInlineCall)));
    }
    m_clock.after({}, this, [this, group = m_group] {
        if (group == m_group)
            halted(-1, ok());
    });
}

void MoveGroup::halted(int index, const Status &status)
{
    if (!status && !m_failure)
        m_failure = status.error().within(tr("Halting %1").arg(m_movements[size_t(index)].name));
    if (--m_pending == 0)
        finish(m_failure ? &*m_failure : nullptr);
}

void MoveGroup::drop()
{
    ++m_group;
    m_done = nullptr;
    for (const int index : m_ramps.drop()) {
        MovementHandle &movement = m_movements[size_t(index)];
        if (movement.inlined && movement.canStop) {
            (void)movement.inlined->stop(movement.index, Call::within(kInlineCall));
            movement.sent.reset();
        }
    }
    for (Watch &watch : m_watches) {
        const MovementHandle &movement = m_movements[size_t(watch.movement)];
        if (std::exchange(watch.isOnItsWay, false))
            (void)movement.inlined->stop(movement.index, Call::within(kInlineCall));
    }
}

} // namespace birch
