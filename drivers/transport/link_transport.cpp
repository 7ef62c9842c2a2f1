#include "drivers/transport/link_transport.h"

#include "core/base/stopwatch.h"
#include "drivers/transport/pause.h"

#include <QCoreApplication>
#include <QScopedValueRollback>

#include <algorithm>

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("LinkTransport", text);
}

} // namespace

LinkTransport::LinkTransport(QString address, LinkOptions options)
    : m_address(std::move(address))
    , m_options(std::move(options))
    , m_framer(m_options.readTerminator, m_options.maxMessage, m_options.framing)
{
}

LinkTransport::~LinkTransport() = default;

Status LinkTransport::open(const Call &call)
{
    if (m_isBusy)
        return inUse();
    const QScopedValueRollback busy(m_isBusy, true);
    close();
    if (call.stop.stop_requested())
        return Error{ErrorCode::Cancelled, tr("Stopped before connecting to %1").arg(m_address)};
    Status opened = connect(call);
    if (!opened)
        close();
    return opened;
}

Status LinkTransport::send(QByteArrayView message, const Call &call)
{
    if (m_isBusy)
        return inUse();
    const QScopedValueRollback busy(m_isBusy, true);
    if (Status ready = prepare(call); !ready)
        return ready;
    if (Status present = lookForLoss(); !present)
        return present;
    Status sent = transmit(message, call);
    noteExchange();
    return sent;
}

Result<QByteArray> LinkTransport::query(QByteArrayView message, ReplyShape shape, const Call &call)
{
    if (m_isBusy)
        return inUse();
    const QScopedValueRollback busy(m_isBusy, true);
    if (Status ready = prepare(call); !ready)
        return ready.error();
    if (Status dropped = dropArrived(); !dropped)
        return dropped.error();
    Stopwatch sending(call.times ? &call.times->trigger : nullptr);
    const Status sent = transmit(message, call);
    sending.start(nullptr);
    if (!sent)
        return sent.error();
    auto reply = receive(shape, call);
    noteExchange();
    if (!reply) {
        noteUnanswered(message);
        return reply.error().within(tr("\"%1\"").arg(shown(message)));
    }
    return reply;
}

Result<QByteArray> LinkTransport::read(ReplyShape shape, const Call &call)
{
    if (m_isBusy)
        return inUse();
    const QScopedValueRollback busy(m_isBusy, true);
    if (m_isDirty || !isOpen() || call.stop.stop_requested()) {
        if (Status ready = prepare(call); !ready)
            return ready.error();
    }
    auto reply = receive(shape, call);
    noteExchange();
    return reply;
}

void LinkTransport::noteUnanswered(QByteArrayView) {}

Status LinkTransport::prepare(const Call &call)
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

Status LinkTransport::keepGap(const Call &call)
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

Status LinkTransport::transmit(QByteArrayView message, const Call &call)
{
    m_outgoing.resize(0); // keeps its memory
    m_outgoing.append(message).append(m_options.writeTerminator);
    return transmit(call);
}

Status LinkTransport::pauseAfterOpen(const Call &call)
{
    if (m_options.postOpen.count() == 0)
        return ok();
    if (m_options.postOpen > call.deadline.remaining())
        return fail(ErrorCode::Timeout,
                    tr("%1 needs a pause after connecting that is longer than the time allowed; "
                       "raise the timeout")
                        .arg(m_address));
    if (!pause(m_options.postOpen, call.stop))
        return cancelled();
    return dropArrived();
}

void LinkTransport::noteExchange()
{
    if (m_options.minGap.count() > 0)
        m_gapEnd = Deadline::in(m_options.minGap);
}

QString LinkTransport::shown(QByteArrayView message) const
{
    if (m_options.framing != Framing::Lines)
        return QString::fromLatin1(
            message.first(std::min<qsizetype>(message.size(), 20)).toByteArray().toHex(' '));
    return QString::fromLatin1(message.first(std::min<qsizetype>(message.size(), 60)));
}

Error LinkTransport::refuse(ReplyFramer::State state)
{
    if (state == ReplyFramer::State::TooLong)
        return fail(
            ErrorCode::Protocol,
            tr("the answer of %1 is longer than the %2 bytes allowed; check the terminator, "
               "or raise the largest message of its definition")
                .arg(m_address)
                .arg(m_options.maxMessage));
    if (state == ReplyFramer::State::BadFrame)
        return fail(ErrorCode::Protocol,
                    tr("the answer of %1 is garbled (%2); check baud rate, parity, wiring and that "
                       "nothing else answers to its address")
                        .arg(m_address, shown(m_received.view())));
    return fail(
        ErrorCode::Protocol,
        tr("%1 did not answer with a block of stated length but with \"%2\"; check the data "
           "format it is set to")
            .arg(m_address, shown(m_received.view())));
}

Error LinkTransport::fail(ErrorCode code, const QString &sentence)
{
    m_isDirty = true;
    m_received.clear();
    return {code, sentence};
}

Error LinkTransport::notAnswered()
{
    return fail(ErrorCode::Timeout,
                tr("%1 did not answer in time; check that it is switched on and not busy, "
                   "or raise the timeout")
                    .arg(m_address));
}

Error LinkTransport::notTaken()
{
    return fail(
        ErrorCode::Timeout,
        tr("%1 does not take the command; check its flow control and that it is switched on")
            .arg(m_address));
}

Error LinkTransport::cancelled()
{
    return fail(ErrorCode::Cancelled, tr("Stopped while waiting for %1").arg(m_address));
}

Error LinkTransport::lost()
{
    m_received.clear();
    note(TraceRecord::Kind::Lost, lossReason().toUtf8());
    return notOpen();
}

Error LinkTransport::notOpen() const
{
    const QString reason = lossReason();
    return {ErrorCode::NotConnected,
            reason.isEmpty()
                ? tr("%1 is not connected; connect it first").arg(m_address)
                : tr("The connection to %1 is lost (%2); check cable and power, then connect again")
                      .arg(m_address, reason)};
}

Error LinkTransport::inUse() const
{
    return {ErrorCode::Conflict, tr("%1 is in use by another call").arg(m_address)};
}

} // namespace birch
