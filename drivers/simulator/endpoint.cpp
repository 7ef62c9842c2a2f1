#include "drivers/simulator/endpoint.h"

namespace birch {

namespace {
constexpr qsizetype kLongestMessage = 1
                                      << 20; // bytes without a terminator: somebody talks nonsense
}

QList<QByteArray> MessageBuffer::add(const QByteArray &bytes)
{
    m_pending += bytes;
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

} // namespace birch
