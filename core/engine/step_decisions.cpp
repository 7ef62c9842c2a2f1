// How a StepExecutor goes through conditions.
#include "core/engine/step_executor.h"

namespace birch {

bool StepExecutor::decide(const PlanStep &step)
{
    if (step.isSkipped) {
        m_cursor.advance();
        return true;
    }
    const Result<bool> answer = m_lanes.conditions.answer(step);
    if (!answer)
        return failed(answer.error());
    m_attempts = 0;
    m_cursor.decide(answer.value());
    return true;
}

} // namespace birch
