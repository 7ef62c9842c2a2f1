#pragma once

#include "core/base/call.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

namespace birch {

/// Ends the wait for a server that takes a statement and never answers: libpq itself has no limit
/// for that. One thread for all connections of a Database; all functions are thread-safe.
class StatementWatch
{
public:
    StatementWatch();
    ~StatementWatch();
    StatementWatch(const StatementWatch &) = delete;
    StatementWatch &operator=(const StatementWatch &) = delete;

    /// While it lives, \a socket is shut down at the deadline: the call that waits on it fails as
    /// if the server had gone. \a socket is the watch's own descriptor of it (a duplicate), so that
    /// nothing else can have its number.
    class Guard
    {
    public:
        /// \a watch may be null: nothing is watched.
        Guard(StatementWatch *watch, int socket, Nanoseconds limit);
        ~Guard();
        Guard(const Guard &) = delete;
        Guard &operator=(const Guard &) = delete;

    private:
        StatementWatch *m_watch;
        std::pair<std::chrono::steady_clock::time_point, int> m_entry;
    };

private:
    void loop();

    std::mutex m_mutex; // guards the next two
    std::set<std::pair<std::chrono::steady_clock::time_point, int>> m_entries; ///< due first
    bool m_isEnding = false;
    std::condition_variable m_changed;
    std::thread m_thread;
};

} // namespace birch
