#pragma once

#include "core/instrument/host_queue.h"
#include "core/instrument/host_status.h"

#include <QBasicTimer>

#include <map>

namespace birch {

/// What a host and its worker share; outlives both.
struct HostShared {
    explicit HostShared(QObject *host)
        : status(host)
    {
    }
    HostQueue queue;
    HostStatus status;
};

/// Owns the instrument and gives the waiting requests their turns. Lives on the host's thread
/// (inline: on the thread of its host). Between turns the event loop runs; a transport that runs a
/// nested loop does not get a second turn inside the first.
class HostWorker final : public QObject
{
public:
    HostWorker(QString nickname, InstrumentSpec spec, InstrumentHost::Factory factory,
               std::shared_ptr<HostShared> shared, QObject *parent = nullptr);
    ~HostWorker() override;

    /// Made by the factory at the first call.
    Instrument &instrument();
    /// Halts what moves, closes and destroys the instrument; the queue must be closed.
    void shutDown();

protected:
    void customEvent(QEvent *event) override;
    void timerEvent(QTimerEvent *event) override;

private:
    void serve();
    using Time = HostRequest::Time;
    /// While a connection does not come back.
    struct Outage {
        Time nextTry;
        std::chrono::milliseconds pause;
        std::optional<Error> refusal; ///< there, but another client has it
    };

    void giveTurn(std::unique_ptr<HostRequest> request);
    /// Whether the instrument can be asked; after a fault it is connected and checked again.
    bool isReachable(HostRequest &request);
    bool tryAgain(const HostRequest &request);
    /// Locks the device for the lease, if there is one.
    Status holdLock(const HostRequest &request, HostTurn &turn);
    Status initialise(const HostRequest &request, HostTurn &turn);
    /// When to try again for \a request; none: it has waited long enough.
    HostRequest::NextTurn nextTry(const HostRequest &request) const;
    void reopened(const QString &what);
    Error notConnected() const;
    void armTimer();

    const QString m_nickname;
    const InstrumentSpec m_spec;
    InstrumentHost::Factory m_factory;
    std::shared_ptr<HostShared> m_shared;
    std::unique_ptr<Instrument> m_instrument;
    std::map<int, Priority> m_inFlight;
    std::optional<Outage> m_outage;
    quint64 m_lockedFor = 0;      ///< the lease for which the device was locked
    bool m_isWithoutLock = false; ///< it was refused; what makes safe goes on all the same
    QBasicTimer m_timer;
    bool m_isServing = false;
};

} // namespace birch
