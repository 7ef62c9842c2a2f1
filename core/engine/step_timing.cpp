// How a StepExecutor accounts for its time.
#include "core/engine/step_executor.h"

namespace birch {

namespace {
/// Instruments that answer slower than this are timed call by call; for faster ones reading the
/// clock would cost a noticeable part of the step.
constexpr qint64 kSlowStepNs = 20'000;
} // namespace

void StepExecutor::account(TimePart next)
{
    charge();
    const bool isOfStep =
        next != TimePart::Overhead && next != TimePart::InProcess && next != TimePart::Pause;
    const NodeId node = isOfStep ? m_cursor.current().node : NodeId();
    m_entry = m_lanes.timing.entry(m_lane, node, next, [&] { return instrumentsOf(next); });
}

void StepExecutor::charge()
{
    const qint64 now = m_lanes.clock.bootNs();
    if (m_sinceNs >= 0 && now > m_sinceNs)
        m_lanes.timing.add(m_entry, now - m_sinceNs);
    m_sinceNs = now;
}

QStringList StepExecutor::instrumentsOf(TimePart part) const
{
    QStringList names;
    const auto note = [&names](const QString &name) {
        if (const QString nickname = name.section(u'.', 0, 0); !names.contains(nickname))
            names.append(nickname);
    };
    const PlanStep &step = m_cursor.current();
    if (part == TimePart::Read && step.object >= 0) {
        for (const ReadHandle &read : m_lanes.handles.reads[size_t(step.object)])
            note(read.name);
    }
    if (part == TimePart::Move || part == TimePart::Settle) {
        for (const MoveTarget &target : step.targets)
            note(m_lanes.handles.movements[size_t(target.movement)].name);
    }
    return names;
}

/// What the lane waits for once the loop has been left.
TimePart StepExecutor::awaited() const
{
    if (m_phase == Phase::Forked)
        return TimePart::Branches;
    if (m_phase == Phase::Paused)
        return TimePart::Pause;
    if (m_phase != Phase::Waiting)
        return TimePart::Overhead;
    if (m_isFailing)
        return TimePart::Retry;
    if (m_isSettling)
        return TimePart::Settle;
    if (m_isTravelling)
        return TimePart::Move;
    switch (m_cursor.current().kind) {
    case StepKind::Measure:
        return TimePart::Read;
    case StepKind::Wait:
    case StepKind::Prompt:
        return TimePart::Wait;
    case StepKind::WatchBegin:
    case StepKind::WatchEnd:
        return TimePart::Watch;
    default:
        return TimePart::Overhead;
    }
}

bool StepExecutor::performTimed(const PlanStep &step)
{
    if (!m_isTimedSingly || step.isSkipped)
        return perform(step);
    const bool isMove = step.kind == StepKind::Move && m_moves.isInline(step.targets);
    const bool isRead =
        step.kind == StepKind::Measure && m_lanes.rows.reader(step.object).isInline();
    if (!isMove && !isRead)
        return perform(step);
    account(isMove ? TimePart::Move : TimePart::Read);
    const bool goesOn = perform(step);
    if (goesOn)
        account(TimePart::Overhead);
    return goesOn;
}

void StepExecutor::beginSlice()
{
    account(m_isTimedSingly ? TimePart::Overhead : TimePart::InProcess);
    m_sliceBeganNs = m_sinceNs;
    m_sliceEndNs = m_sinceNs + m_lanes.limits.duration.count();
}

void StepExecutor::endSlice(int steps, TimePart next)
{
    account(next);
    m_isTimedSingly = m_sinceNs - m_sliceBeganNs > qint64(steps) * kSlowStepNs;
}

} // namespace birch
