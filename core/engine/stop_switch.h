#pragma once

#include <QUuid>

#include <map>
#include <mutex>
#include <stop_token>

namespace birch {

/// Lets any thread interrupt in-process instruments that keep the engine's. Thread-safe; the mutex
/// guards the sources alone.
class StopSwitch
{
public:
    /// A token for the scan \a id that starts now; requests made before do not reach it.
    std::stop_token renew(const QUuid &id)
    {
        const std::scoped_lock lock(m_mutex);
        m_sources[id] = std::stop_source();
        return m_sources[id].get_token();
    }
    void forget(const QUuid &id)
    {
        const std::scoped_lock lock(m_mutex);
        m_sources.erase(id);
    }
    void request(const QUuid &id)
    {
        const std::scoped_lock lock(m_mutex);
        if (const auto found = m_sources.find(id); found != m_sources.end())
            found->second.request_stop();
    }
    void requestAll()
    {
        const std::scoped_lock lock(m_mutex);
        for (auto &[id, source] : m_sources)
            source.request_stop();
    }

private:
    std::mutex m_mutex;
    std::map<QUuid, std::stop_source> m_sources;
};

} // namespace birch
