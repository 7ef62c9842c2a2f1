#pragma once

#include "core/base/call.h"
#include "core/base/result.h"
#include "core/instrument/instrument_host.h"
#include "core/instrument/reply_port.h"

#include <chrono>
#include <optional>
#include <stop_token>

namespace birch {

class HostStatus;
class HostTurn;

/// One request to an instrument. It gets turns, each at most one exchange, so that more urgent
/// requests come in between. Made on the requester's thread; run on the host's; failed or cancelled
/// from any, under the queue's rules, never while it runs.
class HostRequest
{
public:
    using Time = std::chrono::steady_clock::time_point;
    /// When it wants its next turn; none: it has been answered.
    using NextTurn = std::optional<Time>;
    static constexpr Time kAtOnce = Time::min();

    explicit HostRequest(Priority urgency)
        : priority(urgency)
    {
    }
    virtual ~HostRequest() = default;

    virtual NextTurn run(HostTurn &turn) = 0;
    /// Answers without the instrument.
    virtual void fail(const Error &error) = 0;
    /// Ends it early. False: it needs one more turn, at Priority::Safe, to halt what it began.
    virtual bool cancel(const Error &error)
    {
        fail(error);
        return true;
    }
    virtual int movementInFlight() const { return -1; } ///< begun and still watched by this request
    virtual bool needsOpenLink() const { return true; }
    /// Not worth its turn any more; it is failed as Cancelled then.
    virtual bool isSuperseded(const HostStatus &) const { return false; }

    Priority priority;
    quint64 sequence = 0;           ///< order of request, given by the queue
    std::stop_source stop;          ///< interrupts the exchange in flight
    std::optional<Time> waitsSince; ///< for a lost connection
};

/// One exchange, answered with its result. \a Exchange: Result<T>(HostTurn &, const Call &).
template<typename T, typename Exchange>
class ExchangeRequest final : public HostRequest
{
public:
    ExchangeRequest(Priority urgency, Nanoseconds timeout, ReplyPort<T> reply, Exchange exchange)
        : HostRequest(urgency)
        , m_timeout(timeout)
        , m_reply(std::move(reply))
        , m_exchange(std::move(exchange))
    {
    }

    NextTurn run(HostTurn &turn) override
    {
        m_reply.answer(m_exchange(turn, Call::within(m_timeout, stop.get_token())));
        return {};
    }
    void fail(const Error &error) override { m_reply.answer(error); }

private:
    Nanoseconds m_timeout; // from the start of the exchange; waiting for others does not count
    ReplyPort<T> m_reply;
    Exchange m_exchange;
};

template<typename T, typename Exchange>
std::unique_ptr<HostRequest> exchangeRequest(Priority urgency, Nanoseconds timeout,
                                             ReplyPort<T> reply, Exchange exchange)
{
    return std::make_unique<ExchangeRequest<T, Exchange>>(urgency, timeout, std::move(reply),
                                                          std::move(exchange));
}

} // namespace birch
