#pragma once

#include "drivers/simulator/endpoint.h"
#include "drivers/simulator/faulty_writer.h"
#include "drivers/simulator/output_queue.h"
#include "drivers/simulator/rpc_connection.h"
#include "drivers/transport/vxi11_protocol.h"

#include <QTimer>

#include <map>
#include <set>

namespace birch {

class Vxi11Connection;

/// One simulated instrument as its VXI-11 links see it: who has locked it, and who waits.
struct Vxi11Device {
    QByteArray terminator;
    Endpoint::Handler handler;
    quint16 abortPort = 0;
    quint32 nextLink = 0; ///< 0 is a link like others
    std::optional<quint32> lockOwner;
    std::set<Vxi11Connection *> connections;
};

/// One client of the core channel. Lives on the simulator's thread; never waits: a call that has to
/// is answered by what it waits for, its time limit, or an abort.
class Vxi11Connection final : public RpcConnection
{
public:
    Vxi11Connection(QTcpSocket *socket, Vxi11Device &device);
    ~Vxi11Connection() override;

    /// Ends the call of \a link that waits. False: there is no such link here.
    bool abort(quint32 link);
    /// The lock has been let go.
    void lookAgain();

private:
    struct Link {
        Link(Vxi11Connection &connection, quint32 id);
        const quint32 id;
        QByteArray input;
        OutputQueue output;
        FaultyWriter writer;
    };
    enum class Step { Done, WaitsForLock, WaitsForOutput };
    static constexpr quint32 kMostAtOnce = 64 * 1024; ///< bytes of one device_write

    void handle(quint32 procedure, const QByteArray &arguments) override;
    void attempt();
    void waitFor(Step step, quint32 milliseconds);
    void stopWaiting();

    Step createLink(XdrReader &arguments, XdrWriter &results);
    Step perform(XdrReader &arguments, XdrWriter &results);
    Step write(Link &link, XdrReader &arguments, XdrWriter &results);
    Step read(Link &link, XdrReader &arguments, XdrWriter &results);
    Step lock(Link &link, quint32 flags, quint32 limit, XdrWriter &results);
    Step unlock(Link &link, XdrWriter &results);
    Step clear(Link &link, XdrWriter &results);
    Step performGeneric(Link &link, XdrReader &arguments, XdrWriter &results);
    Step awaitLock(quint32 flags, quint32 limit, XdrWriter &results);
    bool isLockedOut(const Link &link) const;
    void take(Link &link);
    void letGo(quint32 link);
    Step say(XdrWriter &results, quint32 error) const;

    Vxi11Device &m_device;
    std::map<quint32, std::unique_ptr<Link>> m_links;
    quint32 m_procedure = 0;
    QByteArray m_arguments;
    Step m_waiting = Step::Done;
    quint32 m_waitingLink = 0;
    bool m_isAttempting = false;
    bool m_isLate = false; ///< the time of what is waited for is over
    QTimer m_limit;
};

} // namespace birch
