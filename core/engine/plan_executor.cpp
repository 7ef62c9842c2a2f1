#include "core/engine/plan_executor.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// Beside the plan's own cursor in a stored position.
constexpr auto kEngineKey = "engine"_L1;
constexpr auto kTimeKey = "lastTimeNs"_L1; // as text: JSON numbers are doubles to others
constexpr auto kStartKey = "start"_L1;
constexpr auto kSkippedKey = "skipped"_L1;
constexpr auto kSetpointKey = "setpoint"_L1;
constexpr auto kConditionsKey = "conditions"_L1;
constexpr auto kAskedKey = "asked"_L1;
} // namespace

Result<std::unique_ptr<PlanExecutor>> PlanExecutor::create(std::shared_ptr<const ScanPlan> plan,
                                                           const QJsonObject &saved,
                                                           RunHandles &handles, RunRecord &record,
                                                           ScanTimer &timer, Clock &clock,
                                                           SliceLimits limits)
{
    for (const PlanObject &object : plan->objects) {
        if (Status fits = PointTable::check(object); !fits)
            return fits.error();
    }
    QJsonObject walked = saved;
    const QJsonObject extras = walked.take(kEngineKey).toObject();
    std::optional<PlanCursor> cursor;
    if (walked.isEmpty()) {
        cursor.emplace(plan);
    } else {
        auto restored = PlanCursor::restore(plan, walked);
        if (!restored)
            return restored.error();
        cursor.emplace(std::move(restored).value());
    }
    std::unique_ptr<PlanExecutor> executor(new PlanExecutor(std::move(plan), std::move(*cursor),
                                                            handles, record, timer, clock, limits));
    executor->m_isRestoring = !walked.isEmpty();
    executor->takeExtras(extras);
    return executor;
}

PlanExecutor::PlanExecutor(std::shared_ptr<const ScanPlan> plan, PlanCursor cursor,
                           RunHandles &handles, RunRecord &record, ScanTimer &timer, Clock &clock,
                           SliceLimits limits)
    : m_cursor(std::move(cursor))
    , m_lanes(std::move(plan), handles, record, timer, clock, limits)
    , m_restore(*m_lanes.plan, handles, clock)
    , m_main(m_cursor, m_lanes)
{
    m_lanes.guards.alert = [this](const QString &reason) { emit alerted(reason); };
    m_lanes.guards.hold = [this](const QString &reason) { emit held(reason); };
    m_lanes.askPause = [this](const QString &reason) { emit pauseAsked(reason); };
    m_lanes.guards.release = [this](const QString &reason) { emit released(reason); };
    connect(&m_main, &StepExecutor::rested, this, &PlanExecutor::rested);
    connect(&m_main, &StepExecutor::finished, this, &PlanExecutor::end);
}

void PlanExecutor::setPrompts(PromptDesk *prompts, const QUuid &scan)
{
    m_lanes.prompts = prompts;
    m_lanes.scan = scan;
}

void PlanExecutor::takeExtras(const QJsonObject &extras)
{
    const qint64 lastTimeNs = extras.value(kTimeKey).toString().toLongLong();
    m_lanes.rows.begin(PointClock(m_lanes.clock, lastTimeNs), lastTimeNs,
                       [this] { return position(); });
    m_startPositions = extras.value(kStartKey).toObject();
    m_skipped = extras.value(kSkippedKey).toObject();
    m_lanes.conditions.restore(extras.value(kConditionsKey).toObject());
}

void PlanExecutor::start(std::stop_token stop)
{
    m_lanes.stop = std::move(stop);
    if (!m_isRestoring)
        return m_main.start();
    m_lanes.timer.main().to(TimePart::Restore);
    m_restore.restore(
        m_cursor.setpointsInForce(), m_cursor.readsSinceMove(), [this](const Status &brought) {
            if (brought)
                return restored();
            end(brought.error().within(tr("Bringing the setpoints back to where the scan stood")));
        });
}

void PlanExecutor::restored()
{
    applySkipped();
    m_isRestoring = false;
    m_main.start();
}

void PlanExecutor::applySkipped()
{
    for (MovementHandle &movement : m_lanes.handles.movements) {
        const QJsonObject saved = m_skipped.value(movement.name).toObject();
        if (saved.isEmpty())
            continue;
        movement.setpoint = saved.value(kSetpointKey).toDouble();
        movement.setpointState =
            saved.value(kAskedKey).toBool() ? ValueState::Ok : ValueState::Skipped;
        movement.readbackState = ValueState::Skipped;
    }
}

QJsonObject PlanExecutor::position() const
{
    QJsonObject extras{{kTimeKey, QString::number(m_lanes.rows.lastTimeNs())}};
    if (!m_startPositions.isEmpty())
        extras.insert(kStartKey, m_startPositions);
    QJsonObject skipped; // what the plan's cursor does not count as in force, and rows show
    for (const MovementHandle &movement : m_lanes.handles.movements) {
        if (movement.readbackState == ValueState::Skipped)
            skipped.insert(movement.name,
                           QJsonObject{{kSetpointKey, movement.setpoint},
                                       {kAskedKey, movement.setpointState == ValueState::Ok}});
    }
    if (!skipped.isEmpty())
        extras.insert(kSkippedKey, skipped);
    if (const QJsonObject conditions = m_lanes.conditions.save(); !conditions.isEmpty())
        extras.insert(kConditionsKey, conditions);
    QJsonObject position = m_cursor.save();
    position.insert(kEngineKey, extras);
    return position;
}

void PlanExecutor::pauseAfterPoint()
{
    pauseBy(&StepExecutor::pauseAfterPoint);
}

void PlanExecutor::pauseNow()
{
    pauseBy(&StepExecutor::pauseNow);
}

void PlanExecutor::pauseBy(void (StepExecutor::*kind)())
{
    if (m_isPaused)
        return;
    m_isPauseAsked = true;
    (m_main.*kind)();
}

void PlanExecutor::rested()
{
    if (!m_isPauseAsked || !m_main.isAtRest())
        return;
    m_isPauseAsked = false;
    m_isPaused = true;
    m_main.pauseWatches();
    emit paused();
}

void PlanExecutor::resume(bool isDisturbed)
{
    m_isPauseAsked = false;
    m_isPaused = false;
    m_main.resume(isDisturbed);
}

void PlanExecutor::readAgain(const QStringList &instruments,
                             std::function<void(const Status &)> done)
{
    QList<int> reads = m_cursor.readsSinceMove();
    reads.removeIf([&](int object) {
        const auto &asked = m_lanes.plan->objects.at(object).reads;
        return std::none_of(asked.begin(), asked.end(), [&](const PlanRead &read) {
            return instruments.contains(read.instrument);
        });
    });
    m_restore.restore({}, reads, std::move(done));
}

void PlanExecutor::drop()
{
    m_restore.drop();
    m_main.drop();
}

void PlanExecutor::end(const Status &status)
{
    drop();
    emit finished(status);
}

} // namespace birch
