#include "drivers/transport/reply_framer.h"

#include "drivers/transport/apt_message.h"
#include "drivers/transport/modbus_frame.h"

#include <algorithm>

namespace birch {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

ReplyFramer::ReplyFramer(QByteArray terminator, qsizetype maxReply, Framing framing)
    : m_terminator(std::move(terminator))
    , m_bareLineFeed(m_terminator == "\r\n")
    , m_maxReply(maxReply)
    , m_framing(framing)
{
    Q_ASSERT(!m_terminator.isEmpty() || framing != Framing::Lines);
}

void ReplyFramer::begin(ReplyShape shape)
{
    m_shape = shape;
    m_scanned = 0;
}

ReplyFramer::Progress ReplyFramer::examine(QByteArrayView received)
{
    if (m_framing != Framing::Lines)
        return examineFrame(received);
    if (m_shape == ReplyShape::Line)
        return examineLine(received);
    if (m_shape == ReplyShape::Block)
        return examineBlock(received);
    if (received.isEmpty())
        return {};
    if (received[0] != '#')
        return examineLine(received);
    if (received.size() < 2)
        return {};
    // #H1F, #Q17 and #B101 are numbers of IEEE 488.2, not blocks.
    return isDigit(received[1]) ? examineBlock(received) : examineLine(received);
}

ReplyFramer::Progress ReplyFramer::examineLine(QByteArrayView received)
{
    const QByteArrayView end = m_bareLineFeed ? QByteArrayView("\n") : QByteArrayView(m_terminator);
    const qsizetype at = received.indexOf(end, m_scanned);
    if (at < 0) {
        m_scanned = std::max<qsizetype>(0, received.size() - (end.size() - 1));
        return {received.size() > m_maxReply ? State::TooLong : State::Incomplete, 0, 0, 0};
    }
    qsizetype reply = at;
    if (m_bareLineFeed && reply > 0 && received[reply - 1] == '\r')
        --reply;
    return {reply > m_maxReply ? State::TooLong : State::Complete, reply, at + end.size(), 0};
}

ReplyFramer::Progress ReplyFramer::examineBlock(QByteArrayView received)
{
    constexpr Progress bad{State::BadHeader, 0, 0, 0};
    if (received.isEmpty())
        return {};
    if (received[0] != '#')
        return bad;
    if (received.size() < 2)
        return {};
    if (received[1] < '1' || received[1] > '9')
        return bad;
    const qsizetype digits = received[1] - '0';
    qsizetype length = 0;
    for (qsizetype i = 2; i < std::min(2 + digits, received.size()); ++i) {
        if (!isDigit(received[i]))
            return bad;
        length = length * 10 + (received[i] - '0');
    }
    if (received.size() < 2 + digits)
        return {};
    const qsizetype whole = 2 + digits + length;
    if (whole > m_maxReply)
        return {State::TooLong, 0, 0, 0};
    if (received.size() < whole)
        return {State::Incomplete, 0, 0, whole};
    const qsizetype end = terminatorAtStart(received.sliced(whole));
    if (end < 0)
        return {State::BlockWithoutEnd, whole, whole, whole};
    return {State::Complete, whole, whole + end, whole};
}

ReplyFramer::Progress ReplyFramer::examineFrame(QByteArrayView received) const
{
    const bool isModbus = m_framing == Framing::ModbusRtu;
    const qsizetype length =
        isModbus ? modbus::replyLength(received) : apt::messageLength(received, apt::kHost);
    if (length < 0)
        return {State::BadFrame, 0, 0, 0};
    if (length > m_maxReply)
        return {State::TooLong, 0, 0, 0};
    if (length == 0 || received.size() < length)
        return {State::Incomplete, 0, 0, length};
    if (isModbus && !modbus::hasGoodCrc(received.first(length)))
        return {State::BadFrame, 0, 0, 0};
    return {State::Complete, length, length, length};
}

qsizetype ReplyFramer::terminatorAtStart(QByteArrayView tail) const
{
    // An instrument that ends lines with CR LF also ends blocks so, whatever the definition says.
    const QByteArrayView ends[] = {m_terminator, "\n", "\r\n"};
    const qsizetype count = m_terminator.endsWith('\n') ? 3 : 1;
    bool couldBecome = false;
    for (qsizetype i = 0; i < count; ++i) {
        if (tail.startsWith(ends[i]))
            return ends[i].size();
        couldBecome = couldBecome || ends[i].startsWith(tail);
    }
    return couldBecome ? -1 : 0;
}

} // namespace birch
