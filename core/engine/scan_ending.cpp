// How a scan ends: movements after it, safe values, its record, its leases.
#include "core/engine/scan_runner.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

void ScanRunner::end(ScanState state, const QString &reason)
{
    if (m_phase >= Phase::Ending)
        return;
    m_phase = Phase::Ending;
    m_ending = state;
    m_reason = reason;
    if (m_executor && state != ScanState::Completed)
        m_executor->drop();
    m_timer->main().to(TimePart::Ending);
    if (state == ScanState::Completed)
        return moveAfter();
    if (m_settings)
        m_settings->drop();
    if (m_quiet)
        m_quiet->drop();
    const auto &leased = m_setup->leased();
    for (InstrumentHost *host : leased)
        host->cancel();
    log(state == ScanState::Failed ? u"error"_s : u"warning"_s,
        tr("Ending as %1: %2").arg(scanStateName(state), reason));
    // Without all its leases a scan has touched nothing, and what it lacks is somebody else's: safe
    // values would disturb who works with it.
    if (!holdsInstruments() || m_isInUse)
        return finish();
    driveSafe();
}

std::optional<double> ScanRunner::startOf(int movement) const
{
    const MovementHandle &handle = m_handles.movements[size_t(movement)];
    const QJsonValue start = m_startPositions.value(handle.name);
    const bool isAsked = m_plan->movements.at(movement).spec.after == AfterScan::Start;
    if (!isAsked || !start.isDouble() || handle.setpointState != ValueState::Ok)
        return std::nullopt; // also where it never went anywhere
    return start.toDouble();
}

QList<MoveTarget> ScanRunner::targetsAfter() const
{
    QList<MoveTarget> targets;
    for (int movement = 0; movement < m_plan->movements.size(); ++movement) {
        const MovementSpec &spec = m_plan->movements.at(movement).spec;
        if (m_handles.movements[size_t(movement)].setpointState != ValueState::Ok)
            continue; // it never went anywhere
        if (spec.after == AfterScan::Safe && spec.safeValue)
            targets.append({movement, *spec.safeValue});
        else if (const auto start = startOf(movement))
            targets.append({movement, *start, nullptr, m_plan->movements.at(movement).slowestRamp});
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
    moveTo(targetsAfter(), [this](const Status &moved) {
        if (moved)
            return finish();
        log(u"error"_s, tr("After the scan: %1").arg(moved.error().message));
        driveSafe();
    });
}

void ScanRunner::moveTo(const QList<MoveTarget> &targets, std::function<void(const Status &)> done)
{
    if (targets.isEmpty())
        return done(ok());
    for (const MoveTarget &target : targets)
        log(u"info"_s, tr("After the scan %1 goes to %2")
                           .arg(m_handles.movements[size_t(target.movement)].name,
                                numberToText(target.value)));
    m_after = std::make_unique<SetpointRestore>(*m_plan, m_handles, m_ports.clock);
    m_after->restore(targets, {}, std::move(done));
}

void ScanRunner::haltAfter(const QString &reason)
{
    m_isSafetyStop = true;
    m_after->drop();
    for (InstrumentHost *host : m_setup->leased())
        host->cancel();
    log(u"warning"_s, tr("What moved after the scan was stopped: %1").arg(reason));
    driveSafe();
}

void ScanRunner::driveSafe()
{
    emit safeDriven(true, false);
    m_safe.drive(
        m_plan->instruments,
        [this](const QString &level, const QString &message) { log(level, message); },
        [this](bool isSafe) { drivenSafe(isSafe); });
}

void ScanRunner::drivenSafe(bool isSafe)
{
    if (m_phase != Phase::Ending)
        return; // a second drive, joined to the first
    if (!isSafe)
        m_reason += (m_reason.isEmpty() ? QString() : u" "_s) +
                    tr("Not every instrument is proven safe; see the log.");
    if (isSafe && m_ending == ScanState::Aborted && !m_isSafetyStop)
        return returnToStart();
    emit safeDriven(false, isSafe);
    finish();
}

/// After an abort that was no safety stop. What has a safe value stays there; the instruments count
/// as safe only once nothing moves.
void ScanRunner::returnToStart()
{
    QList<MoveTarget> targets;
    for (int movement = 0; movement < m_plan->movements.size(); ++movement) {
        const auto start = m_handles.movements.empty() ? std::nullopt : startOf(movement);
        if (start && !m_plan->movements.at(movement).spec.safeValue)
            targets.append({movement, *start, nullptr, m_plan->movements.at(movement).slowestRamp});
    }
    moveTo(targets, [this](const Status &moved) {
        if (!moved)
            log(u"error"_s, tr("Going back to the start: %1").arg(moved.error().message));
        emit safeDriven(false, true);
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
        return takeEndSettings();
    // A scan that never began is on record as well; one that stays interrupted is already.
    if (m_continuation && !m_isCreateAsked)
        return answer(ScanState::Failed, tr("%1 The scan can still be continued.").arg(m_reason));
    if (!m_isCreateAsked)
        return create();
    if (m_createFailure)
        answer(m_ending, m_reason);
}

/// After everything that had to be made safe: the instruments are only read.
void ScanRunner::takeEndSettings()
{
    if (!m_executor || m_endSettings || m_ending == ScanState::Interrupted)
        return writeEnding(); // it has set nothing, or goes on later
    m_endSettings = std::make_unique<EndSettings>(m_setup->leased(), m_ports.clock);
    m_endSettings->read(m_safe.pending(), m_ports.setup.endSnapshot,
                        [this](const QJsonObject &settings) {
                            keepEndSettings(settings);
                            writeEnding();
                        });
}

void ScanRunner::keepEndSettings(const QJsonObject &settings)
{
    for (auto one = settings.begin(); one != settings.end(); ++one) {
        for (const QJsonValue &error : one.value()[u"_errors"_s].toArray())
            log(u"warning"_s, tr("Settings of %1 at the end: %2").arg(one.key(), error.toString()));
    }
    if (Status kept = m_record->keepEndSettings(settings); !kept)
        log(u"warning"_s, tr("The settings at the end are not kept: %1").arg(kept.error().message));
}

void ScanRunner::writeEnding()
{
    log(u"info"_s, tr("Ended as %1 with %n point(s)", nullptr, int(pointsAcquired()))
                       .arg(scanStateName(m_ending)));
    m_timing.reset();
    const RunTimes times{m_timer->timing(), m_timer->steps()};
    (void)m_record->writer().setTiming(times.timing);
    const bool isUndisturbed = m_ending == ScanState::Completed && !m_continuation &&
                               times.timing.sumNs(TimePart::Retry) == 0;
    if (isUndisturbed && m_ports.timed)
        m_ports.timed(m_plan, times);
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

} // namespace birch
