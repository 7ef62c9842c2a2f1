#include "drivers/discovery/discovery_worker.h"

#include "drivers/discovery/host_scan.h"
#include "drivers/discovery/mdns_browser.h"
#include "drivers/discovery/portmapper_probe.h"
#include "drivers/transport/resource.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

using std::chrono::milliseconds;

constexpr int kQuestionsAtOnce = 16;
constexpr std::chrono::seconds kIdentityTime{3};
constexpr milliseconds kTellPause{20};
constexpr milliseconds kAfterLimit{300};
constexpr quint16 kRealPortmapperPort = 111;

QString socketAddress(const QString &host, quint16 port)
{
    return Resource{Resource::Kind::Socket, 0, host, port, {}}.canonical();
}

QString hislipAddress(const QString &host, quint16 port)
{
    return Resource{Resource::Kind::Hislip, 0, host, port, u"hislip0"_s}.canonical();
}

/// \a port 0: its portmapper knows.
QString vxi11Address(const QString &host, quint16 port)
{
    return Resource{Resource::Kind::Vxi11, 0, host, port, u"inst0"_s}.canonical();
}

/// "" where the service alone gives none.
QString addressOf(const AnnouncedService &service)
{
    switch (service.kind) {
    case ServiceKind::Hislip:
        return hislipAddress(service.address, service.port);
    case ServiceKind::ScpiRaw:
        return socketAddress(service.address, service.port);
    case ServiceKind::Vxi11:
        return vxi11Address(service.address,
                            service.port == kRealPortmapperPort ? quint16(0) : service.port);
    case ServiceKind::Lxi:
        return {};
    }
    Q_UNREACHABLE();
}

} // namespace

DiscoveryWorker::DiscoveryWorker(DiscoveryOptions options, const QList<DefinitionPtr> &definitions,
                                 std::stop_token stop)
    : m_options(std::move(options))
    , m_deadline(Deadline::in(m_options.limit))
    , m_onStop(std::move(stop),
               [this] { // on whichever thread stops it
                   m_stop.request_stop();
                   QMetaObject::invokeMethod(this, &DiscoveryWorker::finish, Qt::QueuedConnection);
               })
    , m_list(definitions)
{
    m_pool.setMaxThreadCount(kQuestionsAtOnce);
    for (QTimer *timer : {&m_listening, &m_limit, &m_telling})
        timer->setSingleShot(true);
    connect(&m_listening, &QTimer::timeout, this, &DiscoveryWorker::onListened);
    connect(&m_limit, &QTimer::timeout, this, &DiscoveryWorker::onLimit);
    connect(&m_telling, &QTimer::timeout, this, &DiscoveryWorker::tell);
}

DiscoveryWorker::~DiscoveryWorker()
{
    m_stop.request_stop();
    m_pool.clear();
    m_pool.waitForDone();
}

void DiscoveryWorker::start()
{
    const auto limit = std::chrono::duration_cast<milliseconds>(m_options.limit);
    m_limit.start(limit);
    startNetwork();
    startScan();
    if (m_options.listsSerial)
        listSerial();
    // The rest is for those who answer late to say who they are.
    m_listening.start(m_mdns || m_broadcast || m_rangePortmappers ? limit * 2 / 3
                                                                  : milliseconds(0));
}

void DiscoveryWorker::startNetwork()
{
    if (m_options.asksMdns) {
        m_mdns = std::make_unique<MdnsBrowser>(m_options.places);
        connect(m_mdns.get(), &MdnsBrowser::announced, this, &DiscoveryWorker::onAnnounced);
        if (!m_mdns->start())
            m_notes << tr(
                "No network takes questions by multicast DNS; check that one is connected");
    }
    if (m_options.asksVxi11) {
        m_broadcast = std::make_unique<PortmapperProbe>(m_options.places.portmapperPort);
        connect(m_broadcast.get(), &PortmapperProbe::answered, this,
                [this](const QHostAddress &host, quint16 port) {
                    onPortmapper(host, port, u"vxi11"_s);
                });
        if (!m_broadcast->start(m_options.places.broadcasts
                                    ? *m_options.places.broadcasts
                                    : PortmapperProbe::broadcastAddresses()))
            m_notes << tr("No network takes broadcasts to VXI-11; check that one is connected");
    }
}

void DiscoveryWorker::startScan()
{
    if (m_options.hosts.isEmpty())
        return;
    const quint16 hislip = m_options.places.hislipPort;
    m_rangePortmappers = std::make_unique<PortmapperProbe>(m_options.places.portmapperPort);
    connect(
        m_rangePortmappers.get(), &PortmapperProbe::answered, this,
        [this](const QHostAddress &host, quint16 port) { onPortmapper(host, port, u"range"_s); });
    (void)m_rangePortmappers->start(m_options.hosts);
    m_scan = std::make_unique<HostScan>(m_options.hosts,
                                        m_options.places.socketPorts + QList<quint16>{hislip});
    connect(m_scan.get(), &HostScan::answered, this,
            [=, this](const QHostAddress &host, quint16 port) {
                const QString name = host.toString();
                add(port == hislip ? hislipAddress(name, port) : socketAddress(name, port),
                    u"range"_s, {}, m_options.identifies);
            });
    connect(m_scan.get(), &HostScan::finished, this, [this] {
        m_isScanning = false;
        finishIfDone();
    });
    m_isScanning = true;
    m_scan->start();
}

