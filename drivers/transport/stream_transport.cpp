#include "drivers/transport/stream_transport.h"

#include "core/base/stopwatch.h"
#include "drivers/transport/wait_slice.h"

#include <QCoreApplication>

#include <algorithm>

namespace birch {

namespace {

constexpr qsizetype kSmallRead = 4096;
constexpr std::chrono::milliseconds kBlockEndGrace{50};

QString tr(const char *text)
{
    return QCoreApplication::translate("StreamTransport", text);
}

} // namespace

StreamTransport::StreamTransport(QString address, std::unique_ptr<ByteLink> link,
                                 LinkOptions options, bool isShared)
    : LinkTransport(std::move(address), std::move(options))
    , m_link(std::move(link))
    , m_expected(QRegularExpression::anchoredPattern(m_options.resync.expected))
    , m_isShared(isShared)
{
}

StreamTransport::~StreamTransport() = default;

bool StreamTransport::isOpen() const
{
    return m_link->isOpen();
}

void StreamTransport::close()
{
    if (m_isDirty && isOpen()) { // what a hung line has not taken would hold up the close
        m_link->discard();
        m_isSendCut = true;
    }
    if (isOpen())
        note(TraceRecord::Kind::Close);
    m_link->close();
    m_lock.giveBack();
    m_received.clear();
}

Status StreamTransport::lock(const Call &call)
{
    if (!m_isShared) // who has the link open has it alone
        return LinkTransport::lock(call);
    return m_lock.isTaken() ? ok() : m_lock.take(m_address, call);
}

Status StreamTransport::unlock(const Call &call)
{
    if (!m_isShared)
        return LinkTransport::unlock(call);
    m_lock.giveBack();
    return ok();
}

Status StreamTransport::lookForLoss()
{
    return m_received.size() < m_options.maxMessage && take(0) == Arrival::Lost ? lost() : ok();
}

void StreamTransport::noteUnanswered(QByteArrayView message)
{
    m_isSyncAnswerOwed = m_isSyncAnswerOwed || message.trimmed() == m_options.resync.query;
}

QString StreamTransport::lossReason() const
{
    return m_link->lossReason();
}

Status StreamTransport::transmit(const Call &call)
{
    note(TraceRecord::Kind::Send, m_outgoing);
    bool isWritten = m_link->write(m_outgoing) && m_link->waitWritten(0);
    while (!isWritten) {
        if (!isOpen())
            return lost();
        if (call.stop.stop_requested() || call.deadline.hasPassed()) {
            m_isSendCut = true;
            return call.stop.stop_requested() ? cancelled() : notTaken();
        }
        isWritten = m_link->waitWritten(sliceMs(call.deadline));
    }
    return ok();
}

Result<QByteArray> StreamTransport::receive(ReplyShape shape, const Call &call)
{
    using State = ReplyFramer::State;
    m_framer.begin(shape);
    Stopwatch phase(call.times ? &call.times->answer : nullptr);
    bool hasBegun = false;
    Call waiting = call;
    bool isWhole = false; // a block is, but for its terminator
    for (;;) {
        const ReplyFramer::Progress seen = examineArrived();
        if (!hasBegun && call.times && m_received.size() > 0) {
            hasBegun = true;
            phase.start(&call.times->transfer);
        }
        if (seen.state == State::Complete)
            return m_received.take(seen.reply, seen.consumed);
        if (seen.state == State::TooLong || seen.state == State::BadHeader ||
            seen.state == State::BadFrame)
            return refuse(seen.state);
        if (seen.state == State::BlockWithoutEnd && !isWhole) {
            isWhole = true;
            waiting.deadline = call.deadline.atMost(kBlockEndGrace);
        }
        const Arrival arrival = await(waiting, seen.wanted);
        if (arrival == Arrival::Bytes)
            continue;
        if (isWhole) {
            m_isBlockEndDue = true;
            return m_received.take(seen.reply, seen.consumed);
        }
        if (arrival == Arrival::Late)
            return notAnswered();
        return arrival == Arrival::Stopped ? cancelled() : lost();
    }
}

ReplyFramer::Progress StreamTransport::examineArrived()
{
    if (m_isBlockEndDue) {
        const qsizetype end = m_framer.terminatorAtStart(m_received.view());
        if (end < 0)
            return {};
        m_received.drop(end);
        m_isBlockEndDue = false;
    }
    return m_framer.examine(m_received.view());
}

StreamTransport::Arrival StreamTransport::await(const Call &call, qsizetype wanted)
{
    if (m_received.size() > 0) { // more of a reply that has begun is often there already
        if (const Arrival arrival = take(wanted); arrival == Arrival::Lost)
            return arrival;
        else if (call.deadline.hasPassed()) // also when bytes trickle in for ever
            return Arrival::Late;
        else if (arrival == Arrival::Bytes)
            return arrival;
    }
    for (;;) {
        if (call.stop.stop_requested())
            return Arrival::Stopped;
        if (m_link->waitReadable(sliceMs(call.deadline))) {
            if (const Arrival arrival = take(wanted); arrival != Arrival::Late)
                return arrival;
        }
        if (!isOpen())
            return Arrival::Lost;
        if (call.deadline.hasPassed())
            return Arrival::Late;
    }
}

/// One read without waiting; Late: nothing is there.
StreamTransport::Arrival StreamTransport::take(qsizetype wanted)
{
    const qsizetype size =
        std::max(wanted + m_options.readTerminator.size() - m_received.size(), kSmallRead);
    char *const room = m_received.room(size);
    const qint64 count = m_link->read(room, size);
    if (count < 0)
        return Arrival::Lost;
    if (count > 0)
        note(TraceRecord::Kind::Receive, QByteArrayView(room, count));
    m_received.commit(count);
    return count > 0 ? Arrival::Bytes : Arrival::Late;
}

Status StreamTransport::dropArrived()
{
    qsizetype dropped = m_received.size();
    for (;;) {
        m_received.clear();
        const Arrival arrival = take(0);
        if (arrival == Arrival::Lost)
            return lost();
        if (arrival == Arrival::Late)
            break;
        dropped += m_received.size();
        if (dropped > m_options.maxMessage)
            return fail(ErrorCode::Protocol,
                        tr("%1 does not stop sending; check that it is not in a talk-only mode")
                            .arg(m_address));
    }
    if (dropped > 0)
        m_isBlockEndDue = false;
    return ok();
}

} // namespace birch
