#include "core/instrument/watched_transport.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

WatchedTransport::WatchedTransport(const QString &nickname, std::unique_ptr<Transport> transport,
                                   std::shared_ptr<const SecretMask> secrets)
    : m_watch(nickname + u" (link)"_s)
    , m_secrets(std::move(secrets))
    , m_transport(std::move(transport))
{
}

QString WatchedTransport::shown(QByteArrayView message) const
{
    constexpr qsizetype kMost = 40;
    const QByteArray told = m_secrets ? m_secrets->masked(message) : message.toByteArray();
    return QString::fromLatin1(told.first(std::min(told.size(), kMost)));
}

Status WatchedTransport::open(const Call &call)
{
    return m_watch.back(
        call, [] { return u"connect"_s; }, m_transport->open(call));
}

Status WatchedTransport::send(QByteArrayView message, const Call &call)
{
    return m_watch.back(
        call, [&] { return u"send "_s + shown(message); }, m_transport->send(message, call));
}

Result<QByteArray> WatchedTransport::query(QByteArrayView message, ReplyShape shape,
                                           const Call &call)
{
    return m_watch.back(
        call, [&] { return u"query "_s + shown(message); },
        m_transport->query(message, shape, call));
}

Result<QByteArray> WatchedTransport::read(ReplyShape shape, const Call &call)
{
    return m_watch.back(
        call, [] { return u"receive"_s; }, m_transport->read(shape, call));
}

Result<quint8> WatchedTransport::statusByte(const Call &call)
{
    return m_watch.back(
        call, [] { return u"status byte"_s; }, m_transport->statusByte(call));
}

Status WatchedTransport::clear(const Call &call)
{
    return m_watch.back(
        call, [] { return u"device clear"_s; }, m_transport->clear(call));
}

Status WatchedTransport::lock(const Call &call)
{
    return m_watch.back(
        call, [] { return u"lock"_s; }, m_transport->lock(call));
}

Status WatchedTransport::unlock(const Call &call)
{
    return m_watch.back(
        call, [] { return u"unlock"_s; }, m_transport->unlock(call));
}

} // namespace birch
