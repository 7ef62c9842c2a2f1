#pragma once

#include "core/base/call.h"
#include "core/store/database.h"
#include "core/store/session.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace birch {

class Settings;

struct PoolSettings {
    int size = 10;                                ///< connections kept open once they were needed
    int overflow = 20;                            ///< more while there is a rush
    Nanoseconds wait = std::chrono::seconds(30);  ///< of a request, for a connection
    Nanoseconds renewal = std::chrono::hours(1);  ///< age at which a connection is replaced
    Nanoseconds linger = std::chrono::seconds(5); ///< idle, then one of the overflow is closed

    static PoolSettings from(const Settings &settings);
};

/// Connections for work that is short and comes from many sides.
///
/// A connection belongs to the thread that opened it, so the pool has threads, one for each of its
/// connections, and takes the work to them. A connection is looked at before it is used and renewed
/// when it is old or dead. All functions are thread-safe.
class ConnectionPool
{
    Q_DECLARE_TR_FUNCTIONS(ConnectionPool)
public:
    /// \a database outlives it. Opens nothing yet.
    ConnectionPool(const Database &database, QString userName, PoolSettings settings = {});
    /// Waits for what is under way; what still waits is answered with Cancelled.
    ~ConnectionPool();
    ConnectionPool(const ConnectionPool &) = delete;
    ConnectionPool &operator=(const ConnectionPool &) = delete;

    using Work = std::function<void(Connection &, const Session &)>;
    using Refusal = std::function<void(const Error &)>;
    /// Returns at once; exactly one of the two is called, on a thread of the pool. Refusals:
    /// Timeout - no connection became free in time; Cancelled; as Database::connect().
    void run(Work work, Refusal refused);

    /// Blocks until \a work has run; not for the threads of a window, an engine or this pool.
    /// Errors: as run(), else those of \a work.
    template<typename T>
    Result<T> call(std::function<Result<T>(Connection &, const Session &)> work)
    {
        const auto answer = std::make_shared<std::promise<Result<T>>>();
        std::future<Result<T>> result = answer->get_future();
        run(
            [answer, work = std::move(work)](Connection &connection, const Session &session) {
                answer->set_value(work(connection, session));
            },
            [answer](const Error &error) { answer->set_value(error); });
        return result.get();
    }

    int connections() const; ///< threads, each with one or about to open one

private:
    struct Request {
        Work work;
        Refusal refused;
        std::chrono::steady_clock::time_point until;
    };
    struct Member;
    void serve(Member &member);
    /// The next request; nothing: this member is no longer needed.
    std::optional<Request> take(Member &member);
    Status prepare(Member &member);
    void refuseOverdue();
    void reap();
    int staying() const;

    const Database &m_database;
    const QString m_userName;
    const PoolSettings m_settings;

    mutable std::mutex m_mutex; // guards everything below
    std::condition_variable m_work;
    std::condition_variable m_deadlines;
    std::deque<Request> m_requests; ///< all with the same patience: the first is due first
    std::vector<std::unique_ptr<Member>> m_members;
    int m_idle = 0;
    bool m_isEnding = false;
    std::thread m_clerk; ///< refuses who has waited too long
};

} // namespace birch
