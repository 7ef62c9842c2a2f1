#pragma once

#include "core/instrument/host_request.h"

#include <list>
#include <mutex>
#include <vector>

namespace birch {

/// The waiting requests of one host: the most urgent one that is due comes first, equal ones in
/// order of request. Thread-safe; one worker takes from it.
class HostQueue
{
public:
    using Time = HostRequest::Time;
    using Requests = std::list<std::unique_ptr<HostRequest>>;

    /// \a worker gets a QEvent::User when there is something to take; not owned, outlives the use.
    void setWorker(QObject *worker);

    /// A Safe request stops the exchange that a less urgent one has in flight.
    void push(std::unique_ptr<HostRequest> request);
    /// Ends everything below Safe with \a error; interrupts such a one in flight.
    void cancelBelowSafe(const Error &error);
    /// Everything that is pushed from now on, and all that waits, fails with \a error; interrupts
    /// whatever is in flight.
    void close(const Error &error);
    bool isClosed() const;

    /// For the worker: the next request that is due; it counts as running until release().
    std::unique_ptr<HostRequest> take(Time now);
    /// From now on until release() whatever is more urgent ends the running request.
    void yieldRunning();
    /// The running request is over, or waits for another turn. One that was told to stop while it
    /// ran is cancelled.
    void release(std::unique_ptr<HostRequest> request, HostRequest::NextTurn next);
    /// When the earliest waiting request is due; kAtOnce included.
    HostRequest::NextTurn nextDue() const;
    /// Removes the waiting requests that need an open link; the caller answers them.
    Requests takeNeedingLink();
    /// Removes the waiting requests that watch \a movement; the caller answers them.
    Requests takeWatchersOf(int movement);

    void wake();
    void woken(); ///< the worker has seen the event

private:
    struct Waiting {
        std::unique_ptr<HostRequest> request;
        Time due;
        int passedOver = 0; ///< turns of steps that went before this guard
    };

    template<typename Predicate>
    Requests takeIf(Predicate isWanted);
    // With the mutex held:
    void insert(std::unique_ptr<HostRequest> request, Time due);
    std::list<Waiting>::iterator nextAt(Time now);
    void wakeLocked();
    /// Ends the running request with \a why; what to call without the mutex.
    std::stop_source interruptLocked(const Error &why);
    void cancelOrKeep(std::unique_ptr<HostRequest> request, const Error &error);

    mutable std::mutex m_mutex;   // guards all below
    std::list<Waiting> m_waiting; // by priority, then by sequence
    HostRequest *m_running = nullptr;
    std::optional<Error> m_runningCancelled; // why the running one was told to stop
    std::optional<Error> m_closed;
    QObject *m_worker = nullptr;
    bool m_isWakePending = false;
    bool m_isYielding = false; ///< the running one ends for anything more urgent
    quint64 m_nextSequence = 0;
};

} // namespace birch
