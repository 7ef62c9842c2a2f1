#include "drivers/simulator/vxi11_connection.h"

namespace birch {

using namespace vxi11;

namespace {
constexpr size_t kMostLinks = 16;
constexpr quint32 kMostAtOnce = 64 * 1024;      // of one device_write
constexpr qsizetype kMostSent = 1024 * 1024;    // of one device_read, whatever is asked
constexpr qsizetype kLongestMessage = 16 << 20; // further bytes of one are nonsense
constexpr qsizetype kLongestName = 256;
} // namespace

Vxi11Connection::Link::Link(Vxi11Connection &connection, quint32 number)
    : id(number)
    , writer(
          [this, &connection](const QByteArray &bytes, bool isEnd) {
              output.add(bytes, isEnd);
              connection.lookAgain();
          },
          [&connection](bool isReset) { connection.cut(isReset); })
{
}

Vxi11Connection::Vxi11Connection(QTcpSocket *socket, Vxi11Device &device)
    : RpcConnection(socket, kCoreProgram, kVersion)
    , m_device(device)
{
    m_device.connections.insert(this);
    m_limit.setSingleShot(true);
    m_limit.setTimerType(Qt::PreciseTimer);
    connect(&m_limit, &QTimer::timeout, this, [this] {
        m_isLate = true;
        attempt();
    });
}

Vxi11Connection::~Vxi11Connection()
{
    m_device.connections.erase(this);
    for (const auto &link : m_links)
        letGo(link.first);
}

void Vxi11Connection::handle(quint32 procedure, const QByteArray &arguments)
{
    m_procedure = procedure;
    m_arguments = arguments;
    m_isLate = false;
    attempt();
}

/// Also when something that the call waits for has happened.
void Vxi11Connection::attempt()
{
    XdrReader arguments(m_arguments);
    XdrWriter results;
    const Step step =
        m_procedure == CreateLink ? createLink(arguments, results) : perform(arguments, results);
    if (step != Step::Done)
        return;
    stopWaiting();
    if (!arguments.isGood())
        refuse(rpc::Outcome::GarbageArguments);
    else if (results.size() == 0)
        refuse(rpc::Outcome::ProcedureUnavailable);
    else
        reply(results);
}

void Vxi11Connection::stopWaiting()
{
    m_waiting = Step::Done;
    m_limit.stop();
    m_isLate = false;
}

void Vxi11Connection::waitFor(Step step, quint32 milliseconds)
{
    if (m_waiting == step)
        return;
    m_waiting = step;
    m_isLate = false;
    m_limit.start(std::chrono::milliseconds(milliseconds));
}

void Vxi11Connection::lookAgain()
{
    if (m_waiting != Step::Done)
        attempt();
}

bool Vxi11Connection::abort(quint32 link)
{
    if (!m_links.contains(link))
        return false;
    if (m_waiting == Step::Done || m_waitingLink != link)
        return true;
    stopWaiting();
    XdrWriter results;
    (void)say(results, Aborted);
    reply(results);
    return true;
}

Vxi11Connection::Step Vxi11Connection::createLink(XdrReader &arguments, XdrWriter &results)
{
    (void)arguments.word(); // the client's own number
    const bool wantsLock = arguments.word() != 0;
    const quint32 limit = arguments.word();
    const QByteArrayView name = arguments.opaque(kLongestName);
    if (!arguments.isGood())
        return Step::Done;
    quint32 error = name.isEmpty() ? InvalidAddress : NoError;
    if (m_links.size() >= kMostLinks)
        error = OutOfResources;
    if (error == NoError && wantsLock && m_device.lockOwner) {
        waitFor(Step::WaitsForLock, limit);
        if (!m_isLate)
            return Step::WaitsForLock;
        error = LockedByAnother;
    }
    const quint32 id = m_device.nextLink;
    if (error == NoError) {
        ++m_device.nextLink;
        m_links.emplace(id, std::make_unique<Link>(*this, id));
        if (wantsLock)
            m_device.lockOwner = id;
    }
    for (const quint32 word : {error, id, quint32(m_device.abortPort), kMostAtOnce})
        results.word(word);
    return Step::Done;
}

/// Everything that names a link in front.
Vxi11Connection::Step Vxi11Connection::perform(XdrReader &arguments, XdrWriter &results)
{
    const quint32 id = arguments.word();
    if (!arguments.isGood())
        return Step::Done;
    if (m_procedure == CreateInterruptChannel || m_procedure == DestroyInterruptChannel)
        return say(results, NotSupported);
    const auto found = m_links.find(id);
    if (found == m_links.end()) {
        (void)say(results, InvalidLink);
        return Step::Done;
    }
    Link &link = *found->second;
    m_waitingLink = id;
    switch (m_procedure) {
    case DeviceWrite:
        return write(link, arguments, results);
    case DeviceRead:
        return read(link, arguments, results);
    case DeviceLock: {
        const quint32 flags = arguments.word();
        const quint32 limit = arguments.word();
        return arguments.isGood() ? lock(link, flags, limit, results) : Step::Done;
    }
    case DeviceUnlock:
        return unlock(link, results);
    case DestroyLink:
        letGo(id);
        m_links.erase(found);
        return say(results, NoError);
    case DeviceEnableSrq:
    case DeviceDoCmd:
        return say(results, NotSupported);
    case DeviceReadStb:
    case DeviceTrigger:
    case DeviceClear:
    case DeviceRemote:
    case DeviceLocal:
        break;
    default:
        return Step::Done; // no such procedure
    }
    const quint32 flags = arguments.word();
    const quint32 limit = arguments.word();
    (void)arguments.word(); // I/O takes no time
    if (!arguments.isGood())
        return Step::Done;
    if (isLockedOut(link)) {
        waitFor(Step::WaitsForLock, flags & WaitLock ? limit : 0);
        return m_isLate ? say(results, LockedByAnother) : Step::WaitsForLock;
    }
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
    if (isLockedOut(link)) {
        waitFor(Step::WaitsForLock, flags & WaitLock ? lockLimit : 0);
        return m_isLate ? say(results, LockedByAnother) : Step::WaitsForLock;
    }
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
    if (isLockedOut(link)) {
        waitFor(Step::WaitsForLock, flags & WaitLock ? lockLimit : 0);
        return m_isLate ? say(results, LockedByAnother) : Step::WaitsForLock;
    }
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
    if (isLockedOut(link)) {
        waitFor(Step::WaitsForLock, flags & WaitLock ? limit : 0);
        return m_isLate ? say(results, LockedByAnother) : Step::WaitsForLock;
    }
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
