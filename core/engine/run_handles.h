#pragma once

#include "core/instrument/bench.h"
#include "core/plan/plan_cursor.h"

#include <vector>

namespace birch {

/// A movement of the plan and where it was last sent: resolved once per scan, so that a step looks
/// nothing up.
struct MovementHandle {
    InstrumentHost *host = nullptr;
    Instrument *inlined = nullptr; ///< non-null: called directly, on this thread
    int index = -1;
    SettleRule settle;
    QString name;         ///< "smu.voltage"
    bool canStop = false; ///< the instrument can halt it on its way
    double setpoint = 0;
    double readback = 0;
    ValueState setpointState = ValueState::Skipped; ///< Skipped: never asked for
    ValueState readbackState = ValueState::Skipped;
    bool hasRamp = false; ///< the instrument can be told how fast to go
    Limits limits = {};
    Nanoseconds setTime{};           ///< of one command, typically
    double slowestRamp = 0;          ///< see PlanMovement
    std::optional<double> sent = {}; ///< last accepted by the instrument, and not halted since

    double rate = 0; ///< as fast as it goes by itself; 0: at once
    /// Of the move under way, travel and dwell; none: it is not known where it came from.
    std::optional<Nanoseconds> planned = {};

    /// Before it is sent to \a target.
    void takeOff(const MoveTarget &target);
    /// Of movement \a index of \a host.
    static MovementHandle of(InstrumentHost &host, int index, const MovementSpec &spec);
};

/// A measurement that an object reads.
struct ReadHandle {
    InstrumentHost *host = nullptr;
    Instrument *inlined = nullptr;
    int index = -1;
    Nanoseconds timeout{};
    QString name; ///< "smu.iv"
};

/// The hosts of one scan. Engine thread; the bench outlives it.
struct RunHandles {
    std::vector<MovementHandle> movements;       ///< as in the plan
    std::vector<std::vector<ReadHandle>> reads;  ///< per object of the plan
    std::vector<std::vector<ReadHandle>> probes; ///< per watch of the plan; monitors have none
    std::vector<InstrumentHost *> hosts;         ///< of all instruments that the plan leases

    /// InstrumentHost::disruptions() of each host.
    std::vector<quint64> disruptions() const;

    /// Errors: NotFound - the bench has lost an instrument since the plan was compiled.
    static Result<RunHandles> resolve(const ScanPlan &plan, const Bench &bench);
};

} // namespace birch
