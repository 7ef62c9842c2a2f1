#include "core/engine/lane_context.h"

namespace birch {

namespace {
constexpr Nanoseconds kShortestCall = std::chrono::seconds(5);
} // namespace

LaneContext::LaneContext(std::shared_ptr<const ScanPlan> scanPlan, RunHandles &runHandles,
                         RunRecord &runRecord, ScanTimer &scanTimer, Clock &runClock,
                         SliceLimits slice)
    : plan(std::move(scanPlan))
    , handles(runHandles)
    , record(runRecord)
    , timer(scanTimer)
    , clock(runClock)
    , limits(slice)
    , rows(*plan, handles, record)
    , conditions(*plan, handles, clock)
    , callTimeout(kShortestCall)
{
    QStringList operations;
    for (const MovementHandle &movement : handles.movements)
        operations.append(movement.name);
    for (const auto &reads : handles.reads) {
        firstReads.push_back(int(operations.size()));
        for (const ReadHandle &read : reads) {
            operations.append(read.name);
            callTimeout = std::max(callTimeout, read.timeout);
        }
    }
    timer.setOperations(operations);
}

} // namespace birch
