#pragma once

#include "core/base/call.h"

#include <algorithm>

namespace birch {

/// Whole milliseconds of the next slice of a wait, rounded up: a wait of 0 would spin.
inline int sliceMs(Deadline deadline)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.remaining());
    return int(std::min(left, kWaitSlice).count());
}

} // namespace birch
