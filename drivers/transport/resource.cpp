#include "drivers/transport/resource.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QRegularExpression>

#include <optional>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qsizetype kLongestText = 1024; // longer is no address; also bounds the work below
constexpr auto kSeparator = "::"_L1;

QString tr(const char *text)
{
    return QCoreApplication::translate("Resource", text);
}

Error refuse(QStringView text, const QString &reason)
{
    return {ErrorCode::BadInput, tr("Address \"%1\": %2").arg(text.left(100), reason)};
}

std::optional<int> decimal(QStringView text, int largest)
{
    if (text.isEmpty() || text.size() > 9)
        return std::nullopt;
    int value = 0;
    for (QChar c : text) {
        if (c < u'0' || c > u'9')
            return std::nullopt;
        value = value * 10 + (c.unicode() - u'0');
    }
    return value <= largest ? std::optional(value) : std::nullopt;
}

bool isNumericAddress(const QString &host)
{
    return std::all_of(host.begin(), host.end(),
                       [](QChar c) { return c == u'.' || (c >= u'0' && c <= u'9'); });
}

bool isIpv4(const QString &host)
{
    const QStringList octets = host.split(u'.');
    return octets.size() == 4 &&
           std::all_of(octets.begin(), octets.end(),
                       [](const QString &octet) { return decimal(octet, 255).has_value(); });
}

/// The canonical host, or why there is none.
Result<QString> parseHost(QStringView whole, QStringView text)
{
    if (text.startsWith(u'[')) {
        const QHostAddress address(text.sliced(1, text.size() - 2).toString());
        if (address.protocol() != QAbstractSocket::IPv6Protocol)
            return refuse(whole, tr("what stands in the brackets is no IPv6 address; write it like "
                                    "[fe80::1] or use the host's name"));
        return address.toString();
    }
    static const QRegularExpression name(u"^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?$"_s);
    const QString host = text.toString().toLower();
    if (host.size() > 253 || !name.match(host).hasMatch() || host.contains(".."_L1))
        return refuse(whole, tr("\"%1\" is no host name or IPv4 address; an IPv6 address goes in "
                                "brackets, like TCPIP::[fe80::1]::5025::SOCKET")
                                 .arg(text));
    if (isNumericAddress(host) && !isIpv4(host))
        return refuse(whole,
                      tr("\"%1\" is no IPv4 address; it has four numbers from 0 to 255").arg(text));
    return host;
}

/// Well formed, but VXI-11 or HiSLIP; or not well formed.
Error refuseOther(QStringView text, QStringView host, QList<QStringView> tail)
{
    if (!tail.isEmpty() && tail.last().compare("INSTR"_L1, Qt::CaseInsensitive) == 0)
        tail.removeLast();
    if (tail.size() > 1 || (tail.size() == 1 && decimal(tail[0], 65535)))
        return refuse(text,
                      tr("it does not end in SOCKET; write TCPIP::%1::port::SOCKET").arg(host));
    const bool isHislip = tail.size() == 1 && tail[0].startsWith("hislip"_L1, Qt::CaseInsensitive);
    return refuse(text,
                  tr("%1 is not available in this version; if the instrument has a raw socket, "
                     "write TCPIP::%2::5025::SOCKET with its port")
                      .arg(isHislip ? u"HiSLIP"_s : u"VXI-11"_s, host));
}

/// Takes the board number and the separator behind it off \a rest.
Result<int> takeBoard(QStringView text, QStringView &rest)
{
    const qsizetype end = rest.indexOf(kSeparator);
    if (end < 0)
        return refuse(text, tr("the host is missing; write TCPIP::host::port::SOCKET"));
    const QStringView number = rest.first(end);
    const auto board = number.isEmpty() ? std::optional(0) : decimal(number, 65535);
    if (!board)
        return refuse(text, tr("\"%1\" is no board number; leave it out or write 0").arg(number));
    rest = rest.sliced(end + kSeparator.size());
    return *board;
}

/// Takes the host, brackets included, and the separator behind it off \a rest.
Result<QStringView> takeHost(QStringView text, QStringView &rest)
{
    const bool isBracketed = rest.startsWith(u'[');
    const qsizetype bracket = isBracketed ? rest.indexOf(u']') : 0;
    if (bracket < 0)
        return refuse(text, tr("the closing bracket of the IPv6 address is missing"));
    const qsizetype separator = rest.indexOf(kSeparator, bracket);
    const qsizetype end = separator < 0 ? rest.size() : separator;
    if (isBracketed && end != bracket + 1)
        return refuse(text, tr("after the IPv6 address in brackets comes ::port::SOCKET"));
    const QStringView host = rest.first(end);
    if (host.isEmpty())
        return refuse(text, tr("the host is missing; write TCPIP::host::port::SOCKET"));
    rest = separator < 0 ? QStringView() : rest.sliced(separator + kSeparator.size());
    return host;
}

