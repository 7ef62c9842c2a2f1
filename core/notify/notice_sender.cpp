#include "core/notify/notice_sender.h"

#include "core/base/id.h"
#include "core/notify/notify_log.h"

#include <QDateTime>
#include <QDir>
#include <QLockFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
qint64 nowUs()
{
    return QDateTime::currentMSecsSinceEpoch() * 1000;
}

qint64 microseconds(Nanoseconds duration)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

bool isFinal(ErrorCode code)
{
    return code == ErrorCode::BadInput || code == ErrorCode::Denied;
}
} // namespace

NoticeSender::NoticeSender(Outbox outbox, Channels channels,
                           std::function<void(const DeliveryAttempt &)> onAttempt,
                           DeliveryLimits limits)
    : m_outbox(std::move(outbox))
    , m_channels(std::move(channels))
    , m_onAttempt(std::move(onAttempt))
    , m_limits(limits)
    , m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

NoticeSender::~NoticeSender()
{
    m_thread.request_stop();
    m_thread.join();
    keepPosted();
}

void NoticeSender::post(const Notice &notice, const QList<NoticeTarget> &targets)
{
    if (targets.isEmpty())
        return;
    {
        const std::scoped_lock lock(m_mutex);
        for (const NoticeTarget &target : targets)
            m_posted << OutboxEntry{newUid(), notice, target, 0, nowUs()};
        m_isIdle = false;
    }
    m_changed.notify_all();
}

bool NoticeSender::flush(Nanoseconds limit)
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, limit, [this] { return m_isIdle; });
}

void NoticeSender::run(const std::stop_token &stop)
{
    QDir().mkpath(m_outbox.folder());
    QLockFile lock(m_outbox.folder() + u"/sender.lock"_s);
    lock.setStaleLockTime(0); // held for life: only a dead owner's is stale
    while (!stop.stop_requested()) {
        keepPosted();
        if (lock.isLocked() || lock.tryLock(0))
            sendDue(stop);
        std::unique_lock guard(m_mutex);
        m_isIdle = m_posted.isEmpty();
        m_changed.notify_all();
        qint64 waitUs = microseconds(m_limits.look);
        guard.unlock();
        if (lock.isLocked()) // what is due is the affair of whoever sends
            for (const OutboxEntry &entry : m_outbox.entries())
                waitUs = std::clamp<qint64>(entry.dueUs - nowUs(), 1000, waitUs);
        guard.lock();
        m_changed.wait_for(guard, stop, std::chrono::microseconds(waitUs),
                           [this] { return !m_posted.isEmpty(); });
    }
}

/// Posted ones go to the disk before they are tried: a program that dies has not forgotten them.
void NoticeSender::keepPosted()
{
    QList<OutboxEntry> posted;
    {
        const std::scoped_lock lock(m_mutex);
        posted.swap(m_posted);
    }
    for (const OutboxEntry &entry : std::as_const(posted)) {
        if (const Status kept = m_outbox.put(entry); !kept)
            qCWarning(notifyLog).noquote() << entry.target.name << "will not be told of"
                                           << entry.notice.subject << kept.error().message;
    }
}

void NoticeSender::sendDue(const std::stop_token &stop)
{
    for (const OutboxEntry &entry : m_outbox.entries()) {
        if (stop.stop_requested())
            return;
        if (entry.dueUs <= nowUs())
            sendOne(entry, stop);
    }
}

Nanoseconds NoticeSender::restAfter(int tries) const
{
    Nanoseconds rest = m_limits.firstRest;
    for (int i = 1; i < tries && rest < m_limits.longestRest; ++i)
        rest *= 2;
    return std::min(rest, m_limits.longestRest);
}

void NoticeSender::sendOne(OutboxEntry entry, const std::stop_token &stop)
{
    const auto channel = m_channels.find(entry.target.channel);
    if (channel == m_channels.end())
        return; // this program was given no such way
    const Status sent =
        channel->second->send(entry.notice, entry.target, Call::within(m_limits.timeout, stop));
    if (!sent && sent.error().code == ErrorCode::Cancelled)
        return;
    ++entry.tries;
    DeliveryAttempt attempt{entry, bool(sent), false, sent ? QString() : sent.error().message};
    const qint64 age = nowUs() - entry.notice.timeUs;
    attempt.isGivenUp =
        !sent && (isFinal(sent.error().code) || age > microseconds(m_limits.giveUpAfter));
    if (sent || attempt.isGivenUp) {
        m_outbox.remove(entry.id);
    } else {
        entry.dueUs = nowUs() + microseconds(restAfter(entry.tries));
        if (const Status kept = m_outbox.put(entry); !kept)
            qCWarning(notifyLog).noquote() << kept.error().message;
    }
    if (!sent)
        qCWarning(notifyLog).noquote() << entry.notice.subject << attempt.problem;
    m_onAttempt(attempt);
}

} // namespace birch
