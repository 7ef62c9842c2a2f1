#include "core/instrument/host_queue.h"

#include "core/base/post_event.h"

#include <algorithm>

namespace birch {

namespace {
/// So many turns of steps may go before a guard that waits: branches that always have the next
/// step ready would keep it away for ever.
constexpr int kGuardPatience = 8;
} // namespace

void HostQueue::setWorker(QObject *worker)
{
    const std::scoped_lock lock(m_mutex);
    m_worker = worker;
    m_isWakePending = false;
    if (worker && !m_waiting.empty())
        wakeLocked();
}

void HostQueue::push(std::unique_ptr<HostRequest> request)
{
    std::stop_source interrupted(std::nostopstate);
    {
        std::unique_lock lock(m_mutex);
        if (m_closed) {
            const Error why = *m_closed;
            lock.unlock();
            return request->fail(why);
        }
        const bool isUrgent = m_running && request->priority < m_running->priority;
        if (isUrgent && request->priority == Priority::Safe)
            interrupted = interruptLocked(
                {ErrorCode::Cancelled,
                 InstrumentHost::tr("Stopped, because the bench is being made safe")});
        else if (isUrgent && m_isYielding)
            interrupted = interruptLocked(
                {ErrorCode::Cancelled, InstrumentHost::tr("Somebody asks for the instrument")});
        request->sequence = m_nextSequence++;
        insert(std::move(request), HostRequest::kAtOnce);
        wakeLocked();
    }
    interrupted.request_stop(); // runs foreign callbacks: never with the mutex held
}

void HostQueue::cancelBelowSafe(const Error &error)
{
    std::stop_source interrupted(std::nostopstate);
    {
        const std::scoped_lock lock(m_mutex);
        if (m_running && m_running->priority != Priority::Safe) {
            m_runningCancelled = error;
            interrupted = m_running->stop;
        }
    }
    interrupted.request_stop();
    auto victims =
        takeIf([](const HostRequest &request) { return request.priority != Priority::Safe; });
    for (auto &victim : victims)
        cancelOrKeep(std::move(victim), error);
}

void HostQueue::close(const Error &error)
{
    std::stop_source interrupted(std::nostopstate);
    {
        const std::scoped_lock lock(m_mutex);
        m_closed = error;
        if (m_running)
            interrupted = m_running->stop;
        wakeLocked();
    }
    interrupted.request_stop();
    for (auto &request : takeIf([](const HostRequest &) { return true; }))
        request->fail(error);
}

bool HostQueue::isClosed() const
{
    const std::scoped_lock lock(m_mutex);
    return m_closed.has_value();
}

std::unique_ptr<HostRequest> HostQueue::take(Time now)
{
    const std::scoped_lock lock(m_mutex);
    const auto due = nextAt(now);
    if (due == m_waiting.end())
        return nullptr;
    auto request = std::move(due->request);
    m_waiting.erase(due);
    m_running = request.get();
    m_runningCancelled.reset();
    m_isYielding = false;
    return request;
}

std::list<HostQueue::Waiting>::iterator HostQueue::nextAt(Time now)
{
    const auto due = std::find_if(m_waiting.begin(), m_waiting.end(),
                                  [now](const Waiting &waiting) { return waiting.due <= now; });
    if (due == m_waiting.end() || due->request->priority != Priority::Step)
        return due;
    const auto guard = std::find_if(due, m_waiting.end(), [now](const Waiting &waiting) {
        return waiting.due <= now && waiting.request->priority == Priority::Guard;
    });
    return guard != m_waiting.end() && ++guard->passedOver > kGuardPatience ? guard : due;
}

void HostQueue::yieldRunning()
{
    std::stop_source interrupted(std::nostopstate);
    {
        const std::scoped_lock lock(m_mutex);
        m_isYielding = true;
        const auto isMoreUrgent = [this](const Waiting &waiting) {
            return m_running && waiting.request->priority < m_running->priority;
        };
        if (std::any_of(m_waiting.begin(), m_waiting.end(), isMoreUrgent))
            interrupted = interruptLocked(
                {ErrorCode::Cancelled, InstrumentHost::tr("Somebody asks for the instrument")});
    }
    interrupted.request_stop();
}

std::stop_source HostQueue::interruptLocked(const Error &why)
{
    if (m_runningCancelled)
        return std::stop_source(std::nostopstate);
    m_runningCancelled = why;
    return m_running->stop;
}

void HostQueue::release(std::unique_ptr<HostRequest> request, HostRequest::NextTurn next)
{
    std::optional<Error> closed;
    std::optional<Error> cancelled;
    {
        const std::scoped_lock lock(m_mutex);
        m_running = nullptr;
        closed = m_closed;
        cancelled = std::exchange(m_runningCancelled, std::nullopt);
        if (!next)
            return;
        if (!closed && !cancelled) {
            insert(std::move(request), *next);
            return;
        }
    }
    if (closed)
        request->fail(*closed);
    else
        cancelOrKeep(std::move(request), *cancelled);
}

HostRequest::NextTurn HostQueue::nextDue() const
{
    const std::scoped_lock lock(m_mutex);
    HostRequest::NextTurn next;
    for (const Waiting &waiting : m_waiting)
        next = next ? std::min(*next, waiting.due) : waiting.due;
    return next;
}

HostQueue::Requests HostQueue::takeNeedingLink()
{
    return takeIf([](const HostRequest &request) { return request.needsOpenLink(); });
}

HostQueue::Requests HostQueue::takeWatchersOf(int movement)
{
    return takeIf(
        [movement](const HostRequest &request) { return request.movementInFlight() == movement; });
}

template<typename Predicate>
HostQueue::Requests HostQueue::takeIf(Predicate isWanted)
{
    Requests taken;
    const std::scoped_lock lock(m_mutex);
    for (auto it = m_waiting.begin(); it != m_waiting.end();) {
        if (!isWanted(*it->request)) {
            ++it;
            continue;
        }
        taken.push_back(std::move(it->request));
        it = m_waiting.erase(it);
    }
    return taken;
}

void HostQueue::wake()
{
    const std::scoped_lock lock(m_mutex);
    wakeLocked();
}

void HostQueue::woken()
{
    const std::scoped_lock lock(m_mutex);
    m_isWakePending = false;
}

void HostQueue::insert(std::unique_ptr<HostRequest> request, Time due)
{
    const auto key = [](const HostRequest &r) { return std::pair(r.priority, r.sequence); };
    const auto before =
        std::find_if(m_waiting.begin(), m_waiting.end(),
                     [&](const Waiting &waiting) { return key(*request) < key(*waiting.request); });
    m_waiting.insert(before, Waiting{std::move(request), due});
}

void HostQueue::wakeLocked()
{
    if (!m_worker || m_isWakePending)
        return;
    m_isWakePending = true;
    postEvent(m_worker, new QEvent(QEvent::User));
}

void HostQueue::cancelOrKeep(std::unique_ptr<HostRequest> request, const Error &error)
{
    if (request->cancel(error))
        return;
    request->priority = Priority::Safe; // what halts an instrument is never cancelled again
    const std::scoped_lock lock(m_mutex);
    if (m_closed) {
        request->fail(*m_closed); // the worker halts everything in flight before it ends
        return;
    }
    insert(std::move(request), HostRequest::kAtOnce);
    wakeLocked();
}

} // namespace birch
