#include "core/engine/condition_wait.h"

#include "core/base/unit.h"
#include "core/plan/duration_text.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {

ExpressionValue lastOf(const ColumnValues &column, QString *text)
{
    const qint64 last = column.valueCount() - 1;
    if (last < 0 || column.stateAt(last) != ValueState::Ok)
        return {};
    switch (column.type()) {
    case ColumnType::Float64:
        return ExpressionValue::ofNumber(column.doubleAt(last));
    case ColumnType::Int64:
        return ExpressionValue::ofNumber(double(column.intAt(last)));
    case ColumnType::Bool:
        return ExpressionValue::ofTruth(column.boolAt(last));
    case ColumnType::Utf8:
        break;
    }
    *text = column.textAt(last);
    return ExpressionValue::ofText(*text);
}

} // namespace

ConditionWait::ConditionWait(const PlanStep &step, LaneContext &lanes,
                             std::function<void(const Status &)> done)
    : m_plan(lanes.plan->watches.at(step.watch))
    , m_rule(*m_plan.wait)
    , m_lanes(lanes)
    , m_indices(step.indices.begin(), step.indices.end())
    , m_table(0, m_plan.probe, 0)
    , m_reader(lanes.handles.probes[size_t(step.watch)], m_table)
    , m_schedule(m_reader, m_plan.interval, step.timeout, lanes,
                 [this](const ReadSchedule::Outcome &outcome) { take(outcome); })
    , m_done(std::move(done))
    , m_texts(size_t(m_rule.operands.size()))
    , m_left(m_rule.limit)
{
}

void ConditionWait::resume()
{
    if (m_outcome)
        return tellLater();
    m_trueSinceNs.reset();
    m_runningSinceNs = m_lanes.clock.bootNs();
    m_lanes.clock.after(m_left, this, [this, turn = ++m_turn] {
        if (turn == m_turn)
            limitReached();
    });
    m_schedule.start();
}

void ConditionWait::pause()
{
    ++m_turn;
    const Nanoseconds passed(m_lanes.clock.bootNs() - m_runningSinceNs);
    m_left = std::max(Nanoseconds::zero(), m_left - passed);
    m_schedule.drop();
}

void ConditionWait::drop()
{
    ++m_turn;
    m_done = nullptr;
    m_schedule.drop();
}

void ConditionWait::take(const ReadSchedule::Outcome &outcome)
{
    if (!outcome.status)
        return finish(outcome.status);
    const Truth truth = test();
    m_table.clear();
    if (truth == Truth::Unknown)
        return finish(unknown());
    if (truth == Truth::False)
        return m_trueSinceNs.reset();
    const qint64 now = m_lanes.clock.bootNs();
    if (!m_trueSinceNs)
        m_trueSinceNs = now;
    if (now - *m_trueSinceNs >= m_rule.dwell.count())
        finish(ok());
}

Truth ConditionWait::test()
{
    m_operands.clear();
    for (qsizetype i = 0; i < m_rule.operands.size(); ++i) {
        const WaitRule::Operand &operand = m_rule.operands[i];
        m_operands.push_back(
            operand.column >= 0
                ? lastOf(m_table.batch().columns[size_t(operand.column)], &m_texts[size_t(i)])
                : m_lanes.conditions.current(operand.value, m_indices));
    }
    return m_rule.condition.test(m_operands);
}

Error ConditionWait::unknown() const
{
    return {ErrorCode::BadInput,
            tr("The condition \"%1\" is neither true nor false, because a value is missing")
                .arg(m_rule.condition.text())};
}

void ConditionWait::limitReached()
{
    finish(
        Error{ErrorCode::Timeout, tr("\"%1\" did not become true within %2")
                                      .arg(m_rule.condition.text(), durationText(m_rule.limit))});
}

void ConditionWait::finish(const Status &status)
{
    ++m_turn;
    m_schedule.drop();
    m_outcome = status;
    tellLater();
}

void ConditionWait::tellLater()
{
    m_lanes.clock.after({}, this, [this, turn = ++m_turn] {
        if (turn != m_turn)
            return;
        if (const auto done = std::exchange(m_done, nullptr))
            done(*m_outcome);
    });
}

} // namespace birch
