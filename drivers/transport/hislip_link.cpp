#include "drivers/transport/hislip_link.h"

#include <QCoreApplication>

#include <algorithm>

namespace birch {

namespace {

using hislip::Header;
using std::chrono::milliseconds;

constexpr milliseconds kMargin{30}; // for what the instrument limits in time itself
constexpr milliseconds kClearTime{2000};
constexpr milliseconds kDropTime{100};
constexpr milliseconds kRelockTime{200};

QString tr(const char *text, const char *about = nullptr, int count = -1)
{
    return QCoreApplication::translate("HislipLink", text, about, count);
}

Error without(ErrorCode code)
{
    return {code, {}};
}

} // namespace

HislipLink::HislipLink(const QString &host, quint16 port, QString device)
    : m_host(host)
    , m_device(std::move(device))
    , m_sync(host, port)
    , m_async(host, port)
{
}

QString HislipLink::lossReason() const
{
    return m_sync.lossReason().isEmpty() ? m_async.lossReason() : m_sync.lossReason();
}

void HislipLink::close()
{
    m_sync.close();
    m_async.close();
    m_isConfused = m_isAsyncPending = m_isLocked = false;
}

Status HislipLink::lookForLoss()
{
    const bool isThere = !m_sync.hasGone() && !m_async.hasGone();
    return isThere ? ok() : Status(without(ErrorCode::NotConnected));
}

/// In synchronised mode what comes late says that it is not the answer.
void HislipLink::dropArrived()
{
    const Call brief = Call::within(kDropTime);
    while (m_isOverlapped && m_sync.isUsable() && !m_isConfused && m_sync.waitReadable(0)) {
        const auto begun = beginMessage(brief);
        if (!begun || !skip(m_sync, m_messageRest, brief))
            return; // what follows finds out
        m_messageRest = 0;
        m_isInMessage = false;
    }
}

Status HislipLink::write(QByteArrayView message, const Call &call)
{
    if (Status calm = awaitInterrupt(call); !calm)
        return calm;
    do {
        const QByteArrayView piece = message.first(std::min(message.size(), m_mostAtOnce));
        message = message.sliced(piece.size());
        const Header header{message.isEmpty() ? hislip::DataEnd : hislip::Data,
                            m_isDelivered ? hislip::kRmtDelivered : quint8(0), m_nextMessage,
                            quint64(piece.size())};
        if (Status sent = send(m_sync, header, piece, call); !sent)
            return sent;
        m_isDelivered = false;
        m_lastSent = m_nextMessage;
        m_nextMessage += hislip::kMessageStep;
    } while (!message.isEmpty());
    return ok();
}

Result<MessageLink::Part> HislipLink::read(ReceiveBuffer &into, qsizetype most, const Call &call)
{
    if (!m_isInMessage) {
        const auto begun = beginMessage(call);
        if (!begun)
            return whyLate(begun.error());
        if (!begun.value())
            return Part{.isDropped = true};
    }
    const auto size = qsizetype(std::min(m_messageRest, quint64(most)));
    if (Status got = m_sync.receive(into.room(size), size, false, call); !got)
        return got.error();
    into.commit(size);
    m_messageRest -= quint64(size);
    m_isInMessage = m_messageRest > 0;
    const bool isEnd = !m_isInMessage && m_message.type == hislip::DataEnd;
    m_isDelivered = m_isDelivered || isEnd;
    return Part{.isEnd = isEnd};
}

/// Reads up to the payload of the next Data or DataEnd. False: what was read of a reply so far is
/// not one to the last message.
Result<bool> HislipLink::beginMessage(const Call &call)
{
    for (;;) {
        const auto next = receive(m_sync, call);
        if (!next)
            return next.error();
        const Header &header = next.value();
        if (header.isData()) {
            const bool isKept = isExpected(header);
            if (!isKept) {
                if (Status skipped = skip(m_sync, header.length, call); !skipped)
                    return skipped.error();
                return false;
            }
            m_message = header;
            m_messageRest = header.length;
            m_isInMessage = true;
            m_lastReceived = header.parameter;
            return true;
        }
        if (Status skipped = skip(m_sync, header.length, call); !skipped)
            return skipped.error();
        if (header.type == hislip::Interrupted) {
            ++m_interrupts;
            return false;
        }
        if (call.deadline.hasPassed()) // types that we do not know, for ever
            return without(ErrorCode::Timeout);
    }
}

bool HislipLink::isExpected(const Header &header) const
{
    if (m_interrupts < 0) // the asynchronous channel was faster: this is still the old answer
        return false;
    return m_isOverlapped || header.parameter == m_lastSent ||
           (header.type == hislip::Data && header.parameter == hislip::kAnyMessage);
}

/// After Interrupted nothing may be sent before its counterpart has come.
Status HislipLink::awaitInterrupt(const Call &call)
{
    while (m_interrupts > 0) {
        const auto next = expect(m_async, hislip::AsyncInterrupted, nullptr, call);
        if (!next)
            return next.error();
        --m_interrupts;
    }
    return ok();
}

Status HislipLink::recover(const Call &call)
{
    if (m_sync.isUsable() && m_async.isUsable() && !m_isConfused && !m_isAsyncPending) {
        const Status cleared = clear({call.deadline.atMost(kClearTime), call.stop});
        if (cleared || cleared.error().code == ErrorCode::Cancelled)
            return cleared;
    }
    const bool wasLocked = m_isLocked;
    if (Status opened = open(call); !opened)
        return opened;
    if (wasLocked) { // not waiting for who was faster: what comes next may make safe
        const auto answer = askForLock(0, {call.deadline.atMost(kRelockTime), call.stop});
        m_isLocked = answer && answer.value() == hislip::Granted;
    }
    return ok();
}

Result<quint8> HislipLink::statusByte(const Call &call)
{
    const quint32 last = m_isOverlapped ? m_lastReceived : m_lastSent;
    const quint8 delivered = m_isDelivered ? hislip::kRmtDelivered : quint8(0);
    const auto answer = ask({hislip::AsyncStatusQuery, delivered, last, 0}, {},
                            hislip::AsyncStatusResponse, nullptr, call);
    if (!answer)
        return answer.error();
    m_isDelivered = false;
    return answer.value().control;
}

/// IVI-6.1, 6.12. Asks for synchronised mode on the way.
Status HislipLink::clear(const Call &call)
{
    if (m_isInMessage) {
        if (Status skipped = skip(m_sync, std::exchange(m_messageRest, 0), call); !skipped)
            return skipped;
        m_isInMessage = false;
    }
    const auto begun = ask({hislip::AsyncDeviceClear, 0, 0, 0}, {},
                           hislip::AsyncDeviceClearAcknowledge, nullptr, call);
    if (!begun)
        return begun.error();
    if (Status sent = send(m_sync, {hislip::DeviceClearComplete, 0, 0, 0}, {}, call); !sent)
        return sent;
    const auto cleared = expect(m_sync, hislip::DeviceClearAcknowledge, nullptr, call);
    if (!cleared) {
        m_isConfused = true; // half a device clear
        return cleared.error();
    }
    m_isOverlapped = (cleared.value().control & hislip::kOverlapped) != 0;
    m_nextMessage = hislip::kFirstMessage;
    m_lastSent = m_lastReceived = hislip::kNoMessage;
    m_isDelivered = false;
    m_interrupts = 0;
    return ok();
}

Status HislipLink::lock(const Call &call)
{
    if (m_isLocked)
        return ok();
    // Not all of the time, so that the refusal is here before it is up: clocks are coarse.
    const auto left = std::chrono::ceil<milliseconds>(call.deadline.remaining()).count() * 95 / 100;
    const Call patient{Deadline::in(call.deadline.remaining() + kMargin), call.stop};
    const auto answer = askForLock(quint32(std::clamp<qint64>(left, 1, 0x7fffffff)), patient);
    if (!answer)
        return answer.error();
    m_isLocked = answer.value() == hislip::Granted;
    if (m_isLocked)
        return ok();
    if (answer.value() != hislip::Refused)
        return Error{ErrorCode::BadInput, tr("%1 does not offer locks").arg(m_host)};
    const auto owners = lockOwners(Call::within(kMargin));
    return Error{ErrorCode::Conflict, lockedOut(owners ? owners.value() : 0)};
}

/// What the instrument answers.
Result<quint8> HislipLink::askForLock(quint32 limitMs, const Call &call)
{
    const auto answer = ask({hislip::AsyncLock, hislip::Request, limitMs, 0}, {},
                            hislip::AsyncLockResponse, nullptr, call);
    return answer ? Result<quint8>(answer.value().control) : answer.error();
}

/// How many clients hold a lock; an exclusive one is one at least.
Result<int> HislipLink::lockOwners(const Call &call)
{
    const auto answer =
        ask({hislip::AsyncLockInfo, 0, 0, 0}, {}, hislip::AsyncLockInfoResponse, nullptr, call);
    if (!answer)
        return answer.error();
    return std::max(int(answer.value().control != 0), int(answer.value().parameter));
}

QString HislipLink::lockedOut(int owners) const
{
    const QString count =
        owners > 0 ? tr("; the instrument counts %n that hold(s) a lock", nullptr, owners)
                   : QString();
    return tr("It is locked by another client (a computer or a program; the protocol does not say "
              "which%1): end it, or wait until it lets go")
        .arg(count);
}

/// Who is locked out gets no refusal: what it sent waits at the instrument.
Error HislipLink::whyLate(const Error &error)
{
    if (error.code != ErrorCode::Timeout || m_isLocked || m_isAsyncPending || !m_async.isUsable())
        return error;
    const auto owners = lockOwners(Call::within(kMargin));
    return owners && owners.value() > 0 ? Error{error.code, lockedOut(owners.value())} : error;
}

Status HislipLink::unlock(const Call &call)
{
    const auto answer = ask({hislip::AsyncLock, hislip::Release, m_lastSent, 0}, {},
                            hislip::AsyncLockResponse, nullptr, call);
    if (!answer)
        return answer.error();
    m_isLocked = false;
    const quint8 said = answer.value().control;
    return said == hislip::Granted || said == hislip::SharedReleased
               ? ok()
               : Status(Error{ErrorCode::Conflict, tr("There is no lock to let go")});
}

} // namespace birch
