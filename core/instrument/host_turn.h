#pragma once

#include "core/instrument/host_queue.h"
#include "core/instrument/host_status.h"

#include <map>

namespace birch {

/// What a request may touch while it has its turn. Host's thread only.
class HostTurn
{
public:
    const QString &nickname;
    const InstrumentSpec &spec;
    Instrument &instrument;
    HostStatus &status;
    HostQueue &queue;
    /// Begun and not yet seen to rest, with the urgency of who began it.
    std::map<int, Priority> &inFlight;

    /// Every result of an exchange goes through here: puts the nickname in front of an error and
    /// notices a lost connection, before anybody hears of it.
    template<typename T>
    Result<T> noted(Result<T> result)
    {
        if (!result)
            return noted(result.error());
        return result;
    }
    Error noted(const Error &error);

    /// \a ramp: by Instrument::ramp() at that rate; 0: by begin().
    Status begin(int movement, double target, Priority priority, const Call &call, double ramp = 0);
    /// Its action; a movement that travels by it is in flight then.
    Status act(int action, Priority priority, const Call &call);
    Result<MovementState> state(int movement, const Call &call);
    Status stop(int movement, const Call &call);

    /// What who asked for it is told: \a why, or that the stop was not confirmed.
    Error halted(int movement, const Error &why, const std::stop_token &token);

    QString movementName(int movement) const; ///< "stage.x"

private:
    Status started(int movement, Priority priority, const Status &begun);
    void answerWatchers(int movement, const QString &why);
};

/// How long the command that halts a movement may take: it stands between an abort and the safe
/// values.
inline constexpr std::chrono::milliseconds kHaltTimeout{500};

} // namespace birch
