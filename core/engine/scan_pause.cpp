// How a scan pauses, with its outputs quiet, and goes on.
#include "core/engine/scan_runner.h"

#include "core/data/pause_interval.h"

using namespace Qt::StringLiterals;

namespace birch {

void ScanRunner::watchPauses()
{
    m_quiet = std::make_unique<QuietOutputs>(
        m_handles, m_ports.clock,
        [this](const QString &level, const QString &message) { log(level, message); });
    connect(m_executor.get(), &PlanExecutor::paused, this, &ScanRunner::standsStill);
    connect(m_executor.get(), &PlanExecutor::held, this, [this](const QString &reason) {
        ++m_holds;
        m_heldBecause = reason;
        emit noteChanged();
        log(u"warning"_s, tr("Pausing until it is well again. %1").arg(reason));
        m_executor->pauseAfterPoint();
    });
    connect(m_executor.get(), &PlanExecutor::released, this, [this](const QString &reason) {
        log(u"info"_s, reason);
        --m_holds;
        emit noteChanged();
        if (m_holds == 0 && !m_isPauseAsked)
            goOn();
    });
    connect(m_executor.get(), &PlanExecutor::pauseAsked, this, [this](const QString &reason) {
        log(u"warning"_s, reason);
        pause(PauseKind::AfterPoint, reason);
    });
    connect(m_executor.get(), &PlanExecutor::alerted, this, [this](const QString &reason) {
        m_isSafetyStop = true;
        stop(ScanState::Aborted, reason);
    });
}

void ScanRunner::pause(PauseKind kind, const QString &reason)
{
    m_isPauseAsked = true;
    m_isPauseNow = m_isPauseNow || kind == PauseKind::Now;
    if (!reason.isEmpty())
        m_pauseReason = reason;
    if (m_phase != Phase::Running)
        return;
    if (m_isPauseNow)
        m_executor->pauseNow();
    else
        m_executor->pauseAfterPoint();
}

void ScanRunner::standsStill()
{
    m_pace->pause(m_ports.clock.bootNs());
    if (Status stored = m_record->pause(); !stored)
        return end(ScanState::Failed, stored.error().message);
    m_isPauseNow = false;
    const QString why = m_holds > 0 ? m_heldBecause : m_pauseReason;
    m_record->log({m_executor->timeNs(), kPauseLevel,
                   why.isEmpty() ? tr("Paused by the operator.") : tr("Paused. %1").arg(why)});
    parkOutputs();
}

void ScanRunner::parkOutputs()
{
    m_rest = Rest::Parking;
    m_quiet->park([this](const Status &parked) {
        m_rest = Rest::Paused;
        QStringList note = m_executor->repeated(!m_quiet->parked().isEmpty());
        if (note.isEmpty())
            note = QStringList{tr("Nothing is repeated on resume.")};
        if (const QStringList quiet = m_quiet->parked(); !quiet.isEmpty())
            note.append(tr("Outputs of %1 are at their pause values.").arg(quiet.join(u", "_s)));
        if (!parked) {
            const QString failure =
                tr("An output could not be brought to its pause value (%1): see to it before you "
                   "resume.")
                    .arg(parked.error().message);
            log(u"error"_s, failure);
            note.prepend(failure);
        }
        tellPaused(note);
        if (!m_isPauseAsked && m_holds == 0)
            goOn(); // resumed meanwhile
    });
}

void ScanRunner::tellPaused(const QStringList &note)
{
    m_pauseNote = (QStringList{m_pauseReason} + note).join(u' ').trimmed();
    log(u"info"_s, note.join(u' '));
    emit noteChanged();
    emit paused();
}

void ScanRunner::resume()
{
    m_isPauseAsked = m_isPauseNow = false;
    if (m_holds == 0)
        goOn();
}

void ScanRunner::goOn()
{
    if (m_phase != Phase::Running || m_rest == Rest::Parking || m_rest == Rest::Returning)
        return; // they look again when they are done
    if (m_rest == Rest::None)
        return m_executor->resume(false); // before it took effect
    const QStringList disturbed = m_quiet->parked();
    if (disturbed.isEmpty())
        return continueScan(false);
    m_rest = Rest::Returning;
    m_quiet->giveBack([this, disturbed](const Status &returned) {
        if (!returned)
            return stayPaused(returned.error());
        m_executor->readAgain(disturbed, [this](const Status &read) {
            read ? continueScan(true) : stayPaused(read.error());
        });
    });
}

/// Nothing is measured with an output that is not what it was.
void ScanRunner::stayPaused(const Error &error)
{
    m_rest = Rest::Paused;
    m_isPauseAsked = true;
    const QString failure = tr("The scan stays paused, because an output could not be brought back "
                               "(%1): see to it, then resume again.")
                                .arg(error.message);
    log(u"error"_s, failure);
    m_pauseNote = failure;
    emit noteChanged();
    emit paused();
}

void ScanRunner::continueScan(bool isDisturbed)
{
    if (m_isPauseAsked || m_holds > 0) // again, meanwhile
        return parkOutputs();
    m_rest = Rest::None;
    m_pace->resume(m_ports.clock.bootNs());
    if (Status stored = m_record->resume(); !stored)
        return end(ScanState::Failed, stored.error().message);
    m_record->log({m_executor->timeNs(), kResumeLevel, tr("Resumed")});
    m_pauseNote.clear();
    m_pauseReason.clear();
    emit noteChanged();
    emit resumed();
    m_executor->resume(isDisturbed);
}

} // namespace birch
