#include "core/engine/step_executor.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Reading the clock for every step would cost more than the step.
constexpr int kStepsPerClockRead = 32;
} // namespace

StepExecutor::StepExecutor(std::shared_ptr<const ScanPlan> plan, PlanCursor cursor,
                           RunHandles &handles, RunRecord &record, Clock &clock, SliceLimits limits)
    : m_plan(std::move(plan))
    , m_cursor(std::move(cursor))
    , m_handles(handles)
    , m_record(record)
    , m_clock(clock)
    , m_limits(limits)
    , m_moves(handles.movements, clock)
    , m_restore(*m_plan, handles, clock)
    , m_call(Call::within({}))
    , m_callTimeout(std::chrono::seconds(5))
{
    for (int object = 0; object < m_plan->objects.size(); ++object) {
        m_tables.push_back(std::make_unique<PointTable>(object, m_plan->objects.at(object),
                                                        record.writer().nextRow(object)));
        const auto &reads = handles.reads[size_t(object)];
        m_readers.push_back(std::make_unique<PointReader>(reads, *m_tables.back()));
        for (const ReadHandle &read : reads)
            m_callTimeout = std::max(m_callTimeout, read.timeout);
    }
}

void StepExecutor::start(std::stop_token stop)
{
    m_stop = std::move(stop);
    if (!m_isRestoring)
        return runLater();
    m_phase = Phase::Waiting;
    m_restore.restore(m_cursor.setpointsInForce(), m_cursor.readsSinceMove(),
                      [this](const Status &restored) {
                          if (!restored)
                              return end(restored.error().within(
                                  tr("Bringing the setpoints back to where the scan stood")));
                          applySkipped();
                          m_isRestoring = false;
                          run();
                      });
}

void StepExecutor::run()
{
    m_phase = Phase::Running;
    m_call = Call::within(m_callTimeout, m_stop);
    m_sliceEndNs = m_clock.bootNs() + m_limits.duration.count();
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
    if (steps + 1 >= m_limits.steps)
        return true;
    if (m_pending &&
        (m_pending->rowCount() >= m_limits.rows || m_pending->byteCount() >= m_limits.bytes))
        return true;
    return steps % kStepsPerClockRead == kStepsPerClockRead - 1 && m_clock.bootNs() >= m_sliceEndNs;
}

void StepExecutor::runLater()
{
    m_phase = Phase::Waiting;
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
    m_isBetweenPoints = false;
    switch (step.kind) {
    case StepKind::Move:
        return move(step);
    case StepKind::Measure:
        return measure(step);
    case StepKind::Wait:
        if (!step.isSkipped)
            return wait(step.duration);
        m_cursor.advance();
        return true;
    case StepKind::Finished:
        break;
    }
    if (flush())
        end(ok());
    return false;
}

bool StepExecutor::move(const PlanStep &step)
{
    if (step.isSkipped) {
        for (const MoveTarget &target : step.targets) {
            MovementHandle &movement = m_handles.movements[size_t(target.movement)];
            movement.setpoint = target.value; // the point's coordinate, never asked for
            movement.setpointState = ValueState::Skipped;
            movement.readbackState = ValueState::Skipped;
        }
        m_cursor.advance();
        return true;
    }
    const auto done = [this](const Status &moved) {
        if (moved ? settle() : failed(moved.error()))
            run();
    };
    const bool failFast = step.failure.policy == FailurePolicy::Abort;
    if (!m_moves.isInline(step.targets)) {
        if (!yield())
            return false;
        m_moves.move(step.targets, step.timeout, failFast, done);
        return false;
    }
    const auto outcome = m_moves.moveNow(step.targets, m_call);
    if (!outcome)
        return failed(outcome.error());
    if (outcome.value() == MoveGroup::Outcome::Settled)
        return settle();
    if (yield())
        m_moves.travel(step.targets, step.timeout, failFast, done);
    return false;
}

bool StepExecutor::settle()
{
    const Nanoseconds duration = m_cursor.current().duration;
    m_attempts = 0;
    if (duration > Nanoseconds::zero()) {
        if (yield())
            m_clock.after(duration, this, [this, turn = ++m_turn] {
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
    PointTable &table = *m_tables[size_t(step.object)];
    // A record holds rows of one object and the position after them, so the others go first.
    if (m_pending && m_pending != &table && !flush())
        return false;
    if (step.isSkipped) {
        table.skipValues();
        return finishPoint(step, table);
    }
    PointReader &reader = *m_readers[size_t(step.object)];
    if (reader.isInline()) {
        const Status read = reader.readNow(m_call);
        return read ? finishPoint(step, table) : failed(read.error());
    }
    if (yield())
        reader.read(step.timeout, step.failure.policy == FailurePolicy::Abort,
                    [this, &table](const Status &read) {
                        if (read ? finishPoint(m_cursor.current(), table) : failed(read.error()))
                            run();
                    });
    return false;
}

bool StepExecutor::finishPoint(const PlanStep &step, PointTable &table)
{
    m_pending = &table;
    m_lastTimeNs = m_time->next();
    table.finishRow(m_lastTimeNs, step.indices, m_handles.movements);
    m_attempts = 0;
    m_cursor.advance();
    m_isBetweenPoints = true;
    if (m_isPauseAsked && !m_cursor.isFinished())
        return pauseNow();
    return true;
}

bool StepExecutor::wait(Nanoseconds duration)
{
    if (!yield())
        return false;
    m_isInWait = true;
    m_waitEndNs = m_clock.bootNs() + duration.count();
    if (m_isPauseAsked)
        return pauseNow();
    resume();
    return false;
}

void StepExecutor::goOn()
{
    m_isInWait = false;
    m_cursor.advance();
    run();
}

void StepExecutor::pauseAfterPoint()
{
    m_isPauseAsked = true;
    const bool isAtRest = m_isInWait || (m_isBetweenPoints && !m_cursor.isFinished());
    if (isAtRest && m_phase == Phase::Waiting)
        (void)pauseNow();
}

bool StepExecutor::pauseNow()
{
    if (!flush())
        return false;
    ++m_turn; // the timer of a wait
    m_isPauseAsked = false;
    m_phase = Phase::Paused;
    emit paused();
    return false;
}

void StepExecutor::resume()
{
    m_isPauseAsked = false;
    if (m_phase == Phase::Ended)
        return;
    if (!m_isInWait) {
        if (m_phase == Phase::Paused)
            runLater();
        return;
    }
    m_phase = Phase::Waiting;
    const qint64 left = std::max<qint64>(0, m_waitEndNs - m_clock.bootNs());
    m_clock.after(Nanoseconds(left), this, [this, turn = ++m_turn] {
        if (turn == m_turn)
            goOn();
    });
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
    if (!m_pending || m_pending->rowCount() == 0)
        return true;
    Status recorded = m_pending->isRectangular()
                          ? m_record.append(m_pending->batch(), position())
                          : Status(Error{ErrorCode::Internal,
                                         tr("An instrument's driver returned a torn row: report "
                                            "this with the log")});
    m_pending->clear();
    m_pending = nullptr;
    if (!recorded)
        end(recorded.error().within(tr("Saving the points")));
    return bool(recorded);
}

void StepExecutor::drop()
{
    m_phase = Phase::Ended;
    ++m_turn;
    m_moves.drop();
    m_restore.drop();
    for (const auto &reader : m_readers)
        reader->drop();
}

void StepExecutor::end(const Status &status)
{
    drop();
    emit finished(status);
}

} // namespace birch
