#include "core/base/fake_clock.h"

#include <QObject>

namespace birch {

void FakeClock::after(Nanoseconds delay, QObject *context, std::function<void()> action)
{
    m_pending.emplace(m_bootNs + delay.count(), Pending{context, std::move(action)});
}

void FakeClock::advance(Nanoseconds by)
{
    const qint64 end = m_bootNs + by.count();
    while (!m_pending.empty() && m_pending.begin()->first <= end)
        advanceToNext();
    m_wallNs += end - m_bootNs;
    m_bootNs = end;
}

bool FakeClock::advanceToNext()
{
    if (m_pending.empty())
        return false;
    auto node = m_pending.extract(m_pending.begin());
    const qint64 at = std::max(node.key(), m_bootNs);
    m_wallNs += at - m_bootNs;
    m_bootNs = at;
    if (node.mapped().context)
        node.mapped().action();
    return true;
}

} // namespace birch
