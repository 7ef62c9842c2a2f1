#include "core/engine/guard_watch.h"

#include "core/base/unit.h"
#include "core/plan/duration_text.h"
#include "core/plan/guard_kind.h"

using namespace Qt::StringLiterals;

namespace birch {

GuardWatch::GuardWatch(OpenWatch watch, LaneContext &lanes)
    : m_watch(std::move(watch))
    , m_plan(lanes.plan->watches.at(m_watch.watch))
    , m_rule(*m_plan.guard)
    , m_lanes(lanes)
    , m_table(0, m_plan.probe, 0)
    , m_reader(lanes.handles.probes[size_t(m_watch.watch)], m_table, Priority::Guard)
    , m_schedule(m_reader, m_plan.interval, m_watch.timeout, lanes,
                 [this](const ReadSchedule::Outcome &outcome) { take(outcome); })
{
    const auto &columns = m_plan.probe.columns;
    for (int column = 0; column < columns.size(); ++column) {
        if (columns[column].role == ColumnRole::Value && columns[column].shape.isEmpty())
            m_columns.push_back(column);
    }
    m_texts.resize(m_columns.size());
}

void GuardWatch::start(std::function<void()> begun)
{
    m_begun = std::move(begun);
    expectReading();
    m_schedule.start();
}

void GuardWatch::finish(std::function<void()> ended)
{
    const bool wasHolding = m_isHolding;
    drop();
    if (wasHolding)
        m_lanes.guards.release(tr("%1: what it guards is done").arg(m_plan.name));
    ended();
}

void GuardWatch::drop()
{
    ++m_turn;
    m_isHolding = false;
    m_begun = nullptr;
    m_schedule.drop();
}

void GuardWatch::expectReading()
{
    m_lanes.clock.after(m_plan.interval * kBlindIntervals, this, [this, turn = ++m_turn] {
        if (turn != m_turn)
            return;
        const QString why =
            tr("it could not be read for %1").arg(durationText(m_plan.interval * kBlindIntervals));
        alert(m_problem.isEmpty() ? why : why + u" ("_s + m_problem + u')');
    });
}

void GuardWatch::take(const ReadSchedule::Outcome &outcome)
{
    if (!outcome.status) {
        if (m_problem.isEmpty())
            m_lanes.record.log(u"warning"_s,
                               tr("%1: %2").arg(m_plan.name, outcome.status.error().message));
        m_problem = outcome.status.error().message;
        return;
    }
    m_problem.clear();
    expectReading();
    judge();
    m_table.clear();
    if (const auto begun = std::exchange(m_begun, nullptr))
        QMetaObject::invokeMethod(this, begun, Qt::QueuedConnection);
}

void GuardWatch::judge()
{
    const Truth warning = test(m_rule.warning);
    const Truth clear = test(m_rule.clear);
    if (!isAlert(warning, clear))
        judgeWarning(warning, clear);
}

bool GuardWatch::isAlert(Truth warning, Truth clear)
{
    const Truth alerting = test(m_rule.alert);
    const bool isBlind =
        alerting == Truth::Unknown || warning == Truth::Unknown || clear == Truth::Unknown;
    if (alerting != Truth::True && !isBlind) {
        m_alerts = 0;
        return false;
    }
    if (++m_alerts >= m_rule.confirm)
        alert(alerting == Truth::True
                  ? tr("%1 (%2)").arg(m_rule.alert->text(), readings())
                  : tr("a value that it needs is missing (%1)").arg(readings()));
    return true;
}

void GuardWatch::judgeWarning(Truth warning, Truth clear)
{
    if (!m_rule.warning)
        return;
    if (!m_isHolding) {
        m_warnings = warning == Truth::True ? m_warnings + 1 : 0;
        if (m_warnings < m_rule.confirm)
            return;
        m_isHolding = true;
        m_clearSinceNs.reset();
        return m_lanes.guards.hold(
            tr("%1: %2 (%3)").arg(m_plan.name, m_rule.warning->text(), readings()));
    }
    const bool isClear = warning == Truth::False && (!m_rule.clear || clear == Truth::True);
    const qint64 now = m_lanes.clock.bootNs();
    if (!isClear)
        return m_clearSinceNs.reset();
    if (!m_clearSinceNs)
        m_clearSinceNs = now;
    if (now - *m_clearSinceNs < m_rule.dwell.count())
        return;
    m_isHolding = false;
    m_warnings = 0;
    m_lanes.guards.release(tr("%1: all is well again (%2)").arg(m_plan.name, readings()));
}

Truth GuardWatch::test(const std::optional<Expression> &condition)
{
    if (!condition)
        return Truth::False;
    m_values.clear();
    for (const int name : condition->uses()) {
        const int column = m_columns[size_t(name)];
        const ColumnValues &values = m_table.column(column);
        ExpressionValue value;
        if (values.stateAt(0) != ValueState::Ok) {
            m_values.push_back(value);
            continue;
        }
        switch (values.type()) {
        case ColumnType::Float64:
            value = ExpressionValue::ofNumber(values.doubleAt(0));
            break;
        case ColumnType::Int64:
            value = ExpressionValue::ofNumber(double(values.intAt(0)));
            break;
        case ColumnType::Bool:
            value = ExpressionValue::ofTruth(values.boolAt(0));
            break;
        case ColumnType::Utf8:
            m_texts[size_t(name)] = values.textAt(0);
            value = ExpressionValue::ofText(m_texts[size_t(name)]);
            break;
        }
        m_values.push_back(value);
    }
    return condition->test(m_values);
}

QString GuardWatch::readings() const
{
    QStringList parts;
    for (const int column : m_columns) {
        const ColumnSpec &spec = m_plan.probe.columns.at(column);
        const ColumnValues &values = m_table.column(column);
        if (spec.type != ColumnType::Float64)
            continue;
        const QString value =
            values.stateAt(0) == ValueState::Ok ? numberToText(values.doubleAt(0)) : tr("missing");
        parts.append(u"%1 = %2 %3"_s.arg(spec.name, value, spec.unit).trimmed());
    }
    return parts.join(u", "_s);
}

void GuardWatch::alert(const QString &why)
{
    const QString reason = tr("%1: alert, %2").arg(m_plan.name, why);
    drop();
    m_lanes.guards.alert(reason);
}

} // namespace birch
