// Monitors and guards: what is read at an interval beside the steps.
#include "core/plan/compile_context.h"
#include "core/plan/duration_text.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {

ExpressionName nameOf(const ColumnSpec &column)
{
    if (column.type == ColumnType::Bool)
        return {column.name, ExpressionType::Boolean};
    if (column.type == ColumnType::Utf8)
        return {column.name, ExpressionType::Text};
    return {column.name, ExpressionType::Number, Unit(column.unit)};
}

} // namespace

int CompileContext::addWatch(const ScanNode &node, PlanWatch watch)
{
    watch.name = titleOf(node);
    m_watches.append(std::move(watch));
    return int(m_watches.size()) - 1;
}

std::vector<std::unique_ptr<const PlanNode>> CompileContext::watchedChildren(const ScanNode &node)
{
    const size_t loopsAround = std::exchange(m_loopsOfLane, m_loops.size());
    auto compiled = children(node);
    m_loopsOfLane = loopsAround;
    return compiled;
}

std::optional<Nanoseconds> CompileContext::interval(const ScanNode &node)
{
    const auto typed = duration(node, u"interval"_s, node.fields.value(u"interval"_s));
    if (!typed || *typed >= kMinInterval)
        return typed;
    problem(node, u"interval"_s,
            tr("The interval is shorter than %1").arg(durationText(kMinInterval)),
            tr("Use a longer one; for faster points use a measure node with repeats"));
    return {};
}

PlanObject CompileContext::probe(const ScanNode &node, QList<PlanRead> reads)
{
    PlanObject object;
    object.node = node.id;
    object.columns.append(ColumnSpec{});
    object.columns.first().name = u"time"_s;
    object.columns.first().type = ColumnType::Int64;
    object.columns.first().role = ColumnRole::Time;
    appendValues(node, &object, std::move(reads));
    return object;
}

std::optional<Expression> CompileContext::condition(const ScanNode &node, const QString &field,
                                                    const PlanObject &probe)
{
    const QString text = node.fields.value(field).toString().trimmed();
    if (text.isEmpty())
        return {};
    QList<ExpressionName> names;
    for (const ColumnSpec &column : probe.columns) {
        if (column.role == ColumnRole::Value && column.shape.isEmpty())
            names.append(nameOf(column));
    }
    return expression(node, field, text, names, ExpressionGoal::condition());
}

} // namespace birch
