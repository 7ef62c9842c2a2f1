#include "core/engine/condition_values.h"

#include "core/base/unit.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr auto kValuesKey = "values"_L1;
constexpr auto kTimersKey = "timers"_L1; // ns since they began, as text: JSON numbers are doubles
constexpr qint64 kNotBegun = -1;
} // namespace

ConditionValues::ConditionValues(const ScanPlan &plan, const RunHandles &handles, Clock &clock)
    : m_plan(plan)
    , m_handles(handles)
    , m_clock(clock)
    , m_measured(size_t(plan.values.size()))
    , m_ofObject(size_t(plan.objects.size()))
    , m_timers(size_t(plan.timers), kNotBegun)
{
    for (int value = 0; value < int(plan.values.size()); ++value) {
        if (plan.values[value].kind == PlanValue::Kind::Column)
            m_ofObject[size_t(plan.values[value].place)].push_back(value);
    }
}

void ConditionValues::take(int value, const PointTable &table)
{
    const PlanValue &wanted = m_plan.values[value];
    const ColumnValues &column = table.batch().columns[size_t(wanted.column)];
    Measured &measured = m_measured[size_t(value)];
    const qint64 last = column.valueCount() - 1;
    measured.isKnown = last >= 0 && column.stateAt(last) == ValueState::Ok;
    if (!measured.isKnown)
        return;
    switch (column.type()) {
    case ColumnType::Float64:
        measured.number = column.doubleAt(last);
        break;
    case ColumnType::Int64:
        measured.number = double(column.intAt(last));
        break;
    case ColumnType::Bool:
        measured.number = column.boolAt(last) ? 1 : 0;
        break;
    case ColumnType::Utf8:
        measured.text = column.textAt(last);
        break;
    }
}

ExpressionValue ConditionValues::current(int value, std::span<const qint64> indices) const
{
    const PlanValue &wanted = m_plan.values[value];
    const auto place = size_t(wanted.place);
    switch (wanted.kind) {
    case PlanValue::Kind::Setpoint: {
        const MovementHandle &movement = m_handles.movements[place];
        return {movement.setpoint, {}, movement.setpointState == ValueState::Ok};
    }
    case PlanValue::Kind::Readback: {
        const MovementHandle &movement = m_handles.movements[place];
        return {movement.readback, {}, movement.readbackState == ValueState::Ok};
    }
    case PlanValue::Kind::Index:
        return {place < indices.size() ? double(indices[place]) : 0, {}, place < indices.size()};
    case PlanValue::Kind::Column:
        break;
    }
    const Measured &measured = m_measured[size_t(value)];
    return {measured.number, measured.text, measured.isKnown};
}

Result<bool> ConditionValues::answer(const PlanStep &step)
{
    if (step.timer < 0)
        return test(step.condition, step.indices);
    qint64 &began = m_timers[size_t(step.timer)];
    const qint64 now = m_clock.bootNs();
    if (step.isTimerStart || began == kNotBegun)
        began = now;
    return step.isTimerStart || now - began < step.duration.count();
}

Result<bool> ConditionValues::test(int condition, std::span<const qint64> indices)
{
    const PlanCondition &looked = m_plan.conditions[size_t(condition)];
    gather(looked, indices);
    const Truth truth = looked.expression.test(m_operands);
    if (truth == Truth::Unknown)
        return unknown(looked);
    return truth == Truth::True;
}

Result<double> ConditionValues::number(const PlanStep &step)
{
    const PlanCondition &looked = m_plan.conditions[size_t(step.condition)];
    gather(looked, step.indices);
    const ExpressionValue value = looked.expression.evaluate(m_operands);
    if (value.isKnown && std::isfinite(value.number))
        return value.number;
    return Error{
        ErrorCode::BadInput,
        tr("\"%1\" has no value, because %2").arg(looked.expression.text(), cause(looked))};
}

void ConditionValues::gather(const PlanCondition &condition, std::span<const qint64> indices)
{
    m_operands.clear();
    for (int value : condition.values)
        m_operands.push_back(current(value, indices));
}

Error ConditionValues::unknown(const PlanCondition &condition) const
{
    return {ErrorCode::BadInput, tr("The condition \"%1\" is neither true nor false, because %2")
                                     .arg(condition.expression.text(), cause(condition))};
}

QString ConditionValues::cause(const PlanCondition &condition) const
{
    QStringList missing;
    for (size_t i = 0; i < m_operands.size(); ++i) {
        if (!m_operands[i].isKnown || !std::isfinite(m_operands[i].number))
            missing.append(m_plan.values[condition.values[qsizetype(i)]].name);
    }
    return missing.isEmpty() ? tr("a part of it has no finite value")
                             : tr("%1 has no value").arg(missing.join(u", "_s));
}

QJsonObject ConditionValues::save() const
{
    QJsonObject values;
    for (size_t value = 0; value < m_measured.size(); ++value) {
        const Measured &measured = m_measured[value];
        if (measured.isKnown)
            values.insert(QString::number(value),
                          m_plan.values[qsizetype(value)].type == ExpressionType::Text
                              ? measured.text
                              : numberToText(measured.number));
    }
    QJsonObject saved;
    if (!values.isEmpty())
        saved.insert(kValuesKey, values);
    QJsonArray timers;
    for (qint64 began : m_timers)
        timers.append(began == kNotBegun ? QString() : QString::number(m_clock.bootNs() - began));
    if (!timers.isEmpty())
        saved.insert(kTimersKey, timers);
    return saved;
}

void ConditionValues::restore(const QJsonObject &saved)
{
    const QJsonObject values = saved.value(kValuesKey).toObject();
    for (size_t value = 0; value < m_measured.size(); ++value) {
        const QJsonValue text = values.value(QString::number(value));
        if (!text.isString())
            continue;
        m_measured[value] = {text.toString().toDouble(), text.toString(), true};
    }
    const QJsonArray timers = saved.value(kTimersKey).toArray();
    for (qsizetype i = 0; i < timers.size() && i < qsizetype(m_timers.size()); ++i) {
        const QString elapsed = timers[i].toString();
        m_timers[size_t(i)] =
            elapsed.isEmpty() ? kNotBegun : m_clock.bootNs() - elapsed.toLongLong();
    }
}

} // namespace birch
