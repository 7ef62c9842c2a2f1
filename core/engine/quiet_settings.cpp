// Settings with a pause value: one after the other, each read back.
#include "core/engine/quiet_outputs.h"
#include "core/instrument/settings_difference.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr Nanoseconds kExchangeTimeout = std::chrono::seconds(5);
}

bool QuietOutputs::Setting::isAt(const QVariant &wanted, const QVariant &now) const
{
    return isSameSetting(QJsonValue::fromVariant(wanted), QJsonValue::fromVariant(now),
                         spec->tolerance);
}

void QuietOutputs::readSetting(size_t index)
{
    while (index < m_settings.size() && m_settings[index].isParked)
        ++index; // it never came back
    if (index == m_settings.size()) {
        std::ranges::stable_sort(m_due, {}, &Due::order);
        return moveNext(false);
    }
    const Setting &asked = m_settings[index];
    asked.host->parameter(Priority::Step, asked.spec->key, kExchangeTimeout, this,
                          [this, index, run = m_run](const Result<QVariant> &value) {
                              if (run != m_run)
                                  return;
                              Setting &setting = m_settings[index];
                              if (!value)
                                  fail(value.error().within(tr("Reading %1").arg(setting.name())));
                              setting.before = value ? value.value() : QVariant();
                              if (value && !setting.isAt(setting.spec->pauseValue, setting.before))
                                  m_due.push_back({setting.spec->pauseOrder, true, index});
                              readSetting(index + 1);
                          });
}

void QuietOutputs::change(size_t index, bool isBack)
{
    Setting &setting = m_settings[index];
    setting.isParked = true; // from the command on
    const QVariant wanted = isBack ? setting.before : setting.spec->pauseValue;
    setting.host->setParameter(
        Priority::Step, setting.spec->key, wanted, kExchangeTimeout, this,
        [this, index, isBack, run = m_run](const Status &set) {
            if (run != m_run)
                return;
            if (!set)
                return changed(index, isBack, set.error());
            const Setting &done = m_settings[index];
            done.host->parameter(Priority::Step, done.spec->key, kExchangeTimeout, this,
                                 [this, index, isBack, run](const Result<QVariant> &readback) {
                                     if (run == m_run)
                                         changed(index, isBack, readback);
                                 });
        });
}

void QuietOutputs::changed(size_t index, bool isBack, const Result<QVariant> &readback)
{
    Setting &setting = m_settings[index];
    const QVariant wanted = isBack ? setting.before : setting.spec->pauseValue;
    const auto text = [&](const QVariant &value) {
        return settingText(QJsonValue::fromVariant(value), setting.spec->unit);
    };
    if (!readback) {
        fail(readback.error());
    } else if (!setting.isAt(wanted, readback.value())) {
        fail({ErrorCode::Protocol, tr("%1 reads %2 after it was set to %3: check the instrument")
                                       .arg(setting.name(), text(readback.value()), text(wanted))});
    } else {
        setting.isParked = !isBack;
        m_log(u"info"_s, (isBack ? tr("%1 is back at %2, read back %3")
                                 : tr("%1 went to its pause value %2, read back %3"))
                             .arg(setting.name(), text(wanted), text(readback.value())));
    }
    moveNext(isBack);
}

} // namespace birch
