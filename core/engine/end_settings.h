#pragma once

#include "core/base/clock.h"
#include "core/instrument/instrument_host.h"

#include <QJsonObject>
#include <QObject>
#include <QStringList>

#include <functional>
#include <vector>

namespace birch {

/// Reads the settings of instruments once more when their scan has ended, as far as they answer in
/// time. Engine thread.
class EndSettings : public QObject
{
    Q_OBJECT
public:
    /// The hosts and the clock outlive this.
    EndSettings(std::vector<InstrumentHost *> hosts, Clock &clock);

    /// \a done is called once, through the event loop, within \a limit unless this is destroyed
    /// first: nickname -> {parameter: value}, with "_errors" where something is missing. The
    /// instruments \a busy are left alone: somebody drives them to safety.
    void read(const QStringList &busy, Nanoseconds limit,
              std::function<void(const QJsonObject &)> done);
    /// Answers soon with what there is; \a reason is given for the rest.
    void giveUp(const QString &reason);

private:
    void take(InstrumentHost *host, const Result<QVariantMap> &settings);
    void endWith(const QString &missing);

    std::vector<InstrumentHost *> m_hosts; ///< of those that are asked
    Clock &m_clock;
    QJsonObject m_settings;
    std::function<void(const QJsonObject &)> m_done;
};

} // namespace birch
