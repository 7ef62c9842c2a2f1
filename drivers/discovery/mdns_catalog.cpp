#include "drivers/discovery/mdns_catalog.h"

#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qsizetype kMostInstances = 1024;
constexpr qsizetype kMostHosts = 1024;
constexpr qsizetype kMostAddresses = 8; // of one host
constexpr qsizetype kMostTexts = 32;    // of one instance
constexpr qsizetype kMostQuestions = 32;

struct ServiceType {
    ServiceKind kind;
    const char *name;
};
constexpr ServiceType kTypes[] = {{ServiceKind::Lxi, "_lxi._tcp.local"},
                                  {ServiceKind::Vxi11, "_vxi-11._tcp.local"},
                                  {ServiceKind::Hislip, "_hislip._tcp.local"},
                                  {ServiceKind::ScpiRaw, "_scpi-raw._tcp.local"}};

quint16 number(dns::Type type)
{
    return quint16(type);
}

/// Of an instance, whose first label is its own; nothing: of none that we look for.
std::optional<ServiceKind> kindOf(const dns::Name &instance)
{
    if (instance.size() < 2)
        return std::nullopt;
    const QByteArray key = dns::keyOf(instance.sliced(1));
    for (const ServiceType &type : kTypes) {
        if (key == dns::keyOf(dns::nameFrom(type.name)))
            return type.kind;
    }
    return std::nullopt;
}

QMap<QString, QString> textsOf(const dns::Record &record)
{
    QMap<QString, QString> texts;
    for (const QByteArray &text : record.texts) {
        const qsizetype equals = text.indexOf('=');
        if (equals > 0 && texts.size() < kMostTexts)
            texts.insert(QString::fromUtf8(text.first(equals)),
                         QString::fromUtf8(text.sliced(equals + 1)).trimmed());
    }
    return texts;
}

} // namespace

QList<dns::Question> MdnsCatalog::browseQuestions()
{
    QList<dns::Question> questions;
    for (const ServiceType &type : kTypes)
        questions.append({dns::nameFrom(type.name), number(dns::Type::Pointer)});
    return questions;
}

/// Null: of no kind that we look for, or one too many.
MdnsCatalog::Instance *MdnsCatalog::instanceOf(const dns::Name &name, const QHostAddress &sender)
{
    const auto kind = kindOf(name);
    if (!kind)
        return nullptr;
    const QByteArray key = dns::keyOf(name);
    const auto known = m_instances.find(key);
    if (known != m_instances.end())
        return &*known;
    if (m_instances.size() >= kMostInstances)
        return nullptr;
    Instance instance;
    instance.kind = *kind;
    instance.name = name;
    instance.sender = sender;
    return &*m_instances.insert(key, instance);
}

void MdnsCatalog::take(const dns::Record &record, const QHostAddress &sender)
{
    if (record.secondsToLive == 0)
        return; // it says goodbye; who it was will not answer
    switch (dns::Type(record.type)) {
    case dns::Type::Pointer:
        (void)instanceOf(record.target, sender);
        break;
    case dns::Type::Service:
        if (Instance *instance = instanceOf(record.name, sender)) {
            instance->host = record.target;
            instance->hostKey = dns::keyOf(record.target);
            instance->port = record.port;
            instance->isDue = true;
        }
        break;
    case dns::Type::Text:
        if (Instance *instance = instanceOf(record.name, sender)) {
            instance->texts = textsOf(record);
            instance->isDue = true;
        }
        break;
    case dns::Type::A:
    case dns::Type::Aaaa:
        takeAddress(record);
        break;
    default:
        break;
    }
}

void MdnsCatalog::takeAddress(const dns::Record &record)
{
    const QByteArray key = dns::keyOf(record.name);
    if (record.address.isNull() || (m_hosts.size() >= kMostHosts && !m_hosts.contains(key)))
        return;
    QList<QHostAddress> &addresses = m_hosts[key];
    if (addresses.contains(record.address) || addresses.size() >= kMostAddresses)
        return;
    addresses.append(record.address);
    for (Instance &instance : m_instances)
        instance.isDue = instance.isDue || instance.hostKey == key;
}

/// IPv4 before IPv6, and the address that the answer came from before others: that one is reached.
/// "" where nothing is known.
QString MdnsCatalog::addressOf(const Instance &instance) const
{
    const QList<QHostAddress> addresses = m_hosts.value(instance.hostKey);
    QHostAddress best;
    for (const QHostAddress &address : addresses) {
        if (address.protocol() != QAbstractSocket::IPv4Protocol) {
            if (best.isNull() && !address.isLinkLocal())
                best = address;
            continue;
        }
        if (address.isEqual(instance.sender))
            return address.toString();
        if (best.protocol() != QAbstractSocket::IPv4Protocol)
            best = address;
    }
    return best.isNull() ? QString() : best.toString();
}

AnnouncedService MdnsCatalog::describe(const Instance &instance) const
{
    return {instance.kind,
            QString::fromUtf8(instance.name.first()),
            dns::hostText(instance.host),
            addressOf(instance),
            instance.port,
            instance.texts};
}

QList<AnnouncedService> MdnsCatalog::add(const dns::Message &message, const QHostAddress &sender)
{
    QList<AnnouncedService> changed;
    if (!message.isResponse)
        return changed;
    for (const dns::Record &record : message.records)
        take(record, sender);
    for (Instance &instance : m_instances) {
        if (!std::exchange(instance.isDue, false))
            continue;
        const AnnouncedService now = describe(instance);
        if (now.address.isEmpty() || now.port == 0 || now == instance.told)
            continue;
        instance.told = now;
        changed.append(now);
    }
    return changed;
}

QList<dns::Question> MdnsCatalog::missing() const
{
    QList<dns::Question> questions;
    for (const Instance &instance : m_instances) {
        if (questions.size() >= kMostQuestions)
            break;
        if (instance.host.isEmpty())
            questions.append({instance.name, number(dns::Type::Service)});
        else if (addressOf(instance).isEmpty())
            questions.append({instance.host, number(dns::Type::A)});
        else if (instance.kind == ServiceKind::Lxi && instance.texts.isEmpty())
            questions.append({instance.name, number(dns::Type::Text)});
    }
    return questions;
}

} // namespace birch
