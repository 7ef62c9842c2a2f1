#pragma once

#include "drivers/discovery/discovery_options.h"
#include "drivers/discovery/mdns_catalog.h"

#include <QObject>
#include <QTimer>
#include <QUdpSocket>

#include <memory>
#include <vector>

namespace birch {

/// Asks the network by multicast DNS who offers what, as long as it lives. Event-driven, on the
/// thread that made it; nothing in it waits.
///
/// Questions go out from ports of their own, so that answers come straight back (RFC 6762, 6.7),
/// whatever else answers at this computer. Where port 5353 can be shared answers to everybody are
/// heard as well: some instruments know no other.
class MdnsBrowser : public QObject
{
    Q_OBJECT
public:
    explicit MdnsBrowser(const DiscoveryPlaces &places, QObject *parent = nullptr);
    /// False: there is no network that takes the questions.
    bool start();

signals:
    void announced(const birch::AnnouncedService &service);

private:
    struct Way {
        std::unique_ptr<QUdpSocket> socket;
        QHostAddress to;
    };

    void openOwnPlaces();
    void openGroups();
    void add(const QHostAddress &bindTo, const QHostAddress &to);
    void listenToAll();
    bool send(const QList<dns::Question> &questions);
    void browse();
    void receive(QUdpSocket &socket);

    const DiscoveryPlaces m_places;
    std::vector<Way> m_ways;
    QUdpSocket m_everybody;
    MdnsCatalog m_catalog;
    QTimer m_again;  ///< to the next round of questions
    QTimer m_detail; ///< to the questions about what is missing
    int m_rounds = 0;
    int m_details = 0;
};

} // namespace birch
