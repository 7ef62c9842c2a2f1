#include "core/instrument/host_requests.h"

#include "core/base/unit.h"
#include "core/instrument/host_turn.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
using std::chrono::steady_clock;

/// One exchange of a longer move: a hung link is noticed long before a slow ramp is over.
constexpr Nanoseconds kExchangeTimeout = std::chrono::seconds(5);
constexpr Nanoseconds kUnlockTimeout = std::chrono::milliseconds(500);
constexpr Nanoseconds kLastRead = std::chrono::milliseconds(200);
} // namespace

OpenRequest::OpenRequest(Priority urgency, Nanoseconds timeout, ReplyPort<std::monostate> reply)
    : HostRequest(urgency)
    , m_timeout(timeout)
    , m_reply(std::move(reply))
{
}

HostRequest::NextTurn OpenRequest::run(HostTurn &turn)
{
    const ConnectionState before = turn.status.state();
    if (before == ConnectionState::Open) {
        m_reply.answer(ok());
        return {};
    }
    turn.status.connecting();
    turn.status.setState(ConnectionState::Opening, {});
    const Status opened = turn.instrument.open(Call::within(m_timeout, stop.get_token()));
    if (opened) {
        turn.inFlight.clear();
        turn.status.setIdentity(turn.instrument.identity());
        turn.status.setState(ConnectionState::Open, {});
        turn.status.connected({});
        m_reply.answer(opened);
        return {};
    }
    if (opened.error().code != ErrorCode::Cancelled)
        turn.status.faulty(connectionFaultOf(opened.error(), turn.instrument.isAnother(), false),
                           opened.error().message);
    turn.status.setState(before == ConnectionState::Lost ? before : ConnectionState::Closed,
                         opened.error().message);
    m_reply.answer(turn.noted(opened.error()));
    return {};
}

HostRequest::NextTurn UnlockRequest::run(HostTurn &turn)
{
    // Where it can not be given back the link closes: that ends the lock as well.
    if (turn.status.state() == ConnectionState::Open && !turn.status.isLeased())
        (void)turn.instrument.unlock(Call::within(kUnlockTimeout, stop.get_token()));
    return {};
}

HaltRequest::HaltRequest(Priority urgency, Scope scope, Then then)
    : HostRequest(urgency)
    , m_scope(scope)
    , m_then(then)
{
}

HostRequest::NextTurn HaltRequest::run(HostTurn &turn)
{
    const auto next = std::find_if(turn.inFlight.begin(), turn.inFlight.end(), [this](auto &entry) {
        return m_scope == Scope::Everything || entry.second != Priority::Safe;
    });
    if (next != turn.inFlight.end()) {
        const int movement = next->first;
        turn.inFlight.erase(next); // one try: a link that hangs must not hold up what is behind us
        (void)turn.stop(movement, Call::within(kHaltTimeout, stop.get_token()));
        return kAtOnce;
    }
    if (m_then == Then::CloseLink) {
        turn.instrument.close();
        turn.status.offline();
        turn.status.setState(ConnectionState::Closed, {});
    }
    return {};
}

MoveRequest::MoveRequest(Priority urgency, int movement, double target, const SettleRule &rule,
                         ReplyPort<Arrival> reply, double ramp)
    : HostRequest(urgency)
    , m_movement(movement)
    , m_target(target)
    , m_ramp(ramp)
    , m_rule(rule)
    , m_watch(target, rule)
    , m_reply(std::move(reply))
{
}

HostRequest::NextTurn MoveRequest::run(HostTurn &turn)
{
    if (m_cancelled)
        return halt(turn);
    return m_isBegun ? watch(turn) : begin(turn);
}

HostRequest::NextTurn MoveRequest::begin(HostTurn &turn)
{
    m_deadline = Deadline::in(m_rule.timeout);
    m_begunAt = steady_clock::now();
    const Call call{m_deadline->atMost(kExchangeTimeout), stop.get_token()};
    const Status begun = turn.begin(m_movement, m_target, priority, call, m_ramp);
    if (!begun) {
        m_reply.answer(begun.error());
        return {};
    }
    m_isBegun = true;
    return kAtOnce;
}

