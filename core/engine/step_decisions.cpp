// How a StepExecutor goes through conditions, and waits for them.
#include "core/engine/step_executor.h"

namespace birch {

bool StepExecutor::decide(const PlanStep &step)
{
    if (step.isSkipped) {
        m_cursor.advance();
        return true;
    }
    if (step.isNumber) {
        const Result<double> value = m_lanes.conditions.number(step);
        if (!value)
            return failed(value.error());
        m_attempts = 0;
        m_cursor.observe(value.value());
        return true;
    }
    const Result<bool> answer = m_lanes.conditions.answer(step);
    if (!answer)
        return failed(answer.error());
    m_attempts = 0;
    m_cursor.decide(answer.value());
    return true;
}

bool StepExecutor::waitUntil(const PlanStep &step)
{
    if (!yield())
        return false;
    m_until = std::make_unique<ConditionWait>(step, m_lanes,
                                              [this](const Status &met) { untilEnded(met); });
    if (m_isPauseAsked)
        return rest();
    m_until->resume();
    return false;
}

void StepExecutor::untilEnded(const Status &met)
{
    m_until.release()->deleteLater(); // it is what calls
    if (met) {
        m_attempts = 0;
        return goOn();
    }
    if (failed(met.error()))
        run();
}

} // namespace birch
