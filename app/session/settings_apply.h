#pragma once

#include "app/session/stored_settings.h"
#include "core/engine/settings_restore.h"

#include <QObject>

namespace birch {

/// Brings stored settings back to an instrument, in two steps: what would change, then the change.
/// Belongs to the thread that made it; one for each instrument at a time.
///
///     m_apply = std::make_unique<SettingsApply>(bench, u"smu"_s, tr("preset of %1").arg(user));
///     m_apply->compare(preset.settings, [this](auto differences) { show(*differences); });
///     m_apply->apply([this](const Status &done) { ... }); // what compare() has found
///
/// From compare() on the instrument is held (its lease), until this is destroyed: what was shown is
/// what is there. It is connected if need be.
class SettingsApply : public QObject
{
    Q_OBJECT
public:
    using Differences = Result<QList<SettingDifference>>;

    /// \a owner: who holds the instrument, for those who are refused meanwhile. \a bench outlives
    /// this.
    SettingsApply(const Bench &bench, const QString &nickname, const QString &owner);
    ~SettingsApply() override;

    /// What is not as \a wanted, in the definition's order; those that can be set have isSettable.
    /// \a reply is called once, through the event loop. Errors: NotFound - no such instrument;
    /// Conflict - somebody else holds it, naming who; BadInput - a value that it does not take, and
    /// nothing will be set; those of opening and reading.
    void compare(const StoredSettings &wanted, std::function<void(Differences)> reply);
    /// Sets those that compare() has found settable, one after the other, each read back. \a reply
    /// is called once. After an error, which names the setting, those before it are set and those
    /// after it are not.
    void apply(std::function<void(Status)> reply);

private:
    void read(const StoredSettings &wanted, const std::function<void(Differences)> &reply);

    const Bench &m_bench;
    QString m_nickname;
    QString m_owner;
    bool m_isHeld = false;
    QList<SettingDifference> m_differences;
    std::unique_ptr<SettingsRestore> m_restore;
};

/// What of \a values \a spec does not take: outside the limits, no such choice, beside the step.
Status checkSettings(const InstrumentSpec &spec, const QJsonObject &values);

} // namespace birch
