#include "drivers/discovery/address_range.h"

#include <QCoreApplication>

#include <optional>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("AddressRange", text);
}

std::optional<quint32> ipv4(const QString &text)
{
    const QStringList octets = text.trimmed().split(u'.');
    quint32 value = 0;
    for (const QString &octet : octets) {
        bool isNumber = false;
        const uint number = octet.toUInt(&isNumber);
        if (!isNumber || number > 255 || octet.size() > 3)
            return std::nullopt;
        value = value << 8 | number;
    }
    return octets.size() == 4 ? std::optional(value) : std::nullopt;
}

Error notARange(const QString &text)
{
    return {ErrorCode::BadInput,
            tr("\"%1\" is no range of addresses; write 192.168.1.0/24 or 192.168.1.10-192.168.1.30")
                .arg(text)};
}

Result<QList<QHostAddress>> between(const QString &text, quint32 first, quint32 last)
{
    if (last < first)
        return Error{
            ErrorCode::BadInput,
            tr("The range \"%1\" ends before it begins; exchange its two addresses").arg(text)};
    if (last - first >= kMostHostsInRange)
        return Error{ErrorCode::BadInput,
                     tr("The range \"%1\" has %2 hosts, of which %3 are the most at once; search a "
                        "part of it")
                         .arg(text)
                         .arg(quint64(last - first) + 1)
                         .arg(kMostHostsInRange)};
    QList<QHostAddress> hosts;
    for (quint64 host = first; host <= last; ++host) // 64 bits: past the last address there is
        hosts.append(QHostAddress(quint32(host)));
    return hosts;
}

} // namespace

Result<QList<QHostAddress>> hostsInRange(const QString &text)
{
    if (const qsizetype slash = text.indexOf(u'/'); slash >= 0) {
        const auto base = ipv4(text.first(slash));
        bool isNumber = false;
        const uint bits = text.sliced(slash + 1).trimmed().toUInt(&isNumber);
        if (!base || !isNumber || bits > 32)
            return notARange(text);
        const quint32 hostMask = bits == 0 ? ~quint32(0) : (quint32(1) << (32 - bits)) - 1;
        const quint32 network = *base & ~hostMask;
        const bool hasEnds = bits < 31; // its first and last address are no hosts
        return between(text, network + hasEnds, (network | hostMask) - hasEnds);
    }
    const qsizetype dash = text.indexOf(u'-');
    const auto first = ipv4(dash < 0 ? text : text.first(dash));
    if (!first)
        return notARange(text);
    if (dash < 0)
        return between(text, *first, *first);
    const QString end = text.sliced(dash + 1).trimmed();
    const QString network = QHostAddress(*first).toString().section(u'.', 0, 2);
    const auto last = ipv4(end.contains(u'.') ? end : network + u'.' + end);
    return last ? between(text, *first, *last) : Result<QList<QHostAddress>>(notARange(text));
}

} // namespace birch
