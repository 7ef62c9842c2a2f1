#include "core/instrument/act_request.h"

#include "core/base/unit.h"
#include "core/instrument/host_turn.h"

#include <algorithm>

namespace birch {

namespace {
/// One exchange of it: a hung link is noticed long before a long action is over.
constexpr Nanoseconds kExchangeTimeout = std::chrono::seconds(5);
constexpr Nanoseconds kLastQuestion = std::chrono::milliseconds(200);
/// Also before the first question: a controller may say "at rest" until it has begun.
constexpr Nanoseconds kPoll = std::chrono::milliseconds(100);
} // namespace

ActRequest::ActRequest(Priority urgency, int action, int movement, ReplyPort<std::monostate> reply)
    : HostRequest(urgency)
    , m_action(action)
    , m_movement(movement)
    , m_reply(std::move(reply))
{
}

HostRequest::NextTurn ActRequest::run(HostTurn &turn)
{
    if (m_cancelled) {
        m_reply.answer(turn.halted(m_movement, *m_cancelled, stop.get_token()));
        return {};
    }
    return m_deadline ? watch(turn) : begin(turn);
}

HostRequest::NextTurn ActRequest::begin(HostTurn &turn)
{
    const auto deadline = Deadline::in(turn.spec.actions.at(m_action).timeout);
    const Status begun = turn.act(m_action, priority,
                                  {deadline.atMost(kExchangeTimeout), stop.get_token(), nullptr});
    if (!begun) {
        m_reply.answer(begun.error());
        return {};
    }
    m_deadline = deadline;
    return std::chrono::steady_clock::now() + kPoll;
}

HostRequest::NextTurn ActRequest::watch(HostTurn &turn)
{
    // A last question at the deadline still gets its answer.
    const Nanoseconds allowed =
        std::clamp(m_deadline->remaining(), kLastQuestion, kExchangeTimeout);
    const auto isActing =
        turn.noted(turn.instrument.isActing(m_action, Call::within(allowed, stop.get_token())));
    // Told to stop by cancel() or make safe: the queue turns this request into its own halt.
    if (!isActing && isActing.error().code == ErrorCode::Cancelled && stop.stop_requested())
        return kAtOnce;
    if (isActing && isActing.value() && !m_deadline->hasPassed())
        return std::chrono::steady_clock::now() + std::min(kPoll, m_deadline->remaining());
    if (isActing && !isActing.value()) {
        turn.inFlight.erase(m_movement);
        m_reply.answer(ok());
        return {};
    }
    const ActionSpec &spec = turn.spec.actions.at(m_action);
    m_reply.answer(
        isActing
            ? Error{ErrorCode::Timeout,
                    InstrumentHost::tr("%1: %2 was not done within %3 s. Look at "
                                       "the instrument, or allow it more time")
                        .arg(turn.nickname, spec.label,
                             numberToText(std::chrono::duration<double>(spec.timeout).count()))}
            : isActing.error());
    return {};
}

bool ActRequest::cancel(const Error &error)
{
    if (!m_deadline || m_movement < 0) {
        fail(error);
        return true;
    }
    m_cancelled = error;
    stop = std::stop_source(); // the old one has been used up; this one is for the halt
    return false;
}

} // namespace birch
