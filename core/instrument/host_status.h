#pragma once

#include "core/instrument/instrument_host.h"

#include <atomic>
#include <mutex>
#include <vector>

namespace birch {

/// What everybody may know about a connection, and who holds it. Thread-safe; changes are passed on
/// to the host by an event, so that its signals come from its own thread, in order.
class HostStatus
{
public:
    struct Change {
        std::optional<ConnectionState> state; ///< none: the lease changed
        QString text;                         ///< reason, or lease owner
        std::optional<ConnectionEvent> event = {};
    };

    explicit HostStatus(QObject *host)
        : m_host(host)
    {
    }

    void setState(ConnectionState state, const QString &reason);
    void setIdentity(const QString &identity);

    /// For the history of the connection; each is told once, as long as nothing changes.
    void connecting();
    /// Open for the first time, or again; \a note: what was done for that.
    void connected(const QString &note);
    void faulty(ConnectionFault fault, const QString &reason);
    void reconnecting(); ///< one more attempt
    void offline();
    bool isFaulty() const;
    ConnectionState state() const;
    QString reason() const; ///< of the state; "" where there is nothing to explain
    QString identity() const;
    /// Something happened after which an instrument may not stand where it was left.
    void disrupted() { m_disruptions.fetch_add(1, std::memory_order_relaxed); }
    quint64 disruptions() const { return m_disruptions.load(std::memory_order_relaxed); }

    /// How long requests wait for a lost connection to come back.
    void setPatience(Nanoseconds patience) { m_patienceNs.store(patience.count()); }
    Nanoseconds patience() const { return Nanoseconds(m_patienceNs.load()); }

    Status acquireLease(const QString &owner, const QString &nickname);
    /// True where the device was to be locked for it, and shall be unlocked now.
    bool releaseLease(const QString &owner);
    /// The lease that holds, which begins to lock the device; 0: none does. They count up.
    quint64 lockForLease();
    bool isLeased() const;
    QString leaseOwner() const;
    bool hasBeenLeased() const;

    std::vector<Change> takeChanges();
    void detach(); ///< the host is gone: no more events

private:
    // With the mutex held:
    void post(Change change);
    void postEvent(ConnectionStep step, const QString &reason);

    std::atomic<quint64> m_disruptions{0};
    std::atomic<qint64> m_patienceNs{Nanoseconds(std::chrono::seconds(10)).count()};
    mutable std::mutex m_mutex; // guards all below
    QObject *m_host;
    ConnectionState m_state = ConnectionState::Closed;
    QString m_reason;
    QString m_identity;
    QString m_leaseOwner;
    quint64 m_leases = 0;
    bool m_isLockUsed = false;
    ConnectionFault m_fault = ConnectionFault::None; ///< since the connection was good
    int m_attempts = 0;                              ///< since then
    bool m_wasOpen = false;                          ///< since it was closed on request
    std::vector<Change> m_changes;
};

} // namespace birch
