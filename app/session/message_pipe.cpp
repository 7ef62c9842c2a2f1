#include "app/session/message_pipe.h"

#include <QJsonDocument>
#include <QtEndian>

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

Result<MessagePipe::Ends> MessagePipe::make()
{
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return fileError(u"socketpair"_s, errno);
    return Ends{FileHandle(ends[0]), FileHandle(ends[1])};
}

MessagePipe::MessagePipe(FileHandle end, QObject *parent)
    : QObject(parent)
    , m_end(std::move(end))
    , m_readable(m_end.get(), QSocketNotifier::Read)
    , m_writable(m_end.get(), QSocketNotifier::Write)
{
    ::fcntl(m_end.get(), F_SETFL, ::fcntl(m_end.get(), F_GETFL) | O_NONBLOCK);
    m_writable.setEnabled(false);
    connect(&m_readable, &QSocketNotifier::activated, this, &MessagePipe::receive);
    connect(&m_writable, &QSocketNotifier::activated, this, &MessagePipe::flush);
}

void MessagePipe::send(const QJsonObject &message)
{
    if (m_isClosed)
        return;
    const QByteArray text = QJsonDocument(message).toJson(QJsonDocument::Compact);
    const quint32 length = qToLittleEndian(quint32(text.size()));
    m_outgoing.append(reinterpret_cast<const char *>(&length), sizeof length);
    m_outgoing.append(text);
    flush();
}

/// What can not be written shows when it is read: the other side is gone.
void MessagePipe::flush()
{
    while (!m_outgoing.isEmpty()) {
        const ssize_t sent = ::send(m_end.get(), m_outgoing.constData(), size_t(m_outgoing.size()),
                                    MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            break;
        m_outgoing.remove(0, sent);
    }
    m_writable.setEnabled(!m_isClosed && !m_outgoing.isEmpty() &&
                          (errno == EAGAIN || errno == EWOULDBLOCK));
}

void MessagePipe::receive()
{
    char bytes[16 * 1024];
    while (!m_isClosed) {
        const ssize_t got = ::read(m_end.get(), bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (got <= 0)
            return close();
        m_incoming.append(bytes, got);
        if (!takeMessages())
            return close();
    }
}

bool MessagePipe::takeMessages()
{
    while (m_incoming.size() >= qsizetype(sizeof(quint32))) {
        const auto length = qFromLittleEndian<quint32>(m_incoming.constData());
        if (length > kLongestMessage)
            return false;
        const qsizetype whole = qsizetype(sizeof length) + qsizetype(length);
        if (m_incoming.size() < whole)
            return true;
        const auto json = QJsonDocument::fromJson(m_incoming.sliced(sizeof length, length));
        m_incoming.remove(0, whole);
        if (!json.isObject())
            return false;
        emit received(json.object());
        if (m_isClosed)
            return true;
    }
    return true;
}

void MessagePipe::close()
{
    if (std::exchange(m_isClosed, true))
        return;
    m_readable.setEnabled(false);
    m_writable.setEnabled(false);
    emit closed();
}

} // namespace birch
