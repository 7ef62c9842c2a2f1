#include "core/engine/step_executor.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Reading the clock for every step would cost more than the step.
constexpr int kStepsPerClockRead = 32;
} // namespace

StepExecutor::StepExecutor(PlanCursor &cursor, LaneContext &lanes, const QString &name)
    : m_cursor(cursor)
    , m_lanes(lanes)
    , m_ownTime(name.isEmpty() ? nullptr : std::make_unique<LaneTimer>(lanes.timer, name))
    , m_time(m_ownTime ? *m_ownTime : lanes.timer.main())
    , m_moves(lanes.handles.movements, lanes.clock)
    , m_restore(*lanes.plan, lanes.handles, lanes.clock)
    , m_disruptions(lanes.handles.disruptions())
    , m_call(Call::within({}))
{
}

void StepExecutor::run()
{
    m_phase = Phase::Running;
    m_call = Call::within(m_lanes.callTimeout, m_lanes.stop);
    m_sliceEndNs = m_lanes.clock.bootNs() + m_lanes.limits.duration.count();
    for (int steps = 0; perform(m_cursor.current()); ++steps) {
        if (isSliceOver(steps)) {
            if (flush())
                runLater();
            return;
        }
    }
}

bool StepExecutor::isSliceOver(int steps) const
{
    if (steps + 1 >= m_lanes.limits.steps)
        return true;
    if (m_lanes.rows.isFull(m_lanes.limits))
        return true;
    return steps % kStepsPerClockRead == kStepsPerClockRead - 1 &&
           m_lanes.clock.bootNs() >= m_sliceEndNs;
}

void StepExecutor::runLater()
{
    m_phase = Phase::Waiting;
    m_time.to(TimePart::Overhead);
    QMetaObject::invokeMethod(
        this,
        [this, turn = ++m_turn] {
            if (turn == m_turn)
                run();
        },
        Qt::QueuedConnection);
}

bool StepExecutor::perform(const PlanStep &step)
{
    if (m_isHaltAsked && step.kind != StepKind::Finished)
        return rest();
    if (isDisrupted() &&
        (step.kind == StepKind::Move || step.kind == StepKind::Measure || step.watch >= 0)) {
        if (yield())
            bringBack([this] { run(); });
        return false;
    }
    m_isBetweenPoints = false;
    accountFor(step);
    switch (step.kind) {
    case StepKind::Move:
        return move(step);
    case StepKind::Measure:
        return measure(step);
    case StepKind::Wait:
        if (step.watch >= 0 && !step.isSkipped)
            return waitUntil(step);
        if (!step.isSkipped)
            return wait(step.duration);
        m_cursor.advance();
        return true;
    case StepKind::Decide:
        return decide(step);
    case StepKind::Prompt:
        return prompt(step);
    case StepKind::Fork:
        return fork();
    case StepKind::WatchBegin:
        return beginWatch(step);
    case StepKind::WatchEnd:
        return endWatch(step);
    case StepKind::Finished:
        break;
    }
    if (flush())
        end(ok());
    return false;
}

bool StepExecutor::move(const PlanStep &step)
{
    // Where no point will ever come, this is where a pause takes effect.
    if (m_isPauseAsked && !m_cursor.hasPoints())
        return rest();
    if (step.isSkipped) {
        for (const MoveTarget &target : step.targets) {
            MovementHandle &movement = m_lanes.handles.movements[size_t(target.movement)];
            movement.setpoint = target.value; // the point's coordinate, never asked for
            movement.setpointState = ValueState::Skipped;
            movement.readbackState = ValueState::Skipped;
        }
        m_cursor.advance();
        return true;
    }
    const auto done = [this](const Status &moved) {
        m_isTravelling = false;
        accountForMove();
        if (moved ? settle() : failed(moved.error()))
            run();
    };
    const bool failFast = step.failure.policy == FailurePolicy::Abort;
    if (!m_moves.canMoveNow(step.targets)) {
        if (!yield())
            return false;
        m_isTravelling = true;
        m_moves.move(step.targets, step.timeout, failFast, done);
        return false;
    }
    const auto outcome = m_moves.moveNow(step.targets, m_call);
    if (!outcome)
        return failed(outcome.error());
    if (outcome.value() == MoveGroup::Outcome::Settled)
        return settle();
    if (!yield())
        return false;
    m_isTravelling = true;
    m_moves.travel(step.targets, step.timeout, failFast, done);
    return false;
}