HostRequest::NextTurn MoveRequest::watch(HostTurn &turn)
{
    // A last read at the deadline still gets its answer.
    const Nanoseconds allowed = std::clamp(m_deadline->remaining(), kLastRead, kExchangeTimeout);
    const auto state = turn.state(m_movement, Call::within(allowed, stop.get_token()));
    if (!state)
        return failed(state.error());
    const auto now = steady_clock::now();
    if (m_watch.hasArrived(state.value(), now)) {
        m_reply.answer(Arrival{state.value().readback, now - m_begunAt, m_watch.standing(now)});
        return {};
    }
    if (m_deadline->hasPassed()) {
        m_reply.answer(timedOut(turn, state.value()));
        return {};
    }
    return std::min(m_watch.nextPoll(now), now + m_deadline->remaining());
}

HostRequest::NextTurn MoveRequest::failed(const Error &error)
{
    // Told to stop by cancel() or make safe: the queue turns this request into its own halt.
    if (error.code == ErrorCode::Cancelled && stop.stop_requested())
        return kAtOnce;
    m_reply.answer(error);
    return {};
}

bool MoveRequest::cancel(const Error &error)
{
    if (!m_isBegun) {
        fail(error);
        return true;
    }
    m_cancelled = error;
    stop = std::stop_source(); // the old one has been used up; this one is for the halt
    return false;
}

HostRequest::NextTurn MoveRequest::halt(HostTurn &turn)
{
    m_reply.answer(turn.halted(m_movement, *m_cancelled, stop.get_token()));
    return {};
}

Error MoveRequest::timedOut(const HostTurn &turn, const MovementState &last) const
{
    const MovementSpec &spec = turn.spec.movements.at(m_movement);
    const auto text = [&spec](double value) {
        const QString number = numberToText(value);
        return spec.unit.isEmpty() ? number : number + u' ' + spec.unit;
    };
    const double seconds = std::chrono::duration<double>(m_rule.timeout).count();
    return {ErrorCode::Timeout,
            InstrumentHost::tr(
                "%1 did not settle at %2 within %3 s: it reads %4. Check that it can move, "
                "or allow more time or a wider tolerance")
                .arg(turn.movementName(m_movement), text(m_target), numberToText(seconds),
                     text(last.readback))};
}

SnapshotRequest::SnapshotRequest(Priority urgency, Nanoseconds timeout,
                                 ReplyPort<QVariantMap> reply)
    : HostRequest(urgency)
    , m_timeout(timeout)
    , m_reply(std::move(reply))
{
}

HostRequest::NextTurn SnapshotRequest::run(HostTurn &turn)
{
    if (!m_deadline)
        m_deadline = Deadline::in(m_timeout);
    const auto &parameters = turn.spec.parameters;
    while (m_next < parameters.size() && !parameters[m_next].inSnapshot)
        ++m_next;
    if (m_next == parameters.size()) {
        if (!m_errors.isEmpty())
            m_values.insert(u"_errors"_s, m_errors);
        m_reply.answer(m_values);
        return {};
    }
    const QString &key = parameters[m_next++].key;
    const auto value = turn.noted(turn.instrument.parameter(key, {*m_deadline, stop.get_token()}));
    if (value) {
        m_values.insert(key, value.value());
    } else if (value.error().code == ErrorCode::Cancelled ||
               value.error().code == ErrorCode::NotConnected) {
        m_reply.answer(value.error());
        return {};
    } else {
        m_errors.append(key + u": "_s + value.error().message);
    }
    return kAtOnce;
}

PollRequest::PollRequest(Nanoseconds timeout, ReplyPort<std::monostate> reply)
    : HostRequest(Priority::Idle)
    , m_timeout(timeout)
    , m_reply(std::move(reply))
{
}

bool PollRequest::isSuperseded(const HostStatus &status) const
{
    return !status.leaseOwner().isEmpty(); // whoever works with it notices by himself
}

HostRequest::NextTurn PollRequest::run(HostTurn &turn)
{
    const auto polled = turn.noted(turn.instrument.poll(Call::within(m_timeout, stop.get_token())));
    const bool isInDoubt = !polled && polled.error().code != ErrorCode::Cancelled &&
                           turn.instrument.doubt() == Instrument::Doubt::Link;
    if (isInDoubt && !std::exchange(m_hasFailed, true))
        return kAtOnce; // with its next turn it is connected again, or known to be lost
    m_reply.answer(polled);
    return {};
}

} // namespace birch
