#pragma once

#include "core/store/change_feed.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace birch {

/// The thread of a ChangeFeed.
class ChangeFeed::Listener
{
public:
    Listener(const Database &database, QObject *receiver);
    ~Listener();
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;

    struct News {
        QList<Change> changes;
        bool isAnything = false;
    };
    /// What has come since the last call. Any thread.
    News take();

private:
    void loop();
    /// Until the connection is lost or the end has come.
    void listen(Connection &connection);
    void watchFile(Connection &connection);
    bool readNotifications(Connection &connection);
    void tell(const QList<Change> &changes, bool isAnything);
    /// True when the end has come.
    bool waitForEnd(int milliseconds) const;

    const Database &m_database;
    QObject *const m_receiver;
    int m_ending; ///< eventfd: readable once this is to end

    std::mutex m_mutex; // guards the two below
    News m_news;
    bool m_isPosted = false;
    std::thread m_thread;
};

} // namespace birch
