#pragma once

#include "core/plan/field_spec.h"
#include "core/plan/scan_node.h"
#include "core/plan/scan_plan.h"

namespace birch {

class CompileContext;

/// "measurements", shared by the kinds that read.
FieldSpec measurementsField();
/// What its "measurements" name, each once; problems are in \a context.
QList<PlanRead> compileReads(const ScanNode &node, CompileContext &context);
/// The measurements of one instrument are read in turn, several instruments at the same time.
Nanoseconds readTime(const QList<PlanRead> &reads);

} // namespace birch
