#include "core/instrument/host_turn.h"

namespace birch {

Error HostTurn::noted(const Error &error)
{
    // Not isOpen(): after a timeout a link may be closed for a moment, to be resynchronised.
    const bool isLost = error.code == ErrorCode::NotConnected;
    if (isLost ||
        (error.code != ErrorCode::Cancelled && instrument.doubt() == Instrument::Doubt::Link)) {
        if (status.state() == ConnectionState::Open)
            status.faulty(connectionFaultOf(error, instrument.isAnother(), true), error.message);
    }
    if (isLost && status.state() == ConnectionState::Open) {
        status.setState(ConnectionState::Lost, error.message);
        inFlight.clear(); // nothing can be halted any more
    }
    // Who was interrupted by us is where it was left.
    if (isLost ||
        (error.code != ErrorCode::Cancelled && instrument.doubt() != Instrument::Doubt::None))
        status.disrupted();
    return error.within(nickname);
}

Status HostTurn::begin(int movement, double target, Priority priority, const Call &call,
                       double ramp)
{
    return started(movement, priority,
                   ramp > 0 ? instrument.ramp(movement, target, ramp, call)
                            : instrument.begin(movement, target, call));
}

Status HostTurn::act(int action, Priority priority, const Call &call)
{
    const int movement = spec.movementIndex(spec.actions.at(action).movement);
    const Status begun = instrument.act(action, call);
    return movement < 0 ? noted(begun) : started(movement, priority, begun);
}

Status HostTurn::started(int movement, Priority priority, const Status &begun)
{
    // Refused: nothing was sent, an earlier move goes on. Lost: its watchers hear that it was.
    if (!begun && (begun.error().code == ErrorCode::OutOfRange ||
                   begun.error().code == ErrorCode::NotConnected))
        return noted(begun);
    answerWatchers(movement, InstrumentHost::tr("%1 was given another target meanwhile"));
    if (!begun && begun.error().code == ErrorCode::Cancelled)
        inFlight.erase(movement); // the instrument halted it
    else
        inFlight[movement] = priority;
    return noted(begun);
}

Result<MovementState> HostTurn::state(int movement, const Call &call)
{
    auto state = instrument.state(movement, call);
    if (state && !state.value().isMoving)
        inFlight.erase(movement);
    return noted(std::move(state));
}

Status HostTurn::stop(int movement, const Call &call)
{
    const Status stopped = instrument.stop(movement, call);
    if (!stopped)
        return noted(stopped);
    inFlight.erase(movement);
    answerWatchers(movement, InstrumentHost::tr("%1 was stopped on its way"));
    return stopped;
}

Error HostTurn::halted(int movement, const Error &why, const std::stop_token &token)
{
    const Status stopped = stop(movement, Call::within(kHaltTimeout, token));
    if (stopped)
        return why.within(movementName(movement));
    return {ErrorCode::Cancelled,
            InstrumentHost::tr("%1 may still be moving, its stop was not confirmed (%2): watch it")
                .arg(movementName(movement), stopped.error().message)};
}

QString HostTurn::movementName(int movement) const
{
    return nickname + u'.' + spec.movements.at(movement).name;
}

void HostTurn::answerWatchers(int movement, const QString &why)
{
    for (auto &request : queue.takeWatchersOf(movement))
        request->fail({ErrorCode::Cancelled, why.arg(movementName(movement))});
}

} // namespace birch
