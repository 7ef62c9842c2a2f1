#pragma once

#include "core/instrument/host_request.h"
#include "core/instrument/settle_watch.h"

#include <QStringList>

namespace birch {

/// Opens the link; a success at once where it is open.
class OpenRequest final : public HostRequest
{
public:
    OpenRequest(Priority urgency, Nanoseconds timeout, ReplyPort<std::monostate> reply);
    NextTurn run(HostTurn &turn) override;
    void fail(const Error &error) override { m_reply.answer(error); }
    bool needsOpenLink() const override { return false; }

private:
    Nanoseconds m_timeout;
    ReplyPort<std::monostate> m_reply;
};

/// Gives the device's lock back, unless the instrument is leased again by now.
class UnlockRequest final : public HostRequest
{
public:
    using HostRequest::HostRequest;
    NextTurn run(HostTurn &turn) override;
    void fail(const Error &) override {}
    bool needsOpenLink() const override { return false; }
};

/// Halts what moves, one movement a turn, then closes the link if asked to.
class HaltRequest final : public HostRequest
{
public:
    enum class Scope { BelowSafe, Everything };
    enum class Then { Nothing, CloseLink };

    HaltRequest(Priority urgency, Scope scope, Then then);
    NextTurn run(HostTurn &turn) override;
    void fail(const Error &) override {}
    bool needsOpenLink() const override { return false; }

private:
    Scope m_scope;
    Then m_then;
};

/// begin, then state by the settle rule until arrived.
class MoveRequest final : public HostRequest
{
public:
    MoveRequest(Priority urgency, int movement, double target, const SettleRule &rule,
                ReplyPort<Arrival> reply, double ramp);
    NextTurn run(HostTurn &turn) override;
    void fail(const Error &error) override { m_reply.answer(error); }
    bool cancel(const Error &error) override;
    int movementInFlight() const override { return m_isBegun ? m_movement : -1; }

private:
    NextTurn begin(HostTurn &turn);
    NextTurn watch(HostTurn &turn);
    NextTurn halt(HostTurn &turn);
    NextTurn failed(const Error &error);
    Error timedOut(const HostTurn &turn, const MovementState &last) const;

    int m_movement;
    double m_target;
    double m_ramp;
    SettleRule m_rule;
    SettleWatch m_watch;
    ReplyPort<Arrival> m_reply;
    std::optional<Deadline> m_deadline; // of the whole move; set when it begins
    Time m_begunAt{};
    bool m_isBegun = false;
    std::optional<Error> m_cancelled; // halt, then answer with this
};

/// All parameters of the snapshot, one a turn.
class SnapshotRequest final : public HostRequest
{
public:
    SnapshotRequest(Priority urgency, Nanoseconds timeout, ReplyPort<QVariantMap> reply);
    NextTurn run(HostTurn &turn) override;
    void fail(const Error &error) override { m_reply.answer(error); }

private:
    Nanoseconds m_timeout;
    std::optional<Deadline> m_deadline;
    ReplyPort<QVariantMap> m_reply;
    qsizetype m_next = 0; // position in the spec's parameters
    QVariantMap m_values;
    QStringList m_errors;
};

/// Whether the instrument is still there; see InstrumentHost::poll().
class PollRequest final : public HostRequest
{
public:
    PollRequest(Nanoseconds timeout, ReplyPort<std::monostate> reply);
    NextTurn run(HostTurn &turn) override;
    void fail(const Error &error) override { m_reply.answer(error); }
    bool isSuperseded(const HostStatus &status) const override;

private:
    Nanoseconds m_timeout;
    ReplyPort<std::monostate> m_reply;
    bool m_hasFailed = false;
};

} // namespace birch
