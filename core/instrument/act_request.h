#pragma once

#include "core/instrument/host_request.h"

namespace birch {

/// An action of the instrument: told, then asked until it is done.
class ActRequest final : public HostRequest
{
public:
    /// \a movement  that travels by it, and is halted where this is cancelled; -1: none.
    ActRequest(Priority urgency, int action, int movement, ReplyPort<std::monostate> reply);
    NextTurn run(HostTurn &turn) override;
    void fail(const Error &error) override { m_reply.answer(error); }
    bool cancel(const Error &error) override;
    int movementInFlight() const override { return m_deadline ? m_movement : -1; }

private:
    NextTurn begin(HostTurn &turn);
    NextTurn watch(HostTurn &turn);

    int m_action;
    int m_movement;
    ReplyPort<std::monostate> m_reply;
    std::optional<Deadline> m_deadline; ///< of all of it; set once it has begun
    std::optional<Error> m_cancelled;   ///< halt, then answer with this
};

} // namespace birch
