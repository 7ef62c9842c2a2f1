#include "core/plan/standard_nodes.h"

#include "core/plan/adaptive_kind.h"
#include "core/plan/guard_kind.h"
#include "core/plan/if_kind.h"
#include "core/plan/include_kind.h"
#include "core/plan/measure_kind.h"
#include "core/plan/monitor_kind.h"
#include "core/plan/parallel_kind.h"
#include "core/plan/prompt_kind.h"
#include "core/plan/repeat_kind.h"
#include "core/plan/sequence_kind.h"
#include "core/plan/set_kind.h"
#include "core/plan/sweep_kind.h"
#include "core/plan/wait_kind.h"

namespace birch {

namespace {

template<typename Kind>
void add(NodeRegistry &registry)
{
    const Status added = registry.add(std::make_unique<Kind>());
    Q_ASSERT(added); // an id given twice is our own bug; a test finds it
    Q_UNUSED(added)
}

} // namespace

NodeRegistry standardNodes()
{
    NodeRegistry registry;
    add<SequenceKind>(registry);
    add<SweepKind>(registry);
    add<AdaptiveKind>(registry);
    add<SetKind>(registry);
    add<MeasureKind>(registry);
    add<WaitKind>(registry);
    add<RepeatKind>(registry);
    add<ParallelKind>(registry);
    add<MonitorKind>(registry);
    add<GuardKind>(registry);
    add<IfKind>(registry);
    add<ElseKind>(registry);
    add<PromptKind>(registry);
    add<IncludeKind>(registry);
    return registry;
}

} // namespace birch
