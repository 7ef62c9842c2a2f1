#include "drivers/transport/vxi11_link.h"

#include "drivers/transport/pause.h"

#include <QCoreApplication>

#include <algorithm>

namespace birch {

namespace {

using namespace vxi11;
using std::chrono::milliseconds;

constexpr qsizetype kMostRead = 1024 * 1024;
constexpr qsizetype kSmallReply = 256;
// From the server's own time limit, which begins when the call reaches it, to our own.
constexpr milliseconds kMargin{30};
constexpr milliseconds kAbortTime{50}; // within the time in which a stop must be obeyed
constexpr milliseconds kPatience{200}; // for the last word of a call that was aborted
constexpr milliseconds kClearTime{2000};

QString tr(const char *text)
{
    return QCoreApplication::translate("Vxi11Link", text);
}

/// What the server is told; 0 means different things to different ones.
quint32 timeLimit(const Call &call)
{
    const auto left = std::chrono::ceil<milliseconds>(call.deadline.remaining()).count();
    return quint32(std::clamp<qint64>(left, 1, 0x7fffffff));
}

/// Not all of the time, so that the refusal is here before it is up: clocks are coarse.
quint32 lockLimit(const Call &call)
{
    return quint32(std::max<quint64>(1, quint64(timeLimit(call)) * 95 / 100));
}

/// Long enough for the server to say by itself that time is up.
Call patient(const Call &call)
{
    return {Deadline::in(call.deadline.remaining() + kMargin), call.stop};
}

Call brief(const Call &call, milliseconds most)
{
    return {call.deadline.atMost(most), call.stop};
}

} // namespace

Vxi11Link::Vxi11Link(Place place, std::optional<char> termChar)
    : m_place(std::move(place))
    , m_termChar(termChar)
{
}

Vxi11Link::~Vxi11Link()
{
    close();
}

Status Vxi11Link::lookForLoss()
{
    return !m_core || m_core->hasGone() ? Status(Error{ErrorCode::NotConnected, {}}) : ok();
}

Status Vxi11Link::write(QByteArrayView message, const Call &call)
{
    while (!message.isEmpty()) {
        const QByteArrayView piece = message.first(std::min(message.size(), m_mostAtOnce));
        const auto taken = writePiece(piece, piece.size() == message.size(), call);
        if (!taken)
            return taken.error();
        if (taken.value() <= 0 || taken.value() > piece.size())
            return Error{ErrorCode::Protocol,
                         tr("The instrument says that it took %1 of %2 bytes; switch it off and on")
                             .arg(taken.value())
                             .arg(piece.size())};
        message = message.sliced(taken.value());
        if (!message.isEmpty() && call.stop.stop_requested())
            return Error{ErrorCode::Cancelled, {}};
        if (!message.isEmpty() && call.deadline.hasPassed())
            return Error{ErrorCode::Timeout, {}};
    }
    return ok();
}

Result<qsizetype> Vxi11Link::writePiece(QByteArrayView piece, bool isLast, const Call &call)
{
    auto reply = perform(
        DeviceWrite,
        [&](XdrWriter &to) {
            for (const quint32 word : {*m_link, timeLimit(call), 0u, isLast ? quint32(End) : 0u})
                to.word(word);
            to.opaque(piece);
        },
        kSmallReply, call);
    if (!reply)
        return reply.error();
    const quint32 taken = reply.value().word();
    return reply.value().isGood() ? qsizetype(taken) : qsizetype(-1);
}

Result<MessageLink::Part> Vxi11Link::read(ReceiveBuffer &into, qsizetype most, const Call &call)
{
    most = std::min(most, kMostRead);
    auto reply = readOnce(most, call);
    // A server whose clock is a little fast is asked again; one that does not wait is not pressed.
    while (!reply && reply.error().code == ErrorCode::Timeout && !m_core->isPending() &&
           m_core->isUsable() && !call.deadline.hasPassed()) {
        if (!pause(std::min<Nanoseconds>(milliseconds(10), call.deadline.remaining()), call.stop))
            return Error{ErrorCode::Cancelled, {}};
        reply = readOnce(most, call);
    }
    if (!reply)
        return reply.error();
    const quint32 reason = reply.value().word();
    const QByteArrayView bytes = reply.value().opaque(most);
    if (!reply.value().isGood())
        return Error{ErrorCode::Protocol,
                     tr("The instrument sent more than it was asked for, or an answer that is cut "
                        "off; switch it off and on")};
    std::copy_n(bytes.data(), bytes.size(), into.room(bytes.size()));
    into.commit(bytes.size());
    const bool isTerminated = m_termChar && (reason & TermChar) != 0; // some say so unasked
    return Part{.isEnd = (reason & EndOfMessage) != 0, .isTerminated = isTerminated};
}

Result<XdrReader> Vxi11Link::readOnce(qsizetype most, const Call &call)
{
    return perform(
        DeviceRead,
        [&](XdrWriter &to) {
            for (const quint32 word : {*m_link, quint32(most), timeLimit(call), 0u,
                                       m_termChar ? quint32(TermCharSet) : 0u,
                                       quint32(quint8(m_termChar.value_or('\0')))})
                to.word(word);
        },
        most + kSmallReply, call);
}

Status Vxi11Link::recover(const Call &call)
{
    if (m_core->isUsable() && m_core->isPending())
        abort(brief(call, kPatience));
    if (m_core->isUsable() && !m_core->isPending()) {
        const Status cleared = clear(brief(call, kClearTime));
        if (cleared || cleared.error().code == ErrorCode::Cancelled)
            return cleared;
    }
    const bool wasLocked = m_isLocked;
    if (Status opened = open(call); !opened)
        return opened;
    if (wasLocked) // not waiting for who was faster: what comes next may make safe
        m_isLocked = bool(askForLock(0, 0, brief(call, kPatience)));
    return ok();
}

/// Ends the call that is pending, and waits for its last word. What does not work is left to
/// recover().
void Vxi11Link::abort(const Call &call)
{
    if (m_abortPort == 0 || !m_link)
        return;
    RpcClient channel(m_place.host, m_abortPort, kAbortProgram, kVersion);
    if (Status opened = channel.open(call); !opened)
        return;
    channel.begin(DeviceAbort).word(*m_link);
    if (channel.exchange(kSmallReply, call))
        (void)m_core->awaitPending(call);
}

Result<quint8> Vxi11Link::statusByte(const Call &call)
{
    auto reply = generic(DeviceReadStb, call);
    if (!reply)
        return reply.error();
    const quint32 status = reply.value().word();
    if (!reply.value().isGood() || status > 255)
        return Error{ErrorCode::Protocol, tr("The instrument gives no status byte")};
    return quint8(status);
}

Status Vxi11Link::clear(const Call &call)
{
    const auto reply = generic(DeviceClear, call);
    return reply ? ok() : Status(reply.error());
}

Status Vxi11Link::lock(const Call &call)
{
    if (m_isLocked) // the server would say that it is locked, by us
        return ok();
    // Not waiting first: some firmware says "locked" whenever it shall wait.
    Status locked = askForLock(0, 0, call);
    if (!locked && locked.error().code == ErrorCode::Conflict && !call.deadline.hasPassed())
        locked = askForLock(WaitLock, lockLimit(call), call);
    m_isLocked = bool(locked);
    return locked;
}

Status Vxi11Link::askForLock(quint32 flags, quint32 limit, const Call &call)
{
    const auto reply = perform(
        DeviceLock,
        [&](XdrWriter &to) {
            for (const quint32 word : {*m_link, flags, limit})
                to.word(word);
        },
        kSmallReply, call);
    if (reply)
        return ok();
    const Error &error = reply.error();
    const bool isAnswer = m_core->isUsable() && !m_core->isPending();
    if (isAnswer && error.code == ErrorCode::Timeout)
        return errorOf(LockedByAnother);
    if (isAnswer && error.code == ErrorCode::Protocol) // refused somehow; the link is as it was
        return Error{ErrorCode::BadInput, error.message};
    return error;
}

Status Vxi11Link::unlock(const Call &call)
{
    const auto reply = perform(
        DeviceUnlock, [this](XdrWriter &to) { to.word(*m_link); }, kSmallReply, call);
    if (reply)
        m_isLocked = false;
    return reply ? ok() : Status(reply.error());
}

Result<XdrReader> Vxi11Link::generic(Procedure procedure, const Call &call)
{
    return perform(
        procedure,
        [&](XdrWriter &to) {
            for (const quint32 word : {*m_link, 0u, 0u, timeLimit(call)})
                to.word(word);
        },
        kSmallReply, call);
}

/// One call; its results without the error in front, which is 0. A stop ends it on the instrument
/// as well.
Result<XdrReader> Vxi11Link::perform(Procedure procedure, const Arguments &append,
                                     qsizetype longest, const Call &call)
{
    append(m_core->begin(procedure));
    auto reply = m_core->exchange(longest, patient(call));
    if (!reply) {
        if (reply.error().code == ErrorCode::Cancelled && m_core->isUsable())
            abort(Call::within(kAbortTime));
        return reply.error();
    }
    const quint32 error = reply.value().word();
    if (!reply.value().isGood())
        return Error{ErrorCode::Protocol, tr("The instrument's answer is cut off; check the port")};
    if (error != NoError)
        return errorOf(error);
    return reply;
}

Error Vxi11Link::errorOf(quint32 number) const
{
    switch (number) {
    case IoTimeout:
        return {ErrorCode::Timeout, {}};
    case Aborted:
        return {ErrorCode::Protocol,
                tr("Another program has aborted this; end that one, or ask again")};
    case LockedByAnother:
        return {ErrorCode::Conflict,
                tr("It is locked by another client (a computer or a program; the protocol does not "
                   "say which): end it, or wait until it lets go")};
    case NoLockHeld:
        return {ErrorCode::Conflict, tr("There is no lock to let go")};
    case NotAccessible:
    case InvalidAddress:
        return {ErrorCode::NotConnected, tr("%1 has no device \"%2\"; most have inst0, and those "
                                            "behind a GPIB gateway are called like gpib0,5")
                                             .arg(m_place.host, m_place.device)};
    case OutOfResources:
        return {ErrorCode::NotConnected,
                tr("%1 takes no further links; end other programs that use it, or switch it off "
                   "and on")
                    .arg(m_place.host)};
    case NotSupported:
        return {ErrorCode::BadInput, tr("%1 does not offer this").arg(m_place.host)};
    default:
        return {ErrorCode::Protocol,
                tr("%1 reports VXI-11 error %2; switch it off and on, or connect again")
                    .arg(m_place.host)
                    .arg(number)};
    }
}

} // namespace birch
