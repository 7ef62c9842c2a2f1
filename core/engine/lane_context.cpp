#include "core/engine/lane_context.h"

namespace birch {

namespace {
constexpr Nanoseconds kShortestCall = std::chrono::seconds(5);
} // namespace

LaneContext::LaneContext(std::shared_ptr<const ScanPlan> scanPlan, RunHandles &runHandles,
                         RunRecord &runRecord, Clock &runClock, SliceLimits slice)
    : plan(std::move(scanPlan))
    , handles(runHandles)
    , record(runRecord)
    , clock(runClock)
    , limits(slice)
    , rows(*plan, handles, record)
    , conditions(*plan, handles, clock)
    , callTimeout(kShortestCall)
{
    for (const auto &reads : handles.reads) {
        for (const ReadHandle &read : reads)
            callTimeout = std::max(callTimeout, read.timeout);
    }
}

} // namespace birch
