#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <algorithm>
#include <utility>

namespace birch {

/// Bytes that have arrived and belong to no reply yet. Keeps its memory from reply to reply, so
/// that short exchanges do not allocate; a large block leaves in the memory it arrived in.
class ReceiveBuffer
{
public:
    QByteArrayView view() const { return QByteArrayView(m_bytes.constData() + m_start, m_size); }
    qsizetype size() const { return m_size; }

    void clear() { m_start = m_size = 0; }
    void drop(qsizetype count)
    {
        m_size -= count;
        m_start = m_size == 0 ? 0 : m_start + count;
    }
    /// Room for \a count more bytes behind view(); commit() says how many came.
    char *room(qsizetype count)
    {
        if (m_start > 0 && m_start + m_size + count > m_bytes.size()) {
            std::copy_n(m_bytes.data() + m_start, m_size, m_bytes.data());
            m_start = 0;
        }
        if (m_start + m_size + count > m_bytes.size())
            m_bytes.resize(std::max(m_start + m_size + count, m_bytes.size() + m_bytes.size() / 2));
        return m_bytes.data() + m_start + m_size;
    }
    void commit(qsizetype count) { m_size += count; }

    /// The first \a reply bytes; the first \a consumed are dropped.
    QByteArray take(qsizetype reply, qsizetype consumed)
    {
        if (m_start == 0 && consumed == m_size && reply >= kMoved) {
            QByteArray whole = std::exchange(m_bytes, {});
            clear();
            whole.truncate(reply);
            return whole;
        }
        QByteArray copy(m_bytes.constData() + m_start, reply);
        drop(consumed);
        return copy;
    }

private:
    static constexpr qsizetype kMoved = 64 * 1024; // from here on a move is cheaper than a copy

    QByteArray m_bytes;
    qsizetype m_start = 0;
    qsizetype m_size = 0;
};

} // namespace birch
