#include "core/engine/end_settings.h"

#include <QJsonArray>

#include <chrono>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QJsonObject nothingRead(const QString &why)
{
    return {{u"_errors"_s, QJsonArray{why}}};
}
} // namespace

EndSettings::EndSettings(std::vector<InstrumentHost *> hosts, Clock &clock)
    : m_hosts(std::move(hosts))
    , m_clock(clock)
{
}

void EndSettings::read(const QStringList &busy, Nanoseconds limit,
                       std::function<void(const QJsonObject &)> done)
{
    m_done = std::move(done);
    std::erase_if(m_hosts, [this, &busy](InstrumentHost *host) {
        const bool isBusy = busy.contains(host->nickname());
        if (isBusy)
            m_settings[host->nickname()] =
                nothingRead(tr("not read: it is not proven safe, and still being driven there"));
        return isBusy;
    });
    for (InstrumentHost *host : m_hosts) {
        host->snapshot(Priority::Step, limit, this,
                       [this, host](const Result<QVariantMap> &settings) { take(host, settings); });
    }
    if (m_hosts.empty())
        return giveUp({});
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    m_clock.after(limit, this,
                  [this, ms] { endWith(tr("not read: no answer within %1 ms").arg(ms)); });
}

void EndSettings::giveUp(const QString &reason)
{
    // Through the event loop: who asks may be in the middle of ending several scans.
    QMetaObject::invokeMethod(
        this, [this, reason] { endWith(tr("not read: %1").arg(reason)); }, Qt::QueuedConnection);
}

void EndSettings::take(InstrumentHost *host, const Result<QVariantMap> &settings)
{
    if (!m_done)
        return;
    m_settings[host->nickname()] = settings ? QJsonObject::fromVariantMap(settings.value())
                                            : nothingRead(settings.error().message);
    for (const InstrumentHost *one : m_hosts) {
        if (!m_settings.contains(one->nickname()))
            return;
    }
    endWith({});
}

void EndSettings::endWith(const QString &missing)
{
    const auto done = std::exchange(m_done, nullptr);
    if (!done)
        return;
    for (InstrumentHost *host : m_hosts) {
        if (m_settings.contains(host->nickname()))
            continue;
        m_settings[host->nickname()] = nothingRead(missing);
        host->cancel(); // it would keep whoever comes next waiting
    }
    done(m_settings);
}

} // namespace birch
