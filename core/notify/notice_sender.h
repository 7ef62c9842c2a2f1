#pragma once

#include "core/notify/notice_channel.h"
#include "core/notify/outbox.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace birch {

/// What became of one try.
struct DeliveryAttempt {
    OutboxEntry entry; ///< tries: this one included
    bool isSent = false;
    bool isGivenUp = false;
    QString problem; ///< "" when sent
};

struct DeliveryLimits {
    Nanoseconds timeout = std::chrono::seconds(30); ///< of one try
    Nanoseconds firstRest = std::chrono::seconds(10);
    Nanoseconds longestRest = std::chrono::minutes(30);
    Nanoseconds giveUpAfter = std::chrono::hours(24);
    Nanoseconds look = std::chrono::seconds(5); ///< how often for messages of other programs
};

/// Sends what is in the outbox, on a thread of its own, and tries again what was not taken: first
/// soon, then less and less often, for a day. Of several programs on one outbox one sends; another
/// takes over when it ends. All functions are thread-safe and return at once.
class NoticeSender
{
public:
    using Channels = std::map<NoticeChannelKind, std::unique_ptr<NoticeChannel>>;
    /// \a onAttempt: called on the sender's thread.
    NoticeSender(Outbox outbox, Channels channels,
                 std::function<void(const DeliveryAttempt &)> onAttempt,
                 DeliveryLimits limits = {});
    /// Ends a try that is under way; what is not sent stays in the outbox.
    ~NoticeSender();

    void post(const Notice &notice, const QList<NoticeTarget> &targets);
    /// Waits until all that was posted has been tried once, at most \a limit. False: not yet.
    bool flush(Nanoseconds limit);

private:
    void run(const std::stop_token &stop);
    void keepPosted();
    void sendDue(const std::stop_token &stop);
    void sendOne(OutboxEntry entry, const std::stop_token &stop);
    Nanoseconds restAfter(int tries) const;

    const Outbox m_outbox;
    const Channels m_channels;
    const std::function<void(const DeliveryAttempt &)> m_onAttempt;
    const DeliveryLimits m_limits;

    std::mutex m_mutex; // guards the three below
    std::condition_variable_any m_changed;
    QList<OutboxEntry> m_posted;
    bool m_isIdle = true; ///< nothing posted waits for its first try
    std::jthread m_thread;
};

} // namespace birch
