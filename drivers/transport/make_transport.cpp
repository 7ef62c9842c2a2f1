#include "drivers/transport/make_transport.h"

#include "drivers/transport/hislip_link.h"
#include "drivers/transport/message_transport.h"
#include "drivers/transport/resource.h"
#include "drivers/transport/serial_link.h"
#include "drivers/transport/socket_link.h"
#include "drivers/transport/stream_transport.h"
#include "drivers/transport/vxi11_link.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Transport", text);
}

Error bad(const QString &sentence)
{
    return {ErrorCode::BadInput, sentence};
}

using LinkPtr = std::unique_ptr<LinkTransport>;

LinkPtr overStream(const Resource &where, const LinkOptions &options,
                   std::unique_ptr<ByteLink> link)
{
    return std::make_unique<StreamTransport>(where.canonical(), std::move(link), options,
                                             where.kind == Resource::Kind::Socket);
}

LinkPtr overMessages(const Resource &where, const LinkOptions &options)
{
    std::unique_ptr<MessageLink> link;
    if (where.kind == Resource::Kind::Hislip) {
        link = std::make_unique<HislipLink>(where.host, where.port, where.device);
    } else {
        const auto termChar =
            options.endsByTerminator ? std::optional(options.readTerminator.back()) : std::nullopt;
        link = std::make_unique<Vxi11Link>(
            Vxi11Link::Place{where.host, where.port, rpc::kPortmapperPort, where.device}, termChar);
    }
    return std::make_unique<MessageTransport>(where.canonical(), std::move(link), options);
}

/// Modbus RTU ends a frame by 3.5 characters of silence, above 19200 baud by 1.75 ms: a slave takes
/// what comes sooner for more of the frame before.
LinkOptions withSilence(LinkOptions options, const Resource &where)
{
    using std::chrono::milliseconds;
    if (options.framing != Framing::ModbusRtu || where.kind != Resource::Kind::Serial)
        return options;
    constexpr double kBitsOfSilence = 3.5 * 11;
    const double seconds =
        options.serial.baud > 19200 ? 1.75e-3 : kBitsOfSilence / options.serial.baud;
    const milliseconds silence(int(std::ceil(seconds * 1e3)));
    options.minGap = std::max(options.minGap, silence);
    options.resync.quiet = std::max(options.resync.quiet, silence);
    return options;
}

LinkPtr makeLink(const Resource &where, const LinkOptions &options)
{
    switch (where.kind) {
    case Resource::Kind::Socket:
        return overStream(where, options, std::make_unique<SocketLink>(where.host, where.port));
    case Resource::Kind::Serial:
        return overStream(where, options,
                          std::make_unique<SerialLink>(where.devicePath(), options.serial));
    default:
        return overMessages(where, options);
    }
}

} // namespace

Status checkLinkOptions(const LinkOptions &options)
{
    using std::chrono::milliseconds;
    if (options.framing != Framing::Lines &&
        !(options.writeTerminator.isEmpty() && options.resync.query.isEmpty()))
        return bad(tr("Frames have neither terminators nor a resync query; leave both out"));
    if (options.framing == Framing::Lines && options.readTerminator.isEmpty())
        return bad(tr("The read terminator is empty; give the bytes that end an answer, like \\n"));
    if (options.maxMessage < 1 || options.maxMessage > 1'000'000'000)
        return bad(tr("The largest message is 1 to 1000000000 bytes"));
    if (options.minGap < milliseconds(0) || options.postOpen < milliseconds(0) ||
        options.resync.quiet < milliseconds(0))
        return bad(tr("A pause of the link is negative; write 0 or more"));
    if (options.connectTimeout <= milliseconds(0))
        return bad(tr("The connect timeout is not positive; write 5 s or so"));
    if (options.serial.baud <= 0)
        return bad(tr("The baud rate is not positive; write 9600 or what the instrument shows"));
    if (options.serial.dataBits < 5 || options.serial.dataBits > 8)
        return bad(tr("A serial character has 5 to 8 data bits"));
    if (options.resync.query.isEmpty())
        return ok();
    if (options.resync.expected.isEmpty())
        return bad(tr("The resync query has no expected answer; give its regular expression"));
    if (const QRegularExpression pattern(options.resync.expected); !pattern.isValid())
        return bad(tr("The expected answer of the resync query is no regular expression: %1")
                       .arg(pattern.errorString()));
    return ok();
}

Result<std::unique_ptr<Transport>>
makeTransport(const QString &resource, const LinkOptions &options, std::shared_ptr<TraceRing> trace)
{
    const auto parsed = parseResource(resource);
    if (!parsed)
        return parsed.error();
    if (const Status usable = checkLinkOptions(options); !usable)
        return usable.error().within(parsed.value().canonical());
    if (options.framing != Framing::Lines && parsed.value().kind != Resource::Kind::Socket &&
        parsed.value().kind != Resource::Kind::Serial)
        return bad(tr("%1 carries whole messages, and this instrument speaks in frames; give a "
                      "serial port (ASRL…) or a raw socket (…::SOCKET)")
                       .arg(parsed.value().canonical()));
    LinkPtr link = makeLink(parsed.value(), withSilence(options, parsed.value()));
    link->setTrace(trace ? std::move(trace) : std::make_shared<TraceRing>());
    return std::unique_ptr<Transport>(std::move(link));
}

} // namespace birch
