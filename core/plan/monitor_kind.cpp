#include "core/plan/monitor_kind.h"

#include "core/plan/compile_context.h"
#include "core/plan/kind_fields.h"
#include "core/plan/plan_limits.h"
#include "core/plan/read_list.h"
#include "core/plan/watch_crowding.h"
#include "core/plan/watch_node.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("MonitorKind", text);
}
} // namespace

NodeDeclaration MonitorKind::declaration() const
{
    NodeDeclaration declaration;
    declaration.id = u"monitor"_s;
    declaration.label = tr("Monitor");
    declaration.help = tr("Reads measurements at an interval while what is inside runs");
    declaration.icon = u"monitor"_s;
    declaration.takesChildren = true;
    declaration.yieldsData = true;
    declaration.fields = {measurementsField(), intervalField()};
    return declaration;
}

QString MonitorKind::summary(const QJsonObject &fields) const
{
    QStringList names;
    const QJsonArray measurements = fields.value(u"measurements"_s).toArray();
    for (const QJsonValue &name : measurements)
        names.append(name.toString());
    const QString interval = fieldText(fields.value(u"interval"_s), u"s"_s);
    return interval.isEmpty() ? names.join(u", "_s)
                              : tr("%1 every %2").arg(names.join(u", "_s), interval);
}

std::unique_ptr<PlanNode> MonitorKind::compile(const ScanNode &node, CompileContext &context) const
{
    QList<PlanRead> reads = compileReads(node, context);
    const auto interval = context.interval(node);
    // First what is inside: its setpoints are columns of what is read meanwhile.
    const qsizetype objectsBefore = context.objects().size();
    auto children = context.watchedChildren(node);
    if (reads.isEmpty() || !interval || children.empty())
        return nullptr;
    noteCrowding(node, context, reads, *interval, objectsBefore,
                 tr("readings of this monitor would be left out"));
    Nanoseconds inside{};
    for (const auto &child : children)
        inside = context.sum(inside, child->duration);
    const qint64 rows = std::min<qint64>(inside.count() / interval->count() + 1, kMaxPoints);
    PlanWatch watch;
    watch.interval = *interval;
    watch.object = context.addMonitorObject(node, std::move(reads), rows);
    auto monitor = std::make_unique<WatchNode>(context.addWatch(node, std::move(watch)));
    monitor->children = std::move(children);
    context.setTotals(node, *monitor, 2, rows, Nanoseconds::zero());
    monitor->monitorPoints += std::min(rows, monitor->points);
    return monitor;
}

} // namespace birch
