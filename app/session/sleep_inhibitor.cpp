#include "app/session/sleep_inhibitor.h"

#include "core/base/log.h"
#include "core/engine/queue_engine.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusUnixFileDescriptor>

#include <chrono>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::milliseconds kAnswer{5000};
constexpr std::chrono::milliseconds kLeave{500};
} // namespace

/// On its own thread: connecting to a bus blocks, and a bus that hangs blocks for long.
class SleepInhibitorWorker final : public QObject
{
    Q_OBJECT
public:
    explicit SleepInhibitorWorker(const QString &reason)
        : m_reason(reason)
    {
    }

    void setHeld(bool isWanted)
    {
        if (m_isWanted == isWanted)
            return;
        m_isWanted = isWanted;
        if (isWanted && !m_isAsking && !m_block.isValid())
            ask();
        else if (!isWanted && m_block.isValid())
            release();
    }

signals:
    void changed(bool isHeld);

private:
    void ask()
    {
        const QDBusConnection bus = QDBusConnection::systemBus();
        if (!bus.isConnected())
            return giveUp(bus.lastError().message());
        QDBusMessage call = QDBusMessage::createMethodCall(
            u"org.freedesktop.login1"_s, u"/org/freedesktop/login1"_s,
            u"org.freedesktop.login1.Manager"_s, u"Inhibit"_s);
        call << u"sleep:idle"_s << u"Birch"_s << m_reason << u"block"_s;
        m_isAsking = true;
        auto *watcher =
            new QDBusPendingCallWatcher(bus.asyncCall(call, int(kAnswer.count())), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
            watcher->deleteLater();
            answered(*watcher);
        });
    }

    void answered(const QDBusPendingReply<QDBusUnixFileDescriptor> &reply)
    {
        m_isAsking = false;
        if (reply.isError())
            return giveUp(reply.error().message());
        m_block = reply.value();
        emit changed(true);
        if (!m_isWanted)
            release(); // the queue ended while the bus thought about it
    }

    void release()
    {
        m_block = {}; // closing the file is what ends the block
        emit changed(false);
    }

    void giveUp(const QString &why)
    {
        if (!m_hasComplained)
            qCInfo(lcApp).noquote() << "the machine may go to sleep while a queue runs:" << why;
        m_hasComplained = true;
        emit changed(false);
    }

    const QString m_reason;
    QDBusUnixFileDescriptor m_block;
    bool m_isWanted = false;
    bool m_isAsking = false;
    bool m_hasComplained = false; ///< one line, not one per queue
};

SleepInhibitor::SleepInhibitor(const QString &reason, QObject *parent)
    : QObject(parent)
    , m_thread(new QThread)
    , m_worker(new SleepInhibitorWorker(reason))
{
    m_thread->setObjectName(u"sleep"_s);
    m_worker->moveToThread(m_thread);
    connect(m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &SleepInhibitorWorker::changed, this, &SleepInhibitor::changed);
    m_thread->start();
}

SleepInhibitor::~SleepInhibitor()
{
    m_thread->quit();
    if (m_thread->wait(kLeave))
        delete m_thread;
    else
        connect(m_thread, &QThread::finished, m_thread, &QObject::deleteLater); // the bus hangs
}

void SleepInhibitor::follow(QueueEngine &engine)
{
    connect(&engine, &QueueEngine::queueStateChanged, this,
            [this](QueueState state) { setHeld(state != QueueState::Idle); });
    setHeld(engine.state() != QueueState::Idle);
}

void SleepInhibitor::setHeld(bool isHeld)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, isHeld] { worker->setHeld(isHeld); }, Qt::QueuedConnection);
}

} // namespace birch

#include "sleep_inhibitor.moc"