void DiscoveryWorker::listSerial()
{
    for (const SerialPort &port : serialPorts(m_options.places.serial)) {
        const QString address = port.address();
        if (address.isEmpty())
            continue;
        const QString usb = port.vendorId == 0
                                ? QString()
                                : u"USB %1:%2 %3 %4"_s.arg(port.vendorId, 4, 16, QChar(u'0'))
                                      .arg(port.productId, 4, 16, QChar(u'0'))
                                      .arg(port.manufacturer, port.product);
        add(address, u"serial"_s, usb.trimmed(), m_options.identifiesSerial);
    }
}

void DiscoveryWorker::onAnnounced(const AnnouncedService &service)
{
    const auto text = [&](const char *key) {
        for (auto it = service.texts.begin(); it != service.texts.end(); ++it) {
            if (it.key().compare(QLatin1StringView(key), Qt::CaseInsensitive) == 0)
                return it.value();
        }
        return QString();
    };
    const Identity identity{text("Manufacturer"), text("Model"), text("SerialNumber"),
                            text("FirmwareVersion")};
    if (!identity.model.isEmpty())
        m_list.setAnnounced(service.address, identity);
    if (const QString address = addressOf(service); !address.isEmpty())
        add(address, u"mdns"_s, service.instance, m_options.identifies);
    else
        m_lxiHosts.insert(service.address, service.instance);
    tellSoon();
}

void DiscoveryWorker::onPortmapper(const QHostAddress &host, quint16 port, const QString &way)
{
    const bool isUsual = m_options.places.portmapperPort == kRealPortmapperPort;
    add(vxi11Address(host.toString(), isUsual ? quint16(0) : port), way, {}, m_options.identifies);
}

void DiscoveryWorker::add(const QString &address, const QString &way, const QString &name,
                          bool asks)
{
    if (m_isFinished)
        return;
    if (m_list.add(address, way, name) && asks)
        ask(address);
    tellSoon();
}

void DiscoveryWorker::tellSoon()
{
    if (!m_isFinished && !m_telling.isActive())
        m_telling.start(kTellPause);
}

void DiscoveryWorker::ask(const QString &address)
{
    ++m_asking;
    m_pool.start([this, address, stop = m_stop.get_token()] {
        const Call call{m_deadline.atMost(kIdentityTime), stop};
        const Result<QString> answer =
            call.deadline.hasPassed() || stop.stop_requested()
                ? Result<QString>(Error{ErrorCode::Timeout, tr("There was no time to ask it")})
                : askIdentity(address, call);
        QMetaObject::invokeMethod(this, [=, this] { onAnswer(address, answer); });
    });
}

void DiscoveryWorker::onAnswer(const QString &address, const Result<QString> &answer)
{
    --m_asking;
    if (answer)
        m_list.setIdentity(address, answer.value());
    else
        m_list.setProblem(address, answer.error().message);
    tellSoon();
    finishIfDone();
}

void DiscoveryWorker::tell()
{
    const FoundList::Changes changes = m_list.takeChanges();
    for (const int id : changes.gone)
        emit gone(id);
    for (const FoundInstrument &instrument : changes.found)
        emit found(instrument);
}

void DiscoveryWorker::finishIfDone()
{
    if (m_asking == 0 && !m_isScanning && !m_listening.isActive())
        finish();
}

/// Who announces LXI alone speaks VXI-11, as LXI demands of all but the newest.
void DiscoveryWorker::onListened()
{
    for (auto host = m_lxiHosts.cbegin(); host != m_lxiHosts.cend(); ++host) {
        if (!m_list.hasHost(host.key()))
            add(vxi11Address(host.key(), 0), u"mdns"_s, host.value(), m_options.identifies);
    }
    m_lxiHosts.clear();
    finishIfDone();
}

/// Questions under way have the same deadline: what they say of it is waited for, shortly.
void DiscoveryWorker::onLimit()
{
    if (m_asking == 0 || std::exchange(m_isEnding, true))
        return finish();
    m_isScanning = false;
    m_listening.stop();
    m_limit.start(kAfterLimit);
}

void DiscoveryWorker::finish()
{
    if (m_isFinished)
        return;
    m_isFinished = true;
    if (m_scan && m_scan->untried() > 0)
        m_notes
            << tr("%1 of the ports of the range were not tried in time; search a smaller range, "
                  "or longer")
                   .arg(m_scan->untried());
    m_stop.request_stop();
    for (QTimer *timer : {&m_listening, &m_limit, &m_telling})
        timer->stop();
    // Later: one of them may be what called.
    for (QObject *source :
         std::initializer_list<QObject *>{m_mdns.release(), m_broadcast.release(),
                                          m_rangePortmappers.release(), m_scan.release()}) {
        if (source) {
            source->disconnect(this);
            source->deleteLater();
        }
    }
    tell();
    emit finished(m_notes);
}

} // namespace birch
