#include "app/session/queue_scans.h"

#include "core/base/id.h"
#include "core/plan/scan_json.h"

namespace birch {

QList<RequiredInstrument> offeredBy(const BenchFile &file)
{
    QList<RequiredInstrument> offers;
    for (const BenchEntry &entry : file.entries)
        offers.append({entry.nickname, entry.spec.definitionId, {}});
    return offers;
}

QList<RequiredInstrument> neededBy(const QueueItem &item, const BenchSpecs &bench)
{
    QList<RequiredInstrument> needs;
    for (const QString &nickname : item.plan->instruments)
        needs.append({nickname, bench.value(nickname).definitionId, {}});
    return needs;
}

NewQueueItem newQueueItem(const QueueItem &item, const BenchSpecs &bench)
{
    NewQueueItem asked;
    asked.name = item.name;
    asked.tree = item.tree;
    asked.details = item.details;
    asked.needs = neededBy(item, bench);
    asked.priority = item.turn.priority;
    asked.isReady = item.turn.isReady;
    if (item.turn.notBeforeUs > 0)
        asked.notBefore = item.turn.notBeforeUs;
    asked.repeats = item.turn.repeats;
    return asked;
}

PreparedScan prepareScan(const StoredQueueItem &stored, const BenchSpecs &bench,
                         const NodeRegistry &registry)
{
    PreparedScan prepared;
    const ReadTree read = readTree(stored.asked.tree, registry, stored.asked.name);
    prepared.problems = read.problems;
    if (!read.tree)
        return prepared;
    CompiledPlan compiled = compilePlan(*read.tree, bench, registry, stored.asked.name);
    prepared.problems += compiled.problems;
    if (!compiled.plan)
        return prepared;
    QueueItem item;
    item.id = newUid();
    item.name = stored.asked.name;
    item.plan = std::move(compiled.plan);
    item.tree = stored.asked.tree;
    item.details = stored.asked.details;
    item.pointsPlanned = item.plan->points;
    item.shared = {stored.queue, stored.uid, stored.epoch, stored.position};
    prepared.item = std::move(item);
    return prepared;
}

} // namespace birch
