#include "drivers/simulator/vxi11_connection.h"

#include <algorithm>

/// What the procedures of a Vxi11Connection do.
namespace birch {

using namespace vxi11;

namespace {
constexpr qsizetype kMostSent = 1024 * 1024;    // of one device_read, whatever is asked
constexpr qsizetype kLongestMessage = 16 << 20; // further bytes of one are nonsense
} // namespace

Vxi11Connection::Step Vxi11Connection::performGeneric(Link &link, XdrReader &arguments,
                                                      XdrWriter &results)
{
    const quint32 flags = arguments.word();
    const quint32 limit = arguments.word();
    (void)arguments.word(); // I/O takes no time
    if (!arguments.isGood())
        return Step::Done;
    if (isLockedOut(link))
        return awaitLock(flags, limit, results);
    if (m_procedure == DeviceClear)
        return clear(link, results);
    (void)say(results, NoError);
    if (m_procedure == DeviceReadStb)
        results.setWord(4, link.output.isEmpty() ? 0 : 0x10); // a message is available
    return Step::Done;
}

Vxi11Connection::Step Vxi11Connection::write(Link &link, XdrReader &arguments, XdrWriter &results)
{
    (void)arguments.word();
    const quint32 lockLimit = arguments.word();
    const quint32 flags = arguments.word();
    const QByteArrayView bytes = arguments.opaque(kLongestMessage);
    if (!arguments.isGood())
        return Step::Done;
    if (isLockedOut(link))
        return awaitLock(flags, lockLimit, results);
    if (bytes.size() > qsizetype(kMostAtOnce))
        return say(results, ParameterError);
    if (link.input.size() + bytes.size() > kLongestMessage) {
        link.input.clear();
        return say(results, OutOfResources);
    }
    link.input.append(bytes);
    results.word(NoError);
    results.word(quint32(bytes.size()));
    if (flags & End)
        take(link);
    return Step::Done;
}

/// The end of a message is known, whatever it ends with. What nobody read is overtaken (IEEE 488.2:
/// query interrupted).
void Vxi11Connection::take(Link &link)
{
    MessageBuffer buffer(m_device.terminator);
    const char last = m_device.terminator.isEmpty() ? '\n' : m_device.terminator.back();
    const QList<QByteArray> messages = buffer.add(std::exchange(link.input, {}) + last);
    link.output.clear();
    link.writer.forget();
    for (const QByteArray &message : messages) {
        if (!message.isEmpty())
            m_device.handler(message, link.writer);
    }
}

Vxi11Connection::Step Vxi11Connection::read(Link &link, XdrReader &arguments, XdrWriter &results)
{
    const qsizetype most = std::min(qsizetype(arguments.word()), kMostSent);
    const quint32 limit = arguments.word();
    const quint32 lockLimit = arguments.word();
    const quint32 flags = arguments.word();
    const auto termChar = char(arguments.word());
    if (!arguments.isGood())
        return Step::Done;
    if (isLockedOut(link))
        return awaitLock(flags, lockLimit, results);
    const auto terminator = flags & TermCharSet ? std::optional(termChar) : std::nullopt;
    const bool isReady = link.output.isReady(most, terminator);
    if (!isReady) {
        waitFor(Step::WaitsForOutput, limit);
        if (!m_isLate)
            return Step::WaitsForOutput;
    }
    const OutputQueue::Piece piece = link.output.take(most, terminator);
    results.word(isReady ? NoError : IoTimeout);
    results.word(!isReady
                     ? 0
                     : (piece.isFull ? RequestCount : 0u) | (piece.isTerminated ? TermChar : 0u) |
                           (piece.isEnd ? EndOfMessage : 0u));
    results.opaque(piece.bytes);
    return Step::Done;
}

Vxi11Connection::Step Vxi11Connection::lock(Link &link, quint32 flags, quint32 limit,
                                            XdrWriter &results)
{
    if (m_device.lockOwner == link.id)
        return say(results, LockedByAnother); // they do not nest
    if (isLockedOut(link))
        return awaitLock(flags, limit, results);
    m_device.lockOwner = link.id;
    return say(results, NoError);
}

Vxi11Connection::Step Vxi11Connection::unlock(Link &link, XdrWriter &results)
{
    const bool isHeld = m_device.lockOwner == link.id;
    letGo(link.id);
    return say(results, isHeld ? NoError : NoLockHeld);
}

Vxi11Connection::Step Vxi11Connection::clear(Link &link, XdrWriter &results)
{
    link.input.clear();
    link.output.clear();
    link.writer.forget();
    return say(results, NoError);
}

Vxi11Connection::Step Vxi11Connection::awaitLock(quint32 flags, quint32 limit, XdrWriter &results)
{
    waitFor(Step::WaitsForLock, flags & WaitLock ? limit : 0);
    return m_isLate ? say(results, LockedByAnother) : Step::WaitsForLock;
}

bool Vxi11Connection::isLockedOut(const Link &link) const
{
    return m_device.lockOwner && *m_device.lockOwner != link.id;
}

void Vxi11Connection::letGo(quint32 link)
{
    if (m_device.lockOwner != link)
        return;
    m_device.lockOwner.reset();
    // From the event loop: who waits may be this connection, in the middle of a call.
    for (Vxi11Connection *connection : m_device.connections)
        QMetaObject::invokeMethod(
            connection, [connection] { connection->lookAgain(); }, Qt::QueuedConnection);
}

/// An error alone, with room for the results that some procedures have behind it.
Vxi11Connection::Step Vxi11Connection::say(XdrWriter &results, quint32 error) const
{
    results.word(error);
    switch (m_procedure) {
    case CreateLink:
        for (int i = 0; i < 3; ++i)
            results.word(0);
        break;
    case DeviceRead:
    case DeviceDoCmd:
        results.word(0);
        if (m_procedure == DeviceRead)
            results.word(0);
        break;
    case DeviceWrite:
    case DeviceReadStb:
        results.word(0);
        break;
    default:
        break;
    }
    return Step::Done;
}

} // namespace birch
