#pragma once

#include "core/instrument/bench.h"
#include "core/instrument/settings_difference.h"

#include <QObject>

#include <functional>

namespace birch {

/// Sets instruments back to what a record says, one setting after the other in the order given,
/// each read back before the next. Engine thread; the scan holds the instruments.
class SettingsRestore : public QObject
{
    Q_OBJECT
public:
    using Log = std::function<void(const QString &level, const QString &message)>;
    /// One that has been set and was read back.
    using Restored = std::function<void(const SettingDifference &, const QJsonValue &readback)>;

    /// \a bench outlives this.
    SettingsRestore(const Bench &bench, Log log, Restored restored);

    /// Those of \a differences that can be set; the others stay as they are. \a done is called once
    /// unless this is destroyed first, not from inside. After an error, which names the setting,
    /// those before it are set and those after it are not.
    void restore(const QList<SettingDifference> &differences,
                 std::function<void(const Status &)> done);

    /// Sets nothing more, answers nobody.
    void drop();

private:
    void next();
    void readBack();
    void compare(const QVariant &value);
    void answer(const Status &status);

    const Bench &m_bench;
    Log m_log;
    Restored m_restored;
    QList<SettingDifference> m_waiting;
    SettingDifference m_current;
    InstrumentHost *m_host = nullptr; ///< of the current one
    std::function<void(const Status &)> m_done;
};

} // namespace birch
