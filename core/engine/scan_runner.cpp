#include "core/engine/scan_runner.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

ScanRunner::ScanRunner(const EnginePorts &ports, SafePort &safe,
                       std::shared_ptr<const ScanPlan> plan, NewScan scan,
                       std::optional<Continuation> continuation, RunRecord::LogSink log)
    : m_ports(ports)
    , m_safe(safe)
    , m_plan(std::move(plan))
    , m_scan(std::move(scan))
    , m_continuation(std::move(continuation))
    , m_log(std::move(log))
{
    m_scan.station = m_ports.station;
    m_scan.softwareVersion = m_ports.softwareVersion;
    m_scan.planHash = m_plan->hash;
    m_scan.pointsPlanned = m_plan->points;
    for (const PlanObject &object : m_plan->objects)
        m_scan.objects.append({object.node, object.name, object.columns});
}

ScanRunner::~ScanRunner() = default;

void ScanRunner::start(std::stop_token stop)
{
    m_stop = std::move(stop);
    m_scan.startedUs = m_ports.clock.wallNs() / 1000;
    const QString owner = tr("scan \"%1\" on %2").arg(m_scan.details.name, m_scan.station);
    m_setup = std::make_unique<ScanSetup>(m_plan, m_ports.bench, owner, m_ports.setup);
    for (const QString &nickname : m_safe.pending()) {
        if (m_plan->instruments.contains(nickname))
            return end(ScanState::Failed,
                       tr("%1 is not proven safe since it failed: check it and dismiss the safe "
                          "drive, then add the scan again")
                           .arg(nickname));
    }
    m_setup->prepare([this](Result<SetupResult> setup) { prepared(std::move(setup)); });
    if (m_phase <= Phase::Creating && holdsInstruments())
        emit leased();
}

bool ScanRunner::holdsInstruments() const
{
    return qsizetype(m_setup->leased().size()) == m_plan->instruments.size();
}

void ScanRunner::prepared(Result<SetupResult> setup)
{
    if (m_phase != Phase::Preparing)
        return; // stopped meanwhile
    if (!setup)
        return end(ScanState::Failed, setup.error().message);
    m_handles = std::move(setup.value().handles);
    m_startPositions = setup.value().startPositions;
    m_scan.settings = setup.value().settings;
    m_scan.instruments = setup.value().instruments;
    m_phase = Phase::Creating;
    create();
}

void ScanRunner::create()
{
    m_isCreateAsked = true;
    const auto reply = [this](Result<std::shared_ptr<RunWriter>> writer) {
        created(std::move(writer));
    };
    if (m_continuation)
        m_ports.archive.resume(m_scan, this, reply);
    else
        m_ports.archive.create(m_scan, this, reply);
}

void ScanRunner::created(Result<std::shared_ptr<RunWriter>> writer)
{
    if (!writer) {
        m_createFailure = writer.error();
        if (m_phase == Phase::Creating)
            return end(ScanState::Failed, writer.error().message);
        if (m_phase == Phase::Finishing)
            finish();
        return;
    }
    m_record = std::make_unique<RunRecord>(std::move(writer).value(), m_ports.observers,
                                           m_ports.clock, m_log);
    for (int object = 0; object < m_scan.objects.size(); ++object)
        m_pointsBefore += m_record->writer().nextRow(object);
    m_record->started(m_scan);
    for (const ScanLogEntry &entry : std::as_const(m_earlyLog))
        (void)m_record->writer().log(entry);
    emit opened(m_record->opened().scanId);
    if (m_phase == Phase::Creating)
        return run();
    if (m_phase == Phase::Finishing)
        finish(); // stopped or failed before it began: the ending has waited for its record
}

void ScanRunner::run()
{
    m_phase = Phase::Running;
    auto executor = StepExecutor::create(m_plan, m_record->opened().cursor, m_handles, *m_record,
                                         m_ports.clock, m_ports.slice);
    if (!executor)
        return end(m_continuation ? ScanState::Interrupted : ScanState::Failed,
                   executor.error().message);
    m_executor = std::move(executor).value();
    if (m_executor->startPositions().isEmpty())
        m_executor->setStartPositions(m_startPositions);
    m_startPositions = m_executor->startPositions();
    m_pace.emplace(m_plan->duration, m_plan->points, m_executor->pointsDone(),
                   m_ports.clock.bootNs());
    log(u"info"_s,
        m_continuation ? tr("Continued after point %1").arg(m_pointsBefore) : tr("Started"));
    connect(m_executor.get(), &StepExecutor::paused, this, [this] {
        m_pace->pause(m_ports.clock.bootNs());
        if (Status stored = m_record->pause(); !stored)
            return end(ScanState::Failed, stored.error().message);
        log(u"info"_s, tr("Paused. %1").arg(m_executor->repeatedOnResume()));
        emit paused();
    });
    connect(m_executor.get(), &StepExecutor::finished, this, [this](const Status &status) {
        if (status)
            return end(ScanState::Completed, {});
        const bool isContinuable = m_executor->isRestoring();
        end(isContinuable ? ScanState::Interrupted : ScanState::Failed, status.error().message);
    });
    if (m_isPauseAsked)
        m_executor->pauseAfterPoint();
    m_executor->start(m_stop);
}

void ScanRunner::pauseAfterPoint()
{
    m_isPauseAsked = true;
    if (m_phase == Phase::Running)
        m_executor->pauseAfterPoint();
}

