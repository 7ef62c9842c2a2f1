#include "drivers/simulator/output_queue.h"

#include <algorithm>

namespace birch {

void OutputQueue::add(const QByteArray &bytes, bool isEnd)
{
    if (m_messages.empty() || m_messages.back().isWhole)
        m_messages.push_back({bytes, 0, isEnd});
    else {
        m_messages.back().bytes += bytes;
        m_messages.back().isWhole = isEnd;
    }
}

bool OutputQueue::isReady(qsizetype most, std::optional<char> terminator) const
{
    if (m_messages.empty())
        return false;
    const Message &first = m_messages.front();
    return first.isWhole || first.bytes.size() - first.taken >= most ||
           (terminator && first.bytes.indexOf(*terminator, first.taken) >= 0);
}

OutputQueue::Piece OutputQueue::take(qsizetype most, std::optional<char> terminator)
{
    if (m_messages.empty())
        return {};
    Message &first = m_messages.front();
    qsizetype count = std::min(most, first.bytes.size() - first.taken);
    Piece piece;
    if (terminator) {
        const qsizetype at = first.bytes.indexOf(*terminator, first.taken);
        piece.isTerminated = at >= 0 && at - first.taken < count;
        count = piece.isTerminated ? at - first.taken + 1 : count;
    }
    piece.bytes = first.bytes.mid(first.taken, count);
    first.taken += count;
    piece.isFull = count == most;
    piece.isEnd = first.isWhole && first.taken == first.bytes.size();
    if (first.taken == first.bytes.size())
        first.isWhole ? m_messages.pop_front() : void(first = {});
    return piece;
}

} // namespace birch
