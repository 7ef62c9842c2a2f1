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

/// Takes the host, brackets and a port behind a comma included, and the separator behind it off
/// \a rest.
Result<QStringView> takeHost(QStringView text, QStringView &rest)
{
    const bool isBracketed = rest.startsWith(u'[');
    const qsizetype bracket = isBracketed ? rest.indexOf(u']') : 0;
    if (bracket < 0)
        return refuse(text, tr("the closing bracket of the IPv6 address is missing"));
    const qsizetype separator = rest.indexOf(kSeparator, bracket);
    const qsizetype end = separator < 0 ? rest.size() : separator;
    if (isBracketed && end != bracket + 1 && rest[bracket + 1] != u',')
        return refuse(text, tr("after the IPv6 address in brackets comes ::port::SOCKET"));
    const QStringView host = rest.first(end);
    if (host.isEmpty())
        return refuse(text, tr("the host is missing; write TCPIP::host::port::SOCKET"));
    rest = separator < 0 ? QStringView() : rest.sliced(separator + kSeparator.size());
    return host;
}

/// Takes a port behind the last comma off \a name; 0: there is none.
Result<quint16> takePort(QStringView text, QStringView &name)
{
    const qsizetype comma = name.lastIndexOf(u',');
    if (comma < 0)
        return quint16(0);
    const auto port = decimal(name.sliced(comma + 1), 65535);
    if (!port || *port == 0)
        return refuse(
            text, tr("after the comma in \"%1\" comes a port number from 1 to 65535").arg(name));
    name = name.first(comma);
    return quint16(*port);
}

Result<Resource> parseSocket(QStringView text, QStringView host, const QList<QStringView> &tail)
{
    const auto port = tail.size() == 2 ? decimal(tail[0], 65535) : std::nullopt;
    if (!port || *port == 0)
        return refuse(text,
                      tr("between host and SOCKET comes one port number from 1 to 65535, like "
                         "TCPIP::%1::5025::SOCKET")
                          .arg(host));
    const auto canonical = parseHost(text, host);
    if (!canonical)
        return canonical.error();
    Resource resource;
    resource.host = canonical.value();
    resource.port = quint16(*port);
    return resource;
}

Result<Resource> parseHislip(QStringView text, QStringView host, QStringView device)
{
    const auto port = takePort(text, device);
    if (!port)
        return port.error();
    static const QRegularExpression name(u"^hislip[a-z0-9_.-]{0,58}$"_s);
    Resource resource;
    resource.kind = Resource::Kind::Hislip;
    resource.device = device.toString().toLower();
    resource.port = port.value() == 0 ? kHislipPort : port.value();
    if (!name.match(resource.device).hasMatch())
        return refuse(text, tr("\"%1\" is no HiSLIP device; most are called hislip0").arg(device));
    if (host.contains(u','))
        return refuse(text, tr("the port of a HiSLIP device comes behind its name; write "
                               "TCPIP::host::hislip0,4880::INSTR"));
    const auto canonical = parseHost(text, host);
    if (!canonical)
        return canonical.error();
    resource.host = canonical.value();
    return resource;
}

Result<Resource> parseVxi11(QStringView text, QStringView host, QStringView device)
{
    const auto port = takePort(text, host);
    if (!port)
        return port.error();
    static const QRegularExpression name(u"^[A-Za-z][A-Za-z0-9_.,-]{0,63}$"_s);
    static const QRegularExpression inst(u"^inst[0-9]+$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    Resource resource;
    resource.kind = Resource::Kind::Vxi11;
    resource.port = port.value();
    resource.device = device.toString();
    if (!name.match(resource.device).hasMatch())
        return refuse(text,
                      tr("\"%1\" is no name of a device; most are called inst0, and those behind "
                         "a GPIB gateway like gpib0,5")
                          .arg(device));
    if (inst.match(resource.device).hasMatch())
        resource.device = resource.device.toLower();
    const auto canonical = parseHost(text, host);
    if (!canonical)
        return canonical.error();
    resource.host = canonical.value();
    return resource;
}

Result<Resource> parseInstr(QStringView text, QStringView host, QList<QStringView> tail)
{
    const bool hasSuffix =
        !tail.isEmpty() && tail.last().compare("INSTR"_L1, Qt::CaseInsensitive) == 0;
    if (hasSuffix)
        tail.removeLast();
    if (!tail.isEmpty() && decimal(tail[0], 999'999'999))
        return refuse(text,
                      tr("it does not end in SOCKET; write TCPIP::%1::port::SOCKET").arg(host));
    if (tail.size() > 1)
        return refuse(text, tr("between host and INSTR comes one name at most, like inst0 or "
                               "hislip0"));
    if (tail.isEmpty())
        return parseVxi11(text, host, u"inst0");
    return tail[0].startsWith("hislip"_L1, Qt::CaseInsensitive) ? parseHislip(text, host, tail[0])
                                                                : parseVxi11(text, host, tail[0]);
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
    const bool isSocket =
        !tail.isEmpty() && tail.last().compare("SOCKET"_L1, Qt::CaseInsensitive) == 0;
    auto resource =
        isSocket ? parseSocket(text, host.value(), tail) : parseInstr(text, host.value(), tail);
    if (resource)
        resource.value().board = board.value();
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
    const QString start = u"TCPIP%1::%2"_s.arg(QString::number(board), shown);
    const QString number = QString::number(port);
    if (kind == Kind::Socket)
        return start + u"::"_s + number + u"::SOCKET"_s;
    if (kind == Kind::Vxi11)
        return start + (port == 0 ? QString() : u',' + number) + u"::"_s + device + u"::INSTR"_s;
    return start + u"::"_s + device + (port == kHislipPort ? QString() : u',' + number) +
           u"::INSTR"_s;
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
        return refuse(text, tr("write TCPIP::host::INSTR, TCPIP::host::hislip0::INSTR, "
                               "TCPIP::host::port::SOCKET or ASRL/dev/ttyUSB0::INSTR"));
    if (text.startsWith("TCPIP"_L1, Qt::CaseInsensitive))
        return parseTcpip(text, text.sliced(5));
    if (text.startsWith("ASRL"_L1, Qt::CaseInsensitive))
        return parseSerial(text, text.sliced(4));
    for (const QLatin1StringView kind :
         {"GPIB"_L1, "USB"_L1, "VXI"_L1, "PXI"_L1, "VICP"_L1, "PRLGX"_L1}) {
        if (text.startsWith(kind, Qt::CaseInsensitive))
            return refuse(text, tr("%1 is not available in this version; connect the instrument by "
                                   "Ethernet (TCPIP::host::INSTR) or serial port "
                                   "(ASRL/dev/ttyUSB0::INSTR)")
                                    .arg(kind));
    }
    return refuse(text, tr("the kind of connection is unknown; write TCPIP::host::INSTR, "
                           "TCPIP::host::hislip0::INSTR, TCPIP::host::port::SOCKET or "
                           "ASRL/dev/ttyUSB0::INSTR"));
}

} // namespace birch
