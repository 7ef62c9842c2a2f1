#pragma once

#include <mutex>
#include <stop_token>

namespace birch {

/// Lets any thread interrupt an in-process instrument that keeps the engine's. Thread-safe; the
/// mutex guards the source alone.
class StopSwitch
{
public:
    /// A token for the scan that starts now; requests made before do not reach it.
    std::stop_token renew()
    {
        const std::scoped_lock lock(m_mutex);
        m_source = std::stop_source();
        return m_source.get_token();
    }
    void request()
    {
        const std::scoped_lock lock(m_mutex);
        m_source.request_stop();
    }

private:
    std::mutex m_mutex;
    std::stop_source m_source;
};

} // namespace birch
