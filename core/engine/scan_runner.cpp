#include "core/engine/scan_runner.h"

#include "core/data/pause_interval.h"

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
    const BenchRecord bench = m_ports.bench.record();
    if (!bench.text.isEmpty())
        m_scan.bench = {{u"file"_s, bench.file},
                        {u"version"_s, QString::fromLatin1(bench.version)},
                        {u"text"_s, QString::fromUtf8(bench.text)}};
    for (const QString &nickname : m_plan->instruments) {
        for (const DefinitionText &text : bench.definitions.value(nickname)) {
            if (!m_scan.definitions.contains(text))
                m_scan.definitions.append(text);
        }
    }
    for (const PlanObject &object : m_plan->objects)
        m_scan.objects.append({object.node, object.name, object.columns});
}

ScanRunner::~ScanRunner() = default;

void ScanRunner::start(std::stop_token stop)
{
    m_stop = std::move(stop);
    m_scan.startedUs = m_ports.clock.wallNs() / 1000;
    m_timer.emplace(m_ports.clock);
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
    if (!setup && setup.error().code == ErrorCode::Conflict) {
        m_isInUse = true;
        emit foundInUse();
    }
    if (!setup)
        return end(ScanState::Failed, setup.error().message);
    m_handles = std::move(setup.value().handles);
    m_startPositions = setup.value().startPositions;
    m_scan.settings = setup.value().settings;
    m_scan.instruments = setup.value().instruments;
    meetDemand();
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
    m_timing = std::make_unique<TimingJournal>(*m_timer, m_record->writer());
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
    auto executor = PlanExecutor::create(m_plan, m_record->opened().cursor, m_handles, *m_record,
                                         *m_timer, m_ports.clock, m_ports.slice);
    if (!executor)
        return end(m_continuation ? ScanState::Interrupted : ScanState::Failed,
                   executor.error().message);
    m_executor = std::move(executor).value();
    if (m_executor->startPositions().isEmpty())
        m_executor->setStartPositions(m_startPositions);
    m_startPositions = m_executor->startPositions();
    m_pace.emplace(m_plan->duration, m_plan->points - m_plan->monitorPoints,
                   m_executor->pointsDone(), m_ports.clock.bootNs());
    if (m_continuation) // ends the pause it was killed in
        m_record->log({m_executor->timeNs(), kResumeLevel,
                       tr("Continued after point %1").arg(m_pointsBefore)});
    else
        log(u"info"_s, tr("Started"));
    connect(m_executor.get(), &PlanExecutor::finished, this, [this](const Status &status) {
        if (status)
            return end(ScanState::Completed, {});
        // A disk that is full takes nothing away from the scan: it goes on when there is room.
        const bool isContinuable =
            m_executor->isRestoring() || status.error().code == ErrorCode::Full;
        end(isContinuable ? ScanState::Interrupted : ScanState::Failed, status.error().message);
    });
    m_executor->setPrompts(m_ports.prompts, m_scan.uid);
    watchPauses();
    if (m_isPauseAsked)
        pause(PauseKind::AfterPoint);
    m_executor->start(m_stop);
}

void ScanRunner::stop(ScanState state, const QString &reason)
{
    if (m_phase <= Phase::Running)
        end(state, reason);
    else if (m_phase == Phase::Ending && m_after)
        haltAfter(reason);
    else if (m_endSettings)
        m_endSettings->giveUp(reason);
}

bool ScanRunner::makeSafe(const QString &reason)
{
    if (m_endSettings)
        m_endSettings->giveUp(reason);
    if (m_phase > Phase::Ending)
        return false;
    m_isSafetyStop = true;
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

qint64 ScanRunner::stepPointsDone() const
{
    return m_executor ? m_executor->pointsDone() : m_pointsBefore;
}

QString ScanRunner::ifPausedNow() const
{
    if (m_phase != Phase::Running || m_rest != Rest::None)
        return {};
    const QStringList broken = m_executor->ifPausedNow();
    return broken.isEmpty() ? tr("If paused now, nothing would be repeated.")
                            : tr("If paused now, %1.").arg(broken.join(u", "_s));
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
