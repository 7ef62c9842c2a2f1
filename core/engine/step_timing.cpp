// How a StepExecutor accounts for its time.
#include "core/engine/step_executor.h"

namespace birch {

/// Reads the clock once: the step before ends where this one begins.
void StepExecutor::accountFor(const PlanStep &step)
{
    if (step.isSkipped)
        return m_time.to(TimePart::Overhead, step.node);
    switch (step.kind) {
    case StepKind::Move:
        for (const MoveTarget &target : step.targets)
            m_lanes.handles.movements[size_t(target.movement)].takeOff(target);
        return m_time.to(TimePart::Move, step.node, step.targets.front().movement);
    case StepKind::Measure:
        return m_time.to(TimePart::Read, step.node, m_lanes.firstReads[size_t(step.object)]);
    case StepKind::Wait:
    case StepKind::Prompt:
        return m_time.to(TimePart::Wait, step.node);
    case StepKind::Fork:
        return m_time.to(TimePart::Branches, step.node);
    case StepKind::Decide:
    case StepKind::WatchBegin:
    case StepKind::WatchEnd:
    case StepKind::Finished:
        break;
    }
    m_time.to(TimePart::Overhead, step.node);
}

/// The movement that arrived last is what the lane has waited for.
void StepExecutor::accountForMove()
{
    if (m_moves.lastArrived() < 0)
        return;
    const int last = m_moves.lastArrived();
    const PlanStep &step = m_cursor.current();
    const MovementHandle &movement = m_lanes.handles.movements[size_t(last)];
    m_time.took(last, movement.planned, step.duration);
    m_time.isOf(last);
    m_time.give(TimePart::Settle, m_moves.standing());
}

void StepExecutor::accountForReading(const PointReader &reader)
{
    const ReadTimes &times = reader.times();
    if (reader.lastAnswered() < 0 || times.sum() <= Nanoseconds::zero())
        return;
    const int last = m_lanes.firstReads[size_t(m_cursor.current().object)] + reader.lastAnswered();
    m_time.took(last, Nanoseconds::zero());
    m_time.isOf(last);
    m_time.give(TimePart::Trigger, times.trigger);
    m_time.give(TimePart::Transfer, times.transfer);
    m_time.give(TimePart::Overhead, m_time.elapsed() - times.answer); // on its way between threads
}

} // namespace birch
