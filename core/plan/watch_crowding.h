#pragma once

#include "core/plan/compile_context.h"

namespace birch {

/// Notes at \a node, a monitor or a guard that reads \a reads at \a interval, when something inside
/// it reads one of their instruments for longer than \a patience: readings of one instrument wait
/// for each other. \a objectsBefore: how many objects the plan had before what is inside was
/// compiled. \a consequence: what becomes of it, one sentence.
void noteCrowding(const ScanNode &node, CompileContext &context, const QList<PlanRead> &reads,
                  Nanoseconds patience, qsizetype objectsBefore, const QString &consequence);

} // namespace birch
