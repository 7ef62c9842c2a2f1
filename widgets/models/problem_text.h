#pragma once

#include "core/base/problem.h"

namespace birch {

/// For people: where, what, and what to do.
QString problemText(const Problem &problem);
/// The first of \a problems as one sentence with its remedy, and how many more there are.
QString problemText(const Problems &problems);

} // namespace birch
