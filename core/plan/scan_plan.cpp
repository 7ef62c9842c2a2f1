#include "core/plan/scan_plan.h"

#include "core/plan/plan_node.h"

namespace birch {

ScanPlan::ScanPlan() = default;
ScanPlan::~ScanPlan() = default;
ScanPlan::ScanPlan(ScanPlan &&) noexcept = default;
ScanPlan &ScanPlan::operator=(ScanPlan &&) noexcept = default;

} // namespace birch
