// Settings of an earlier start, compared and met before a scan has a record of its own.
#include "core/engine/scan_runner.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString listed(const QList<SettingDifference> &differences)
{
    QStringList texts;
    for (const SettingDifference &one : differences) {
        if (one.isAlarm)
            texts << one.text();
    }
    return texts.join(u"; "_s);
}
} // namespace

void ScanRunner::meetDemand()
{
    QList<SettingDifference> differences;
    if (m_demand)
        differences = settingDifferences(m_demand->then, {m_scan.settings, m_scan.instruments});
    const bool isAlarm = isAnyAlarm(differences);
    if (isAlarm && m_demand->choice == SettingsChoice::Refuse)
        return end(ScanState::Failed,
                   tr("Its instruments are not set as in %1, so nothing was done: %2. Say whether "
                      "they are to be set back or kept.")
                       .arg(m_demand->scanId, listed(differences)));
    if (isAlarm && m_demand->choice == SettingsChoice::Restore)
        return restoreSettings(differences);
    if (m_demand && !isAlarm)
        log(u"info"_s, tr("The instruments are set as in %1").arg(m_demand->scanId));
    if (isAlarm)
        log(u"warning"_s,
            tr("Not set as in %1, and kept: %2").arg(m_demand->scanId, listed(differences)));
    m_phase = Phase::Creating;
    create();
}

void ScanRunner::restoreSettings(const QList<SettingDifference> &differences)
{
    log(u"info"_s, tr("Setting back to %1: %2").arg(m_demand->scanId, listed(differences)));
    m_settings = std::make_unique<SettingsRestore>(
        m_ports.bench,
        [this](const QString &level, const QString &message) { log(level, message); },
        [this](const SettingDifference &one, const QJsonValue &readback) {
            QJsonObject settings = m_scan.settings[one.instrument].toObject();
            settings[one.parameter] = readback; // what this scan starts with
            m_scan.settings[one.instrument] = settings;
        });
    m_settings->restore(differences, [this, differences](const Status &restored) {
        if (m_phase != Phase::Preparing)
            return;
        if (!restored)
            return end(ScanState::Failed, restored.error().message);
        for (const SettingDifference &one : differences) {
            if (one.isAlarm && !one.isSettable)
                log(u"warning"_s, tr("Can not be set back: %1").arg(one.text()));
        }
        m_phase = Phase::Creating;
        create();
    });
}

} // namespace birch
