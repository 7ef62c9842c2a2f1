#include "core/store/connection_pool.h"

#include "core/base/settings.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

using SteadyClock = std::chrono::steady_clock;

/// One thread with its connection. The connection is touched by that thread alone.
struct ConnectionPool::Member {
    std::unique_ptr<Connection> connection;
    Session session;
    SteadyClock::time_point openedAt;
    bool isOverflow = false;
    bool isLeaving = false; ///< under the pool's mutex, as the next
    bool hasLeft = false;   ///< the thread can be joined
    std::thread thread;
};

PoolSettings PoolSettings::from(const Settings &settings)
{
    PoolSettings pool;
    pool.size = int(settings.integer(Setting::PoolSize));
    pool.overflow = int(settings.integer(Setting::PoolOverflow));
    pool.wait = settings.duration(Setting::PoolWait);
    pool.renewal = settings.duration(Setting::PoolRenewal);
    return pool;
}

ConnectionPool::ConnectionPool(const Database &database, QString userName, PoolSettings settings)
    : m_database(database)
    , m_userName(std::move(userName))
    , m_settings(settings)
    , m_clerk([this] { refuseOverdue(); })
{
}

ConnectionPool::~ConnectionPool()
{
    std::deque<Request> left;
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
        left.swap(m_requests);
    }
    m_work.notify_all();
    m_deadlines.notify_all();
    for (const Request &request : left)
        request.refused({ErrorCode::Cancelled, tr("The program ends")});
    m_clerk.join();
    for (const auto &member : m_members) // nobody is added any more
        member->thread.join();
}

void ConnectionPool::run(Work work, Refusal refused)
{
    {
        const std::lock_guard lock(m_mutex);
        reap();
        const auto until =
            SteadyClock::now() + std::chrono::duration_cast<SteadyClock::duration>(m_settings.wait);
        m_requests.push_back({std::move(work), std::move(refused), until});
        const int count = staying();
        if (int(m_requests.size()) > m_idle && count < m_settings.size + m_settings.overflow) {
            auto member = std::make_unique<Member>();
            member->isOverflow = count >= m_settings.size;
            member->thread = std::thread([this, &self = *member] { serve(self); });
            m_members.push_back(std::move(member));
        }
    }
    m_work.notify_one();
    m_deadlines.notify_one();
}

/// Joins the threads that have left; they wait for nothing any more.
void ConnectionPool::reap()
{
    for (size_t i = 0; i < m_members.size();) {
        if (!m_members[i]->hasLeft) {
            ++i;
            continue;
        }
        m_members[i]->thread.join();
        m_members.erase(m_members.begin() + qsizetype(i));
    }
}

void ConnectionPool::serve(Member &member)
{
    while (const std::optional<Request> request = take(member)) {
        if (const Status ready = prepare(member); !ready)
            request->refused(ready.error());
        else
            request->work(*member.connection, member.session);
    }
    member.connection.reset();
    const std::lock_guard lock(m_mutex);
    member.hasLeft = true;
}

std::optional<ConnectionPool::Request> ConnectionPool::take(Member &member)
{
    std::unique_lock lock(m_mutex);
    ++m_idle;
    const auto isCalled = [this] { return m_isEnding || !m_requests.empty(); };
    bool hasCome = true;
    if (member.isOverflow)
        hasCome = m_work.wait_for(lock, m_settings.linger, isCalled);
    else
        m_work.wait(lock, isCalled);
    --m_idle;
    if (!hasCome || m_isEnding) {
        member.isLeaving = true;
        return {};
    }
    Request request = std::move(m_requests.front());
    m_requests.pop_front();
    return request;
}

Status ConnectionPool::prepare(Member &member)
{
    const auto now = SteadyClock::now();
    if (member.connection && now - member.openedAt < m_settings.renewal &&
        member.connection->isFresh()) {
        auto session = renewed(*member.connection, member.session);
        if (!session)
            return session.error();
        member.session = std::move(session).value();
        return ok();
    }
    member.connection.reset();
    auto connection = m_database.connect();
    if (!connection)
        return connection.error();
    auto session = openSession(*connection.value(), m_userName);
    if (!session)
        return session.error();
    member.connection = std::move(connection).value();
    member.session = std::move(session).value();
    member.openedAt = now;
    return ok();
}

void ConnectionPool::refuseOverdue()
{
    std::unique_lock lock(m_mutex);
    while (!m_isEnding) {
        if (m_requests.empty()) {
            m_deadlines.wait(lock, [this] { return m_isEnding || !m_requests.empty(); });
            continue;
        }
        if (m_requests.front().until > SteadyClock::now()) {
            m_deadlines.wait_until(lock, m_requests.front().until);
            continue;
        }
        const Request overdue = std::move(m_requests.front());
        m_requests.pop_front();
        lock.unlock();
        overdue.refused(
            {ErrorCode::Timeout,
             tr("All %1 connections to the database are busy: try again, or allow more with the "
                "settings database.pool_size and database.pool_overflow")
                 .arg(m_settings.size + m_settings.overflow)});
        lock.lock();
    }
}

int ConnectionPool::staying() const
{
    return int(std::ranges::count(m_members, false, &Member::isLeaving));
}

int ConnectionPool::connections() const
{
    const std::lock_guard lock(m_mutex);
    return staying();
}

} // namespace birch
