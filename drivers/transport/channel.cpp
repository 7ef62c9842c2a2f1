#include "drivers/transport/channel.h"

#include "drivers/transport/wait_slice.h"

#include <cstring>

namespace birch {

namespace {

constexpr qsizetype kAhead = 4096; // a short answer, header and all, in one read of the system

} // namespace

Channel::Channel(const QString &host, quint16 port)
    : m_link(host, port)
    , m_ahead(kAhead, '\0')
{
}

Status Channel::open(const Call &call)
{
    close();
    return m_link.open(call);
}

void Channel::close()
{
    m_link.close();
    m_aheadStart = m_aheadSize = 0;
    m_isTorn = false;
}

Status Channel::send(QByteArrayView bytes, const Call &call)
{
    bool isWritten = m_link.write(bytes) && m_link.waitWritten(0);
    while (!isWritten) {
        if (!isOpen())
            return Error{ErrorCode::NotConnected, {}};
        const bool isStopped = call.stop.stop_requested();
        if (isStopped || call.deadline.hasPassed()) {
            m_isTorn = true;
            return Error{isStopped ? ErrorCode::Cancelled : ErrorCode::Timeout, {}};
        }
        isWritten = m_link.waitWritten(sliceMs(call.deadline));
    }
    return ok();
}

Status Channel::receive(char *into, qsizetype size, bool isNext, const Call &call)
{
    qsizetype got = takeAhead(into, size);
    while (got < size) {
        const qint64 count =
            size - got > kAhead ? m_link.read(into + got, size - got) : fillAhead();
        if (count < 0)
            return Error{ErrorCode::NotConnected, {}};
        if (count > 0) {
            got += size - got > kAhead ? count : takeAhead(into + got, size - got);
            // Also where bytes come for ever, one by one.
            if (got < size && call.deadline.hasPassed()) {
                m_isTorn = true;
                return Error{ErrorCode::Timeout, {}};
            }
            continue;
        }
        const bool isStopped = call.stop.stop_requested();
        if (isStopped || call.deadline.hasPassed()) {
            m_isTorn = m_isTorn || !isNext || got > 0;
            return Error{isStopped ? ErrorCode::Cancelled : ErrorCode::Timeout, {}};
        }
        (void)m_link.waitReadable(sliceMs(call.deadline));
    }
    return ok();
}

bool Channel::waitReadable(int milliseconds)
{
    return m_aheadSize > 0 || m_link.waitReadable(milliseconds);
}

bool Channel::hasGone()
{
    if (m_aheadSize == 0 && isOpen())
        (void)fillAhead();
    return !isOpen();
}

qsizetype Channel::takeAhead(char *into, qsizetype size)
{
    const qsizetype count = std::min(size, m_aheadSize);
    std::memcpy(into, m_ahead.constData() + m_aheadStart, size_t(count));
    m_aheadStart += count;
    m_aheadSize -= count;
    return count;
}

/// Only when nothing is ahead.
qint64 Channel::fillAhead()
{
    const qint64 count = m_link.read(m_ahead.data(), kAhead);
    m_aheadStart = 0;
    m_aheadSize = std::max<qint64>(0, count);
    return count;
}

} // namespace birch
