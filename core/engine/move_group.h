#pragma once

#include "core/base/clock.h"
#include "core/engine/ramp_drive.h"
#include "core/plan/plan_cursor.h"

#include <QObject>

#include <functional>
#include <optional>
#include <span>

namespace birch {

/// Sends several movements on their way together and waits until all have settled; setpoint and
/// readback go into their handles. Engine thread.
class MoveGroup : public QObject
{
    Q_OBJECT
public:
    enum class Outcome { Settled, Travelling };

    MoveGroup(std::span<MovementHandle> movements, Clock &clock);
    ~MoveGroup() override;

    /// For targets of in-process instruments alone: begins all and looks once. Travelling: one has
    /// not arrived yet, call travel() next.
    Result<Outcome> moveNow(std::span<const MoveTarget> targets, const Call &call);
    /// All in-process, and none at a rate.
    bool canMoveNow(std::span<const MoveTarget> targets) const;

    /// Begins all; \a done is called once, never from inside, unless drop() comes first. \a timeout
    /// 0: each movement's own. With \a failFast the first error is reported at once; else when
    /// every movement has come to its end. A target with a ramp is gone to at that rate, by the
    /// instrument's own command where it has one, else in small steps; its timeout counts from the
    /// end of the ramp.
    void move(std::span<const MoveTarget> targets, Nanoseconds timeout, bool failFast,
              std::function<void(const Status &)> done);
    /// Waits for what moveNow() has begun; as move() otherwise.
    void travel(std::span<const MoveTarget> targets, Nanoseconds timeout, bool failFast,
                std::function<void(const Status &)> done);

    /// The movement that came to its end last since move() or travel(); -1: none.
    int lastArrived() const { return m_lastArrived; }
    /// How long it had been there by then.
    Nanoseconds standing() const { return m_standing; }

    /// Whether all that are on their way have a stop of their own, or go in small steps.
    bool canHalt() const;
    /// Sends their own stop to all that are on their way and have one; nothing more is heard of
    /// any. \a done
    /// is called once, through the event loop, with the first stop that failed; never after drop().
    void halt(std::function<void(const Status &)> done);

    /// Halts in-process movements on their way; replies to come are ignored, done is never called.
    void drop();

private:
    struct Watch;

    const SettleRule &ruleOf(const MoveTarget &target) const;
    void start(size_t count, bool failFast, std::function<void(const Status &)> done);
    void begin(const MoveTarget &target, Nanoseconds timeout);
    void beginRamp(const MoveTarget &target, Nanoseconds timeout);
    void moveThreaded(const MoveTarget &target, Nanoseconds timeout);
    void watch(const MoveTarget &target, Nanoseconds timeout);
    void poll(size_t watch);
    void arrived(int movement, const Result<Arrival> &arrival);
    void halted(int movement, const Status &status);
    void finish(const Error *failure);

    std::span<MovementHandle> m_movements;
    Clock &m_clock;
    RampDrive m_ramps;
    std::function<void(const Status &)> m_done;
    quint64 m_group = 0; ///< replies of an earlier one are late
    size_t m_pending = 0;
    bool m_isFailFast = false;
    int m_lastArrived = -1;
    Nanoseconds m_standing{};
    std::optional<Error> m_failure;
    std::vector<Watch> m_watches;  ///< in-process movements on their way
    std::vector<int> m_travelling; ///< the others
};

} // namespace birch
