#include "core/engine/call_queue.h"

#include "core/base/post_event.h"

#include <QEvent>

namespace birch {

CallQueue::~CallQueue()
{
    const std::scoped_lock lock(m_mutex); // who posted last has left
}

void CallQueue::post(std::function<void()> call)
{
    const std::scoped_lock lock(m_mutex);
    m_waiting.push_back(std::move(call));
    postEvent(this, new QEvent(QEvent::User));
}

void CallQueue::customEvent(QEvent *)
{
    std::function<void()> call;
    {
        const std::scoped_lock lock(m_mutex);
        call = std::move(m_waiting.front()); // one per event: a nested event loop keeps the order
        m_waiting.pop_front();
    }
    call();
}

} // namespace birch
