#pragma once

#include <QObject>

#include <deque>
#include <functional>
#include <mutex>

namespace birch {

/// Brings calls to the thread that it lives on, each through the event loop, in the order in which
/// they were posted. What still waits when it dies is dropped.
///
/// Instead of QMetaObject::invokeMethod(): the hand-over is under a std::mutex, which the thread
/// sanitizer sees, so that a report from the engine means something.
class CallQueue final : public QObject
{
public:
    using QObject::QObject;
    ~CallQueue() override;

    /// Any thread, while this lives. Returns at once.
    void post(std::function<void()> call);

protected:
    void customEvent(QEvent *event) override;

private:
    std::mutex m_mutex; // guards m_waiting; held while posting, so that the event is seen as well
    std::deque<std::function<void()>> m_waiting;
};

} // namespace birch
