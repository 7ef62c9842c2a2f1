#include "drivers/simulator/vxi11_connection.h"

#include <QScopedValueRollback>

namespace birch {

using namespace vxi11;

namespace {
constexpr size_t kMostLinks = 16;
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
    const QScopedValueRollback attempting(m_isAttempting, true);
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
    // A write that waited for a lock is answered while it is performed: not a second time.
    if (m_waiting != Step::Done && !m_isAttempting)
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
        return performGeneric(link, arguments, results);
    default:
        return Step::Done; // no such procedure
    }
}

} // namespace birch