bool StepExecutor::settle()
{
    if (m_isHaltAsked) {
        m_isSettling = true;
        return rest();
    }
    const Nanoseconds duration = m_settle = m_cursor.current().duration;
    m_attempts = 0;
    if (duration > Nanoseconds::zero()) {
        if (!yield())
            return false;
        m_isSettling = true;
        const PlanStep &step = m_cursor.current();
        m_time.to(TimePart::Settle, step.node, step.targets.front().movement);
        m_lanes.clock.after(duration, this, [this, turn = ++m_turn] {
            if (turn == m_turn)
                goOn();
        });
        return false;
    }
    m_cursor.advance();
    return true;
}

bool StepExecutor::measure(const PlanStep &step)
{
    PointTable &table = m_lanes.rows.table(step.object);
    if (m_lanes.rows.holdsOthersThan(table) && !flush())
        return false;
    if (step.isSkipped) {
        table.skipValues();
        return finishPoint(step, table);
    }
    PointReader &reader = m_lanes.rows.reader(step.object);
    if (reader.isInline()) {
        const Status read = reader.readNow(m_call);
        return read ? finishPoint(step, table) : failed(read.error());
    }
    if (yield())
        reader.read(step.timeout, step.failure.policy == FailurePolicy::Abort,
                    [this, &table, &reader](const Status &read) {
                        accountForReading(reader);
                        if (read ? finishPoint(m_cursor.current(), table) : failed(read.error()))
                            run();
                    });
    return false;
}

bool StepExecutor::finishPoint(const PlanStep &step, PointTable &table)
{
    m_lanes.rows.finish(table, step.indices, m_lanes.handles.movements);
    m_lanes.conditions.measured(step.object, table);
    m_attempts = 0;
    m_cursor.advance();
    m_isBetweenPoints = true;
    if (m_isPauseAsked && !m_cursor.isFinished())
        return rest();
    return true;
}

bool StepExecutor::wait(Nanoseconds duration)
{
    if (!yield())
        return false;
    m_isInWait = true;
    m_waitEndNs = m_lanes.clock.bootNs() + duration.count();
    if (m_isPauseAsked)
        return rest();
    resumeWait();
    return false;
}

void StepExecutor::goOn()
{
    m_isInWait = m_isSettling = false;
    m_cursor.advance();
    run();
}

bool StepExecutor::yield()
{
    if (!flush())
        return false;
    m_phase = Phase::Waiting;
    return true;
}

bool StepExecutor::flush()
{
    if (!m_lanes.rows.isPending())
        return true;
    const qint64 begunNs = m_time.nowNs();
    const Status recorded = m_lanes.rows.flush();
    m_time.give(TimePart::Store, Nanoseconds(m_time.nowNs() - begunNs));
    if (!recorded)
        end(recorded.error());
    return bool(recorded);
}

void StepExecutor::drop()
{
    if (m_phase != Phase::Ended)
        m_time.stop();
    m_phase = Phase::Ended;
    ++m_turn;
    m_moves.drop();
    m_restore.drop();
    if (m_until)
        m_until->drop();
    withdrawQuestion();
    for (const auto &branch : m_branches)
        branch->drop();
    for (const RunningWatch &running : m_watches)
        running.watch->drop();
    if (m_cursor.current().kind == StepKind::Measure)
        m_lanes.rows.reader(m_cursor.current().object).drop();
}

void StepExecutor::end(const Status &status)
{
    drop();
    emit finished(status);
}

} // namespace birch
