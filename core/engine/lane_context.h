#pragma once

#include "core/engine/condition_values.h"
#include "core/engine/prompt_desk.h"
#include "core/engine/run_rows.h"
#include "core/engine/scan_timer.h"
#include "core/engine/setpoint_restore.h"

#include <stop_token>

namespace birch {

/// What guards ask for; each reason is a sentence for the operator.
struct GuardCalls {
    std::function<void(const QString &reason)> alert; ///< make safe, abort
    std::function<void(const QString &reason)> hold;  ///< pause, until as many releases
    std::function<void(const QString &reason)> release;
};

/// What the lanes of one scan share. Engine thread.
struct LaneContext {
    LaneContext(std::shared_ptr<const ScanPlan> scanPlan, RunHandles &runHandles,
                RunRecord &runRecord, ScanTimer &scanTimer, Clock &runClock, SliceLimits slice);

    std::shared_ptr<const ScanPlan> plan;
    RunHandles &handles;
    RunRecord &record;
    ScanTimer &timer;
    Clock &clock;
    SliceLimits limits;
    RunRows rows;
    GuardCalls guards = {};
    ConditionValues conditions;
    /// There is nobody to ask: the scan pauses until the operator resumes it.
    std::function<void(const QString &reason)> askPause = {};
    PromptDesk *prompts = nullptr; ///< null: there is nobody to ask
    QUuid scan = {};
    /// Per object: the timer's operation of its first read; those of movements are as in the plan.
    std::vector<int> firstReads = {};
    Nanoseconds callTimeout;   ///< of one slice of calls to in-process instruments
    std::stop_token stop = {}; ///< reaches in-process instruments in the middle of a call
};

} // namespace birch
