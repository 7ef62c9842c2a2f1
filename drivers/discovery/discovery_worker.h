#pragma once

#include "drivers/discovery/discovery_options.h"
#include "drivers/discovery/found_list.h"
#include "drivers/discovery/mdns_catalog.h"

#include <QMap>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <functional>
#include <memory>
#include <stop_token>

namespace birch {

class HostScan;
class MdnsBrowser;
class PortmapperProbe;

/// One search, on the thread of DiscoverySearch. Event-driven; who an address is, is asked on a
/// pool of threads of its own, because that waits.
class DiscoveryWorker : public QObject
{
    Q_OBJECT
public:
    DiscoveryWorker(DiscoveryOptions options, const QList<DefinitionPtr> &definitions,
                    std::stop_token stop);
    ~DiscoveryWorker() override; ///< waits for questions under way: 100 ms after a stop

    void start();

signals:
    void found(const birch::FoundInstrument &instrument);
    void gone(int id);
    void finished(const QStringList &notes);

private:
    void startNetwork();
    void startScan();
    void listSerial();
    void onAnnounced(const AnnouncedService &service);
    void onPortmapper(const QHostAddress &host, quint16 port, const QString &way);
    void add(const QString &address, const QString &way, const QString &name, bool asks);
    void ask(const QString &address);
    void onAnswer(const QString &address, const Result<QString> &answer);
    void tell();
    void tellSoon();
    void onListened();
    void finishIfDone();
    void onLimit();
    void finish();

    const DiscoveryOptions m_options;
    const Deadline m_deadline;
    std::stop_source m_stop; ///< of the questions under way
    std::stop_callback<std::function<void()>> m_onStop;
    FoundList m_list;
    std::unique_ptr<MdnsBrowser> m_mdns;
    std::unique_ptr<PortmapperProbe> m_broadcast;
    std::unique_ptr<PortmapperProbe> m_rangePortmappers;
    std::unique_ptr<HostScan> m_scan;
    QTimer m_listening{this}; ///< no more answers of the network are waited for
    QTimer m_limit{this};
    QTimer m_telling{this}; ///< what changes at once is told at once
    QStringList m_notes;
    int m_asking = 0;
    bool m_isScanning = false;
    bool m_isEnding = false;
    bool m_isFinished = false;
    QMap<QString, QString> m_lxiHosts; ///< what they call themselves
    QThreadPool m_pool;                ///< last: its work refers to what is above
};

} // namespace birch
