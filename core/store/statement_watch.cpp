#include "core/store/statement_watch.h"

#include "core/store/store_log.h"

#include <sys/socket.h>

namespace birch {

using SteadyClock = std::chrono::steady_clock;

StatementWatch::StatementWatch()
    : m_thread([this] { loop(); })
{
}

StatementWatch::~StatementWatch()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

StatementWatch::Guard::Guard(StatementWatch *watch, int socket, Nanoseconds limit)
    : m_watch(socket >= 0 && limit.count() > 0 ? watch : nullptr)
    , m_entry(SteadyClock::now() + std::chrono::duration_cast<SteadyClock::duration>(limit), socket)
{
    if (!m_watch)
        return;
    bool isNext = false;
    {
        const std::lock_guard lock(m_watch->m_mutex);
        const auto place = m_watch->m_entries.insert(m_entry).first;
        isNext = place == m_watch->m_entries.begin();
    }
    if (isNext)
        m_watch->m_changed.notify_all();
}

StatementWatch::Guard::~Guard()
{
    if (!m_watch)
        return;
    const std::lock_guard lock(m_watch->m_mutex);
    m_watch->m_entries.erase(m_entry);
}

void StatementWatch::loop()
{
    std::unique_lock lock(m_mutex);
    while (!m_isEnding) {
        if (m_entries.empty()) {
            m_changed.wait(lock);
            continue;
        }
        const auto due = m_entries.begin()->first;
        if (due > SteadyClock::now()) {
            m_changed.wait_until(lock, due);
            continue;
        }
        qCWarning(storeLog) << "the database server takes statements and does not answer: the "
                               "connection is given up";
        ::shutdown(m_entries.begin()->second, SHUT_RDWR);
        m_entries.erase(m_entries.begin());
    }
}

} // namespace birch
