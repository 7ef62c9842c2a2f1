#pragma once

#include "core/data/scan_timing.h"

namespace birch {

/// "dead time 31 % (settle 22, move 6)": the share of the time, pauses aside, in which nothing
/// was read or waited for on purpose, and its largest parts; "" before the first second.
QString deadTimeText(const PartTimes &parts);

} // namespace birch
