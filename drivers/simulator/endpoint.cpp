#include "drivers/simulator/endpoint.h"

#include "drivers/transport/apt_message.h"
#include "drivers/transport/modbus_frame.h"

namespace birch {

namespace {
constexpr qsizetype kLongestMessage = 1
                                      << 20; // bytes without a terminator: somebody talks nonsense
}

QList<QByteArray> MessageBuffer::add(const QByteArray &bytes)
{
    m_pending += bytes;
    if (m_framing != Framing::Lines)
        return takeFrames();
    const char last = m_terminator.isEmpty() ? '\n' : m_terminator.back();
    QList<QByteArray> messages;
    qsizetype start = 0;
    for (qsizetype end = m_pending.indexOf(last); end >= 0; end = m_pending.indexOf(last, start)) {
        messages.append(m_pending.sliced(start, end - start).trimmed());
        start = end + 1;
    }
    m_pending.remove(0, start);
    if (m_pending.size() > kLongestMessage)
        m_pending.clear();
    return messages;
}

QList<QByteArray> MessageBuffer::takeFrames()
{
    QList<QByteArray> frames;
    const bool isModbus = m_framing == Framing::ModbusRtu;
    while (!m_pending.isEmpty()) {
        const qsizetype length =
            isModbus ? modbus::requestLength(m_pending) : apt::messageLength(m_pending, 0);
        if (length < 0) {
            m_pending.clear();
        } else if (length == 0 || m_pending.size() < length) {
            break;
        } else if (isModbus && !modbus::hasGoodCrc(m_pending.first(length))) {
            m_pending.clear(); // a slave says nothing to a frame that it can not trust
        } else {
            frames.append(m_pending.first(length));
            m_pending.remove(0, length);
        }
    }
    return frames;
}

} // namespace birch
