#include "drivers/transport/stream_transport.h"

#include "drivers/transport/pause.h"

#include <QCoreApplication>
#include <QScopedValueRollback>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qsizetype kSmallRead = 4096;
constexpr std::chrono::milliseconds kBlockEndGrace{50};

QString tr(const char *text)
{
    return QCoreApplication::translate("StreamTransport", text);
}

/// Whole milliseconds of the next slice, rounded up: a wait of 0 would spin.
int sliceMs(Deadline deadline)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.remaining());
    return int(std::min(left, kWaitSlice).count());
}

QString shown(QByteArrayView message)
{
    return QString::fromLatin1(message.first(std::min<qsizetype>(message.size(), 60)));
}

} // namespace

StreamTransport::StreamTransport(QString address, std::unique_ptr<ByteLink> link,
                                 LinkOptions options)
    : m_address(std::move(address))
    , m_options(std::move(options))
    , m_link(std::move(link))
    , m_expected(QRegularExpression::anchoredPattern(m_options.resync.expected))
    , m_framer(m_options.readTerminator, m_options.maxMessage)
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
    m_link->close();
    m_received.clear();
}

Status StreamTransport::open(const Call &call)
{
    if (m_isBusy)
        return Error{ErrorCode::Conflict, tr("%1 is in use by another call").arg(m_address)};
    const QScopedValueRollback busy(m_isBusy, true);
    close();
    if (call.stop.stop_requested())
        return Error{ErrorCode::Cancelled, tr("Stopped before connecting to %1").arg(m_address)};
    Status opened = connect(call);
    // A serial line goes on while nobody holds it: an answer to an earlier owner may be on its way.
    if (opened && m_link->recovery() == ByteLink::Recovery::Drain)
        opened = drain(call);
    if (!opened)
        close();
    return opened;
}

Status StreamTransport::send(QByteArrayView message, const Call &call)
{
    if (m_isBusy)
        return Error{ErrorCode::Conflict, tr("%1 is in use by another call").arg(m_address)};
    const QScopedValueRollback busy(m_isBusy, true);
    if (Status ready = prepare(call); !ready)
        return ready;
    // Notices a peer that has gone, which a first write would not.
    if (m_received.size() < m_options.maxMessage && take(0) == Arrival::Lost)
        return lost();
    Status sent = transmit(message, call);
    noteExchange();
    return sent;
}

Result<QByteArray> StreamTransport::query(QByteArrayView message, ReplyShape shape,
                                          const Call &call)
{
    if (m_isBusy)
        return Error{ErrorCode::Conflict, tr("%1 is in use by another call").arg(m_address)};
    const QScopedValueRollback busy(m_isBusy, true);
    if (Status ready = prepare(call); !ready)
        return ready.error();
    if (Status dropped = dropArrived(); !dropped)
        return dropped.error();
    if (Status sent = transmit(message, call); !sent)
        return sent.error();
    auto reply = receive(shape, call);
    noteExchange();
    if (!reply) {
        m_isSyncAnswerOwed = m_isSyncAnswerOwed || message.trimmed() == m_options.resync.query;
        return reply.error().within(tr("\"%1\"").arg(shown(message)));
    }
    return reply;
}

Result<QByteArray> StreamTransport::read(ReplyShape shape, const Call &call)
{
    if (m_isBusy)
        return Error{ErrorCode::Conflict, tr("%1 is in use by another call").arg(m_address)};
    const QScopedValueRollback busy(m_isBusy, true);
    if (m_isDirty || !isOpen() || call.stop.stop_requested()) {
        if (Status ready = prepare(call); !ready)
            return ready.error();
    }
    auto reply = receive(shape, call);
    noteExchange();
    return reply;
}

Status StreamTransport::prepare(const Call &call)
{
    if (call.stop.stop_requested())
        return Error{ErrorCode::Cancelled, tr("Stopped; nothing was sent to %1").arg(m_address)};
    if (!isOpen())
        return notOpen();
    if (m_isDirty) {
        if (Status synced = resync(call); !synced)
            return synced.error().within(tr("Finding the beginning of the next answer"));
    }
    return m_options.minGap.count() > 0 ? keepGap(call) : ok();
}

Status StreamTransport::keepGap(const Call &call)
{
    const Nanoseconds gap = m_gapEnd.remaining();
    if (gap > call.deadline.remaining())
        return Error{ErrorCode::Timeout,
                     tr("%1 needs a pause between commands that is longer than the time allowed; "
                        "nothing was sent. Raise the timeout")
                         .arg(m_address)};
    if (gap > Nanoseconds::zero() && !pause(gap, call.stop))
        return Error{ErrorCode::Cancelled, tr("Stopped; nothing was sent to %1").arg(m_address)};
    return ok();
}

void StreamTransport::noteExchange()
{
    if (m_options.minGap.count() > 0)
        m_gapEnd = Deadline::in(m_options.minGap);
}

Status StreamTransport::transmit(QByteArrayView message, const Call &call)
{
    m_outgoing.resize(0); // keeps its memory
    m_outgoing.append(message).append(m_options.writeTerminator);
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
    Call waiting = call;
    bool isWhole = false; // a block is, but for its terminator
    for (;;) {
        const ReplyFramer::Progress seen = examineArrived();
        if (seen.state == State::Complete)
            return m_received.take(seen.reply, seen.consumed);
        if (seen.state == State::TooLong || seen.state == State::BadHeader)
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
            return fail(ErrorCode::Timeout,
                        tr("%1 did not answer in time; check that it is switched on and not busy, "
                           "or raise the timeout")
                            .arg(m_address));
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
    const qint64 count = m_link->read(m_received.room(size), size);
    if (count < 0)
        return Arrival::Lost;
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

Error StreamTransport::refuse(ReplyFramer::State state)
{
    if (state == ReplyFramer::State::TooLong)
        return fail(
            ErrorCode::Protocol,
            tr("the answer of %1 is longer than the %2 bytes allowed; check the terminator, "
               "or raise the largest message of its definition")
                .arg(m_address)
                .arg(m_options.maxMessage));
    return fail(
        ErrorCode::Protocol,
        tr("%1 did not answer with a block of stated length but with \"%2\"; check the data "
           "format it is set to")
            .arg(m_address, shown(m_received.view())));
}

Error StreamTransport::fail(ErrorCode code, const QString &sentence)
{
    m_isDirty = true;
    m_received.clear();
    return {code, sentence};
}

Error StreamTransport::notTaken()
{
    return fail(
        ErrorCode::Timeout,
        tr("%1 does not take the command; check its flow control and that it is switched on")
            .arg(m_address));
}

Error StreamTransport::cancelled()
{
    return fail(ErrorCode::Cancelled, tr("Stopped while waiting for %1").arg(m_address));
}

Error StreamTransport::lost()
{
    m_received.clear();
    return notOpen();
}

Error StreamTransport::notOpen() const
{
    const QString reason = m_link->lossReason();
    return {ErrorCode::NotConnected,
            reason.isEmpty()
                ? tr("%1 is not connected; connect it first").arg(m_address)
                : tr("The connection to %1 is lost (%2); check cable and power, then connect again")
                      .arg(m_address, reason)};
}

} // namespace birch
