#include "drivers/transport/trace_player.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstring>

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("TracePlayer", text);
}

QString shown(QByteArrayView bytes)
{
    return QString::fromLatin1(bytes.first(std::min<qsizetype>(bytes.size(), 60)).toByteArray());
}

} // namespace

TracePlayer::TracePlayer(LinkTrace trace)
    : m_trace(std::move(trace))
{
}

const TraceRecord *TracePlayer::next() const
{
    return isOver() ? nullptr : &m_trace.records[m_next];
}

void TracePlayer::advance()
{
    ++m_next;
    m_offset = 0;
}

void TracePlayer::fail(const QString &sentence)
{
    m_problem = sentence;
    m_isOpen = false;
}

bool TracePlayer::connect()
{
    if (!m_problem.isEmpty())
        return false;
    const bool isCut = m_next == 0 && m_trace.dropped > 0; // it begins in the middle
    m_lossReason.clear();
    while (next() && next()->kind != Kind::Connect && !isCut)
        advance(); // what nobody has read of the connection before
    if (isOver()) {
        fail(tr("The trace ends here: it was not connected again"));
        return false;
    }
    if (next()->kind == Kind::Connect)
        advance();
    m_isOpen = true;
    return true;
}

void TracePlayer::close()
{
    m_isOpen = false;
}

bool TracePlayer::send(QByteArrayView bytes)
{
    while (isOpen() && !bytes.isEmpty()) {
        // Answers that nobody has waited for.
        while (next() && (next()->kind == Kind::Receive || next()->kind == Kind::End ||
                          next()->kind == Kind::Forget))
            advance();
        const TraceRecord *record = next();
        if (!record || record->kind != Kind::Send) {
            fail(tr("The trace has nothing at byte %1 of what is sent, where \"%2\" came now")
                     .arg(m_sent)
                     .arg(shown(bytes)));
            break;
        }
        const QByteArrayView expected = QByteArrayView(record->bytes).sliced(m_offset);
        const qsizetype count = std::min(bytes.size(), expected.size());
        const auto differs =
            std::mismatch(bytes.begin(), bytes.begin() + count, expected.begin()).first;
        const qsizetype same = differs - bytes.begin();
        m_sent += same;
        if (same < count || (count == 0 && !record->isWhole())) {
            fail(tr("The trace differs at byte %1 of what is sent: then it was \"%2\", now it is "
                    "\"%3\"")
                     .arg(m_sent)
                     .arg(shown(expected.sliced(same)), shown(bytes.sliced(same))));
            break;
        }
        m_offset += count;
        bytes = bytes.sliced(count);
        if (m_offset == record->bytes.size() && record->isWhole())
            advance();
    }
    return isOpen();
}

bool TracePlayer::isReadable() const
{
    const TraceRecord *record = next();
    return !isOpen() || !record || record->kind == Kind::Receive || record->kind == Kind::End ||
           record->kind == Kind::Forget || record->kind == Kind::Lost;
}

TracePlayer::Part TracePlayer::receive(char *into, qsizetype most)
{
    Part part;
    while (isOpen()) {
        const TraceRecord *record = next();
        if (!record || record->kind == Kind::Lost) {
            m_lossReason = record ? QString::fromUtf8(record->bytes) : tr("the trace ends here");
            m_isOpen = false;
            if (record)
                advance();
            break;
        }
        if (record->kind == Kind::Forget) {
            part.isForget = true;
            advance();
            continue;
        }
        if (record->kind != Kind::Receive && record->kind != Kind::End)
            break;
        part.size = std::min(most, record->bytes.size() - m_offset);
        if (part.size > 0)
            std::memcpy(into, record->bytes.constData() + m_offset, size_t(part.size));
        m_offset += part.size;
        if (m_offset < record->bytes.size())
            break;
        if (!record->isWhole()) {
            fail(tr("The trace holds only %1 of %2 bytes of an answer; record it with --trace, "
                    "which keeps longer ones")
                     .arg(record->bytes.size())
                     .arg(record->total));
            break;
        }
        part.isEnd = record->kind == Kind::End;
        advance();
        break;
    }
    return part;
}

void TracePlayer::clear()
{
    while (next() && next()->kind != Kind::Clear && next()->kind != Kind::Connect)
        advance();
    if (next())
        advance();
    else
        fail(tr("The trace ends here: it was not cleared again"));
}

Result<quint8> TracePlayer::statusByte()
{
    const TraceRecord *record = next();
    if (!isOpen() || !record || record->kind != Kind::StatusByte || record->bytes.isEmpty()) {
        fail(tr("The trace has no status byte behind byte %1 of what is sent").arg(m_sent));
        return Error{ErrorCode::NotConnected, m_problem};
    }
    const auto status = quint8(record->bytes[0]);
    advance();
    return status;
}

} // namespace birch
