#include "drivers/transport/hislip_link.h"

#include <QCoreApplication>

#include <algorithm>

/// How a HislipLink connects, and how its messages are sent and received.
namespace birch {

namespace {

using hislip::Header;

constexpr quint64 kMostReceived = 1024 * 1024;  // of one message, header included
constexpr qsizetype kMostWritten = 1024 * 1024; // of one message, however much is allowed
constexpr qsizetype kLeastWritten = 1024;       // where the instrument names no sensible size

QString tr(const char *text)
{
    return QCoreApplication::translate("HislipLink", text);
}

} // namespace

Status HislipLink::open(const Call &call)
{
    close();
    m_nextMessage = hislip::kFirstMessage;
    m_lastSent = m_lastReceived = hislip::kNoMessage;
    m_isDelivered = m_isInMessage = false;
    m_interrupts = 0;
    Status opened = initialize(call);
    if (!opened) {
        close();
        const Error &error = opened.error();
        return Error{error.code, error.message.isEmpty() && error.code == ErrorCode::Timeout
                                     ? tr("it did not answer in time; check that it is switched on")
                                     : error.message}
            .within(tr("Connecting to %1 of %2").arg(m_device, m_host));
    }
    return ok();
}

Status HislipLink::initialize(const Call &call)
{
    if (Status opened = m_sync.open(call); !opened)
        return opened;
    const QByteArray device = m_device.toLatin1();
    const quint32 offer = quint32(hislip::kVersion) << 16 | hislip::kVendor;
    if (Status sent =
            send(m_sync, {hislip::Initialize, 0, offer, quint64(device.size())}, device, call);
        !sent)
        return sent;
    const auto answer = expect(m_sync, hislip::InitializeResponse, nullptr, call);
    if (!answer)
        return answer.error();
    if (answer.value().control & hislip::kEncrypted)
        return Error{ErrorCode::Protocol,
                     tr("it demands an encrypted connection, which is not available in this "
                        "version; allow unencrypted ones in its network settings")};
    m_isOverlapped = (answer.value().control & hislip::kOverlapped) != 0;
    if (Status opened = m_async.open(call); !opened)
        return opened;
    if (Status ready = initializeAsync(quint16(answer.value().parameter), call); !ready)
        return ready;
    return negotiateSize(call);
}

Status HislipLink::initializeAsync(quint16 session, const Call &call)
{
    const auto answer = ask({hislip::AsyncInitialize, 0, session, 0}, {},
                            hislip::AsyncInitializeResponse, nullptr, call);
    return answer ? ok() : Status(answer.error());
}

Status HislipLink::negotiateSize(const Call &call)
{
    char bytes[8];
    qToBigEndian(kMostReceived, bytes);
    QByteArray size;
    const auto answer = ask({hislip::AsyncMaximumMessageSize, 0, 0, sizeof bytes},
                            QByteArrayView(bytes, sizeof bytes),
                            hislip::AsyncMaximumMessageSizeResponse, &size, call);
    if (!answer)
        return answer.error();
    if (size.size() != 8)
        return confused(tr("it does not say how long a message may be; check the port"));
    const auto most = qFromBigEndian<quint64>(size.constData());
    // Whether the header counts is left open by the standard.
    m_mostAtOnce =
        most <= quint64(hislip::kHeaderSize)
            ? kLeastWritten
            : qsizetype(std::min(most - quint64(hislip::kHeaderSize), quint64(kMostWritten)));
    return ok();
}

Status HislipLink::send(Channel &channel, const Header &header, QByteArrayView payload,
                        const Call &call)
{
    m_outgoing.resize(0); // keeps its memory
    hislip::write(m_outgoing, header);
    m_outgoing.append(payload);
    return channel.send(m_outgoing, call);
}

/// The next header, with errors that the instrument reports taken for errors.
Result<Header> HislipLink::receive(Channel &channel, const Call &call)
{
    char bytes[hislip::kHeaderSize];
    if (Status got = channel.receive(bytes, sizeof bytes, true, call); !got)
        return got.error();
    const auto header = hislip::readHeader(QByteArrayView(bytes, sizeof bytes));
    if (!header)
        return confused(tr("What came from the instrument is no HiSLIP message; check the port"));
    if (header->type != hislip::Error && header->type != hislip::FatalError)
        return *header;
    const auto text = receivePayload(channel, header->length, call);
    return text ? reported(*header, text.value()) : text.error();
}

Error HislipLink::reported(const Header &header, const QByteArray &text)
{
    const QString said =
        text.isEmpty() ? tr("error %1").arg(header.control) : QString::fromLatin1(text.left(200));
    m_reported = header.type == hislip::Error ? header.control : quint8(0);
    if (header.type == hislip::Error)
        return {ErrorCode::Protocol, tr("The instrument reports: %1").arg(said)};
    m_isConfused = true;
    if (header.control == hislip::TooManyClients)
        return {ErrorCode::NotConnected,
                tr("The instrument takes no further clients (%1); end other programs that use it")
                    .arg(said)};
    return {ErrorCode::Protocol,
            tr("The instrument ends the connection: %1. Connect again").arg(said)};
}

Result<QByteArray> HislipLink::receivePayload(Channel &channel, quint64 length, const Call &call)
{
    QByteArray payload(qsizetype(std::min(length, hislip::kLongestControl)), '\0');
    if (Status got = channel.receive(payload.data(), payload.size(), false, call); !got)
        return got.error();
    return payload;
}

Status HislipLink::skip(Channel &channel, quint64 length, const Call &call)
{
    char dropped[4096];
    while (length > 0) {
        const auto size = qsizetype(std::min(length, quint64(sizeof dropped)));
        if (Status got = channel.receive(dropped, size, false, call); !got)
            return got;
        length -= quint64(size);
    }
    return ok();
}

/// The next message of \a type; what else comes on that channel meanwhile is noted, or dropped.
Result<Header> HislipLink::expect(Channel &channel, quint8 type, QByteArray *payload,
                                  const Call &call)
{
    for (;;) {
        const auto next = receive(channel, call);
        if (!next)
            return next.error();
        const Header &header = next.value();
        if (header.type == type) {
            const auto bytes = receivePayload(channel, header.length, call);
            if (!bytes)
                return bytes.error();
            if (payload)
                *payload = bytes.value();
            return header;
        }
        if (Status skipped = skip(channel, header.length, call); !skipped)
            return skipped.error();
        if (header.type == hislip::Interrupted)
            ++m_interrupts;
        else if (header.type == hislip::AsyncInterrupted)
            --m_interrupts;
        if (call.deadline.hasPassed())
            return Error{ErrorCode::Timeout, {}};
    }
}

/// A question on the asynchronous channel. An answer that does not come in time may come instead of
/// the next one: they have no numbers.
Result<Header> HislipLink::ask(const Header &question, QByteArrayView payload, quint8 answer,
                               QByteArray *answerPayload, const Call &call)
{
    if (m_isAsyncPending)
        return Error{ErrorCode::Protocol,
                     tr("The instrument has not answered an earlier question; connect again")};
    if (Status sent = send(m_async, question, payload, call); !sent)
        return sent.error();
    m_reported = 0;
    auto answered = expect(m_async, answer, answerPayload, call);
    if (m_reported == hislip::UnknownType || m_reported == hislip::UnknownControl)
        return Error{ErrorCode::BadInput, tr("%1 does not offer this").arg(m_host)};
    m_isAsyncPending = !answered;
    return answered;
}

Error HislipLink::confused(const QString &sentence)
{
    m_isConfused = true;
    return {ErrorCode::Protocol, sentence};
}

} // namespace birch
