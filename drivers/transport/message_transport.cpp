#include "drivers/transport/message_transport.h"

#include "core/base/stopwatch.h"

#include <QCoreApplication>
#include <QScopedValueRollback>

#include <algorithm>

namespace birch {

namespace {

using State = ReplyFramer::State;

constexpr qsizetype kMostAtOnce = 1024 * 1024; // between two looks at the framer

QString tr(const char *text)
{
    return QCoreApplication::translate("MessageTransport", text);
}

} // namespace

MessageTransport::MessageTransport(QString address, std::unique_ptr<MessageLink> link,
                                   LinkOptions options)
    : LinkTransport(std::move(address), std::move(options))
    , m_link(std::move(link))
{
}

MessageTransport::~MessageTransport() = default;

bool MessageTransport::isOpen() const
{
    return m_link->isOpen();
}

void MessageTransport::close()
{
    if (isOpen())
        note(TraceRecord::Kind::Close);
    m_link->close();
    m_received.clear();
    m_isWhole = false;
}

QString MessageTransport::lossReason() const
{
    return m_link->lossReason();
}

Status MessageTransport::connect(const Call &call)
{
    const Call connecting{call.deadline.atMost(m_options.connectTimeout), call.stop};
    if (Status opened = m_link->open(connecting); !opened) {
        const Error &error = opened.error();
        return error.message.isEmpty() ? explain(error, &MessageTransport::notAnswered) : error;
    }
    note(TraceRecord::Kind::Connect);
    m_received.clear();
    m_isDirty = m_isWhole = false;
    return pauseAfterOpen(call);
}

Status MessageTransport::resync(const Call &call)
{
    if (Status recovered = m_link->recover(call); !recovered)
        return explain(recovered.error(), &MessageTransport::notAnswered);
    note(TraceRecord::Kind::Clear);
    m_received.clear();
    m_isDirty = m_isWhole = false;
    return ok();
}

Status MessageTransport::lookForLoss()
{
    return m_link->lookForLoss() ? ok() : Status(lost());
}

Status MessageTransport::dropArrived()
{
    m_received.clear();
    m_isWhole = false;
    m_link->dropArrived();
    return lookForLoss();
}

Status MessageTransport::transmit(const Call &call)
{
    note(TraceRecord::Kind::Send, m_outgoing);
    if (Status sent = m_link->write(m_outgoing, call); !sent)
        return explain(sent.error(), &MessageTransport::notTaken);
    return ok();
}

Result<QByteArray> MessageTransport::receive(ReplyShape shape, const Call &call)
{
    Stopwatch phase(call.times ? &call.times->answer : nullptr);
    m_framer.begin(shape);
    if (m_received.size() == 0)
        m_isWhole = false;
    for (;;) {
        const ReplyFramer::Progress seen = m_framer.examine(m_received.view());
        if (seen.state == State::TooLong || seen.state == State::BadHeader)
            return refuse(seen.state);
        if (m_isWhole)
            return takeReply(seen, shape);
        if (m_received.size() > m_options.maxMessage + m_options.readTerminator.size())
            return refuse(State::TooLong);
        const qsizetype missing = seen.wanted + m_options.readTerminator.size() - m_received.size();
        const qsizetype before = m_received.size();
        const auto part = m_link->read(m_received, std::max(missing, kMostAtOnce), call);
        if (call.times && m_received.size() > 0)
            phase.start(&call.times->transfer); // what comes after the first part
        if (!part) {
            noteArrived(before);
            return explain(part.error(), &MessageTransport::notAnswered);
        }
        if (part.value().isDropped) {
            note(TraceRecord::Kind::Forget);
            m_received.clear();
            m_framer.begin(shape);
        }
        m_isWhole = part.value().isEnd;
        if (part.value().isTerminated && !m_isWhole) {
            m_framer.begin(shape);
            m_isWhole = m_framer.examine(m_received.view()).state == State::Complete;
            m_framer.begin(shape);
        }
        noteArrived(before);
        if (!m_isWhole && call.deadline.hasPassed())
            return notAnswered();
        if (!m_isWhole && call.stop.stop_requested())
            return cancelled();
    }
}

/// What one read has added to the \a before bytes that were there.
void MessageTransport::noteArrived(qsizetype before) const
{
    using Kind = TraceRecord::Kind;
    const QByteArrayView bytes = m_received.view().sliced(std::min(before, m_received.size()));
    if (!bytes.isEmpty() || m_isWhole)
        note(m_isWhole ? Kind::End : Kind::Receive, bytes);
}

/// The message is whole: a line needs no terminator, and a block no end.
Result<QByteArray> MessageTransport::takeReply(const ReplyFramer::Progress &seen, ReplyShape shape)
{
    if (seen.state == State::Complete || seen.state == State::BlockWithoutEnd)
        return m_received.take(seen.reply, seen.consumed);
    const QByteArrayView bytes = m_received.view();
    const bool isBlock =
        shape == ReplyShape::Block || (shape == ReplyShape::LineOrBlock && bytes.size() > 1 &&
                                       bytes[0] == '#' && bytes[1] >= '0' && bytes[1] <= '9');
    if (isBlock)
        return fail(ErrorCode::Protocol,
                    tr("the answer of %1 ends in the middle of a block, after %2 bytes; read it "
                       "again, and check the data format it is set to")
                        .arg(m_address)
                        .arg(bytes.size()));
    return m_received.take(m_received.size(), m_received.size());
}

Result<quint8> MessageTransport::statusByte(const Call &call)
{
    if (m_isBusy)
        return inUse();
    const QScopedValueRollback busy(m_isBusy, true);
    if (Status ready = prepare(call); !ready)
        return ready.error();
    auto status = m_link->statusByte(call);
    if (status) {
        const char byte = char(status.value());
        note(TraceRecord::Kind::StatusByte, QByteArrayView(&byte, 1));
    }
    return status ? status : explain(status.error(), &MessageTransport::notAnswered);
}

Status MessageTransport::clear(const Call &call)
{
    if (m_isBusy)
        return inUse();
    const QScopedValueRollback busy(m_isBusy, true);
    if (Status ready = prepare(call); !ready)
        return ready;
    m_received.clear();
    m_isWhole = false;
    const Status cleared = m_link->clear(call);
    if (cleared)
        note(TraceRecord::Kind::Clear);
    return cleared ? ok() : Status(explain(cleared.error(), &MessageTransport::notAnswered));
}

Status MessageTransport::lock(const Call &call)
{
    if (m_isBusy)
        return inUse();
    const QScopedValueRollback busy(m_isBusy, true);
    if (Status ready = prepare(call); !ready)
        return ready;
    const Status locked = m_link->lock(call);
    return locked ? ok() : Status(explain(locked.error(), &MessageTransport::notAnswered));
}

Status MessageTransport::unlock(const Call &call)
{
    if (m_isBusy)
        return inUse();
    const QScopedValueRollback busy(m_isBusy, true);
    if (Status ready = prepare(call); !ready)
        return ready;
    const Status unlocked = m_link->unlock(call);
    return unlocked ? ok() : Status(explain(unlocked.error(), &MessageTransport::notAnswered));
}

/// The link's error, with what it left unsaid; after an exchange that was not refused but failed,
/// the link is dirty.
Error MessageTransport::explain(const Error &error, Error (LinkTransport::*late)())
{
    switch (error.code) {
    case ErrorCode::Timeout: {
        const Error said = (this->*late)();
        return error.message.isEmpty() ? said : error.within(m_address);
    }
    case ErrorCode::Cancelled:
        return cancelled();
    case ErrorCode::Protocol:
        return fail(error.code, error.message);
    case ErrorCode::NotConnected:
        return error.message.isEmpty() ? lost() : error;
    case ErrorCode::Conflict:
        return error.within(m_address);
    default: // refused: nothing was done
        return error;
    }
}

} // namespace birch
