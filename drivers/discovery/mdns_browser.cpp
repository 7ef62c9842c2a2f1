#include "drivers/discovery/mdns_browser.h"

#include <QNetworkDatagram>
#include <QNetworkInterface>
#include <QVariant>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kRounds = 3; // a datagram gets lost
constexpr std::chrono::seconds kFirstPause{1};
constexpr std::chrono::milliseconds kDetailPause{50}; // for what else is on its way
constexpr int kMostDetails = 20;
constexpr int kMostAtOnce = 64; // datagrams, before others get their turn
const QHostAddress kGroup(u"224.0.0.251"_s);
const QHostAddress kGroup6(u"ff02::fb"_s);

bool isUsable(const QNetworkInterface &network)
{
    constexpr auto needed =
        QNetworkInterface::IsUp | QNetworkInterface::IsRunning | QNetworkInterface::CanMulticast;
    return (network.flags() & needed) == needed;
}

} // namespace

MdnsBrowser::MdnsBrowser(const DiscoveryPlaces &places, QObject *parent)
    : QObject(parent)
    , m_places(places)
{
    m_again.setSingleShot(true);
    m_detail.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &MdnsBrowser::browse);
    connect(&m_detail, &QTimer::timeout, this, [this] { (void)send(m_catalog.missing()); });
}

bool MdnsBrowser::start()
{
    if (m_places.mdns) {
        openOwnPlaces();
    } else {
        openGroups();
        listenToAll();
    }
    if (!send(MdnsCatalog::browseQuestions()))
        return false;
    m_rounds = 1;
    m_again.start(kFirstPause);
    return true;
}

void MdnsBrowser::openOwnPlaces()
{
    for (const QHostAddress &place : *m_places.mdns)
        add(QHostAddress(QHostAddress::AnyIPv4), place);
}

void MdnsBrowser::openGroups()
{
    const QList<QNetworkInterface> networks = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &network : networks) {
        if (!isUsable(network))
            continue;
        for (const QHostAddress &group : {kGroup, kGroup6}) {
            const bool isOld = group == kGroup;
            const auto entries = network.addressEntries();
            const bool speaksIt =
                std::any_of(entries.begin(), entries.end(), [&](const QNetworkAddressEntry &entry) {
                    return entry.ip().protocol() == group.protocol();
                });
            if (!speaksIt)
                continue;
            add(QHostAddress(isOld ? QHostAddress::AnyIPv4 : QHostAddress::AnyIPv6), group);
            if (!m_ways.empty() && m_ways.back().to == group)
                m_ways.back().socket->setMulticastInterface(network);
        }
    }
}

void MdnsBrowser::add(const QHostAddress &bindTo, const QHostAddress &to)
{
    auto socket = std::make_unique<QUdpSocket>();
    if (!socket->bind(bindTo, 0))
        return;
    socket->setSocketOption(QAbstractSocket::MulticastTtlOption, 255);
    connect(socket.get(), &QUdpSocket::readyRead, this,
            [this, from = socket.get()] { receive(*from); });
    m_ways.push_back({std::move(socket), to});
}

void MdnsBrowser::listenToAll()
{
    if (!m_everybody.bind(QHostAddress(QHostAddress::AnyIPv4), m_places.mdnsPort,
                          QUdpSocket::ShareAddress | QUdpSocket::ReuseAddressHint))
        return; // answers to us alone are heard nevertheless
    const QList<QNetworkInterface> networks = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &network : networks) {
        if (isUsable(network))
            (void)m_everybody.joinMulticastGroup(kGroup, network);
    }
    connect(&m_everybody, &QUdpSocket::readyRead, this, [this] { receive(m_everybody); });
}

bool MdnsBrowser::send(const QList<dns::Question> &questions)
{
    if (questions.isEmpty())
        return true;
    const QByteArray datagram = dns::queryFor(0, questions);
    bool isSent = false;
    for (const Way &way : m_ways)
        isSent = way.socket->writeDatagram(datagram, way.to, m_places.mdnsPort) > 0 || isSent;
    return isSent;
}

void MdnsBrowser::browse()
{
    (void)send(MdnsCatalog::browseQuestions());
    if (++m_rounds < kRounds)
        m_again.start(2 * kFirstPause);
}

void MdnsBrowser::receive(QUdpSocket &socket)
{
    for (int i = 0; i < kMostAtOnce && socket.hasPendingDatagrams(); ++i) {
        const QNetworkDatagram datagram = socket.receiveDatagram();
        const auto message = dns::parse(datagram.data());
        if (!message)
            continue;
        for (const AnnouncedService &service : m_catalog.add(*message, datagram.senderAddress()))
            emit announced(service);
    }
    if (!m_detail.isActive() && m_details < kMostDetails && !m_catalog.missing().isEmpty()) {
        ++m_details;
        m_detail.start(kDetailPause);
    }
}

} // namespace birch
