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

namespace {

/// A column of a measurement of the bench.
struct BenchColumn {
    QString name; ///< "smu.iv"
    int column = -1;
};

} // namespace

std::optional<PlanWatch> CompileContext::waitFor(const ScanNode &node)
{
    QList<ExpressionName> names;
    QList<BenchColumn> columns; // of the names behind the known ones
    QList<KnownValue> known = knownValues();
    known.removeIf([](const KnownValue &value) {
        return value.value.kind != PlanValue::Kind::Setpoint &&
               value.value.kind != PlanValue::Kind::Index;
    });
    QHash<QString, int> taken;
    for (const KnownValue &value : std::as_const(known)) {
        names.append(value.name);
        ++taken[value.name.name];
    }
    for (auto at = m_bench.begin(); at != m_bench.end(); ++at) {
        for (const MeasurementSpec &measurement : at->measurements) {
            const QString from = at.key() + u'.' + measurement.name;
            for (int i = 0; i < measurement.columns.size(); ++i) {
                ColumnSpec column = measurement.columns[i];
                if (!column.shape.isEmpty())
                    continue;
                const QString plain = at.key() + u'.' + column.name;
                for (const QString &name : {plain, from + u'.' + measurement.columns[i].name}) {
                    if (taken[name]++ > 0)
                        continue; // the first measurement that yields it; others by their names
                    column.name = name;
                    names.append(nameOf(column));
                    columns.append({from, i});
                }
            }
        }
    }
    const QString field = u"condition"_s;
    const auto compiled = expression(node, field, node.fields.value(field).toString(), names,
                                     ExpressionGoal::condition());
    if (!compiled)
        return {};
    QStringList read;
    for (int used : compiled->uses()) {
        if (used >= known.size() && !read.contains(columns[used - known.size()].name))
            read.append(columns[used - known.size()].name);
    }
    if (read.isEmpty()) {
        problem(node, field, tr("The condition names nothing that could be read while waiting"),
                tr("Write what to wait for, e.g. heater.temperature > 300 K"));
        return {};
    }
    QList<PlanRead> reads;
    QHash<QString, int> first; // column of the probe
    int column = 1;            // behind the time
    for (const QString &name : std::as_const(read)) {
        reads.append(*measurement(node, field, name));
        first.insert(name, column);
        column += int(reads.last().spec.columns.size());
    }
    PlanWatch watch;
    watch.probe = probe(node, reads);
    watch.wait.emplace(WaitRule{*compiled, {}, {}, {}});
    for (int used : compiled->uses()) {
        if (used < known.size()) {
            watch.wait->operands.append({-1, positionOf(known[used].value)});
            continue;
        }
        const BenchColumn &from = columns[used - known.size()];
        watch.wait->operands.append({first.value(from.name) + from.column, -1});
    }
    return watch;
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