void ScanRunner::resume()
{
    m_isPauseAsked = false;
    if (m_phase != Phase::Running)
        return;
    if (m_executor->isPaused()) {
        m_pace->resume(m_ports.clock.bootNs());
        if (Status stored = m_record->resume(); !stored)
            return end(ScanState::Failed, stored.error().message);
        log(u"info"_s, tr("Resumed"));
        emit resumed();
    }
    m_executor->resume();
}

void ScanRunner::stop(ScanState state, const QString &reason)
{
    if (m_phase <= Phase::Running)
        end(state, reason);
}

bool ScanRunner::makeSafe(const QString &reason)
{
    if (m_phase > Phase::Ending)
        return false;
    if (m_phase < Phase::Ending) {
        end(ScanState::Aborted, reason);
        return m_phase == Phase::Ending;
    }
    if (m_after)
        m_after->drop();
    driveSafe();
    return true;
}

qint64 ScanRunner::pointsAcquired() const
{
    return m_pointsBefore + (m_record ? m_record->pointsAcquired() : 0);
}

void ScanRunner::end(ScanState state, const QString &reason)
{
    if (m_phase >= Phase::Ending)
        return;
    m_phase = Phase::Ending;
    m_ending = state;
    m_reason = reason;
    if (state == ScanState::Completed)
        return moveAfter();
    if (m_executor)
        m_executor->drop();
    const auto &leased = m_setup->leased();
    for (InstrumentHost *host : leased)
        host->cancel();
    log(state == ScanState::Failed ? u"error"_s : u"warning"_s,
        tr("Ending as %1: %2").arg(scanStateName(state), reason));
    // Without all its leases a scan has touched nothing, and what it lacks is somebody else's.
    if (!holdsInstruments())
        return finish();
    driveSafe();
}

QList<MoveTarget> ScanRunner::targetsAfter() const
{
    QList<MoveTarget> targets;
    for (int movement = 0; movement < m_plan->movements.size(); ++movement) {
        const MovementSpec &spec = m_plan->movements.at(movement).spec;
        const QJsonValue start = m_startPositions.value(m_handles.movements[size_t(movement)].name);
        if (m_handles.movements[size_t(movement)].setpointState != ValueState::Ok)
            continue; // it never went anywhere
        if (spec.after == AfterScan::Safe && spec.safeValue)
            targets.append({movement, *spec.safeValue});
        else if (spec.after == AfterScan::Start && start.isDouble())
            targets.append({movement, start.toDouble()});
    }
    std::stable_sort(targets.begin(), targets.end(),
                     [this](const MoveTarget &a, const MoveTarget &b) {
                         return m_plan->movements.at(a.movement).spec.safeOrder <
                                m_plan->movements.at(b.movement).spec.safeOrder;
                     });
    return targets;
}

void ScanRunner::moveAfter()
{
    const QList<MoveTarget> targets = targetsAfter();
    if (targets.isEmpty())
        return finish();
    for (const MoveTarget &target : targets)
        log(u"info"_s, tr("After the scan %1 goes to %2")
                           .arg(m_handles.movements[size_t(target.movement)].name,
                                numberToText(target.value)));
    m_after = std::make_unique<SetpointRestore>(*m_plan, m_handles, m_ports.clock);
    m_after->restore(targets, {}, [this](const Status &moved) {
        if (moved)
            return finish();
        log(u"error"_s, tr("After the scan: %1").arg(moved.error().message));
        driveSafe();
    });
}

void ScanRunner::driveSafe()
{
    emit safeDriven(true, false);
    m_safe.drive(
        m_plan->instruments,
        [this](const QString &level, const QString &message) { log(level, message); },
        [this](bool isSafe) {
            emit safeDriven(false, isSafe);
            if (!isSafe)
                m_reason += (m_reason.isEmpty() ? QString() : u" "_s) +
                            tr("Not every instrument is proven safe; see the log.");
            finish();
        });
}

void ScanRunner::finish()
{
    if (m_phase == Phase::Ending)
        m_phase = Phase::Finishing;
    if (m_phase != Phase::Finishing)
        return;
    if (m_record)
        return writeEnding();
    // A scan that never began is on record as well; one that stays interrupted is already.
    if (m_continuation && !m_isCreateAsked)
        return answer(ScanState::Failed, tr("%1 The scan can still be continued.").arg(m_reason));
    if (!m_isCreateAsked)
        return create();
    if (m_createFailure)
        answer(m_ending, m_reason);
}

void ScanRunner::writeEnding()
{
    log(u"info"_s, tr("Ended as %1 with %n point(s)", nullptr, int(pointsAcquired()))
                       .arg(scanStateName(m_ending)));
    const Status written =
        m_record->finish(m_ending, m_reason, this, [this](const FinishOutcome &outcome) {
            emit stored(outcome.isStored, outcome.message);
        });
    if (!written) {
        m_reason = tr("%1 The ending could not be saved (%2): it will be found as interrupted.")
                       .arg(m_reason, written.error().message)
                       .trimmed();
        QMetaObject::invokeMethod(
            this, [this, message = written.error().message] { emit stored(false, message); },
            Qt::QueuedConnection);
    }
    answer(m_ending, m_reason);
}

void ScanRunner::answer(ScanState state, const QString &reason)
{
    m_phase = Phase::Ended;
    m_setup.reset(); // gives the leases back
    if (!m_record)
        QMetaObject::invokeMethod(
            this, [this] { emit stored(false, {}); }, Qt::QueuedConnection);
    emit ended(state, reason);
}

void ScanRunner::log(const QString &level, const QString &message)
{
    if (m_record)
        return m_record->log(level, message);
    const ScanLogEntry entry{m_ports.clock.wallNs(), level, message};
    m_earlyLog.append(entry);
    m_log(m_scan.uid, entry);
}

} // namespace birch