/// \a rest is what follows "TCPIP".
Result<Resource> parseTcpip(QStringView text, QStringView rest)
{
    const auto board = takeBoard(text, rest);
    if (!board)
        return board.error();
    const auto host = takeHost(text, rest);
    if (!host)
        return host.error();
    const QList<QStringView> tail = rest.isNull() ? QList<QStringView>{} : rest.split(u"::");
    if (tail.isEmpty() || tail.last().compare("SOCKET"_L1, Qt::CaseInsensitive) != 0)
        return refuseOther(text, host.value(), tail);
    const auto port = tail.size() == 2 ? decimal(tail[0], 65535) : std::nullopt;
    if (!port || *port == 0)
        return refuse(text,
                      tr("between host and SOCKET comes one port number from 1 to 65535, like "
                         "TCPIP::%1::5025::SOCKET")
                          .arg(host.value()));
    const auto canonical = parseHost(text, host.value());
    if (!canonical)
        return canonical.error();
    Resource resource;
    resource.board = board.value();
    resource.host = canonical.value();
    resource.port = quint16(*port);
    return resource;
}

/// \a rest is what follows "ASRL".
Result<Resource> parseSerial(QStringView text, QStringView rest)
{
    constexpr auto kSuffix = "::INSTR"_L1;
    if (rest.endsWith(kSuffix, Qt::CaseInsensitive))
        rest.chop(kSuffix.size());
    if (rest.isEmpty())
        return refuse(text, tr("the device is missing; write ASRL/dev/ttyUSB0::INSTR"));
    if (rest.contains(kSeparator))
        return refuse(text, tr("after the device only ::INSTR may follow"));
    if (std::any_of(rest.begin(), rest.end(), [](QChar c) { return !c.isPrint(); }))
        return refuse(text, tr("the device path holds characters that can not be printed"));
    if (rest.contains(u'/') && (!rest.startsWith(u'/') || rest.endsWith(u'/')))
        return refuse(
            text,
            tr("\"%1\" is no device path; it starts with a slash, like /dev/ttyUSB0").arg(rest));
    Resource resource;
    resource.kind = Resource::Kind::Serial;
    resource.device = rest.toString();
    const bool isNumber =
        std::all_of(rest.begin(), rest.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    if (isNumber) {
        const auto number = decimal(rest, 255);
        if (!number || *number == 0)
            return refuse(text,
                          tr("serial ports are numbered from 1 to 255; or write the path, like "
                             "ASRL/dev/ttyUSB0::INSTR"));
        resource.device = QString::number(*number);
    }
    return resource;
}

} // namespace

QString Resource::canonical() const
{
    if (kind == Kind::Serial)
        return u"ASRL"_s + device + u"::INSTR"_s;
    const QString shown = host.contains(u':') ? u'[' + host + u']' : host;
    return u"TCPIP%1::%2::%3::SOCKET"_s.arg(QString::number(board), shown, QString::number(port));
}

QString Resource::devicePath() const
{
    if (device.startsWith(u'/'))
        return device;
    if (const auto number = decimal(device, 255))
        return u"/dev/ttyS"_s + QString::number(*number - 1);
    return u"/dev/"_s + device;
}

Result<Resource> parseResource(QStringView text)
{
    text = text.trimmed();
    if (text.isEmpty() || text.size() > kLongestText)
        return refuse(text, tr("write TCPIP::host::port::SOCKET or ASRL/dev/ttyUSB0::INSTR"));
    if (text.startsWith("TCPIP"_L1, Qt::CaseInsensitive))
        return parseTcpip(text, text.sliced(5));
    if (text.startsWith("ASRL"_L1, Qt::CaseInsensitive))
        return parseSerial(text, text.sliced(4));
    for (const QLatin1StringView kind :
         {"GPIB"_L1, "USB"_L1, "VXI"_L1, "PXI"_L1, "VICP"_L1, "PRLGX"_L1}) {
        if (text.startsWith(kind, Qt::CaseInsensitive))
            return refuse(text, tr("%1 is not available in this version; connect the instrument by "
                                   "Ethernet (TCPIP::host::port::SOCKET) or serial port "
                                   "(ASRL/dev/ttyUSB0::INSTR)")
                                    .arg(kind));
    }
    return refuse(text, tr("the kind of connection is unknown; write TCPIP::host::port::SOCKET or "
                           "ASRL/dev/ttyUSB0::INSTR"));
}

} // namespace birch
