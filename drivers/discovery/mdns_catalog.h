#pragma once

#include "drivers/discovery/dns_message.h"

#include <QHash>
#include <QMap>
#include <QString>

namespace birch {

/// What instruments announce by multicast DNS.
enum class ServiceKind { Lxi, Vxi11, Hislip, ScpiRaw };

struct AnnouncedService {
    ServiceKind kind = ServiceKind::Lxi;
    QString instance; ///< what it calls itself, for people
    QString hostName; ///< "scope-1.local"
    QString address;  ///< of the host
    quint16 port = 0;
    QMap<QString, QString> texts; ///< "Manufacturer", "Model", "SerialNumber" ... as it spells them

    bool operator==(const AnnouncedService &) const = default;
};

/// Puts together the records of many answers until services are complete. Bounded: what is more
/// than an institute has is forgotten, whoever sends it. Pure: no device, no clock.
class MdnsCatalog
{
public:
    static QList<dns::Question> browseQuestions();

    /// Takes in an answer that came from \a sender. The services that are complete by it, and those
    /// that it changed.
    QList<AnnouncedService> add(const dns::Message &message, const QHostAddress &sender);
    /// What must be asked for to complete those that were announced, at most 32 questions.
    QList<dns::Question> missing() const;

private:
    struct Instance {
        ServiceKind kind = ServiceKind::Lxi;
        dns::Name name;
        QHostAddress sender;
        dns::Name host; ///< empty: not told yet
        QByteArray hostKey;
        quint16 port = 0;
        QMap<QString, QString> texts;
        AnnouncedService told; ///< as it was given out last
        bool isDue = false;    ///< something of it came since
    };

    Instance *instanceOf(const dns::Name &name, const QHostAddress &sender);
    void take(const dns::Record &record, const QHostAddress &sender);
    void takeAddress(const dns::Record &record);
    QString addressOf(const Instance &instance) const;
    AnnouncedService describe(const Instance &instance) const;

    QMap<QByteArray, Instance> m_instances;
    QHash<QByteArray, QList<QHostAddress>> m_hosts;
};

} // namespace birch
