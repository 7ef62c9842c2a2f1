#include "core/store/change_listener.h"

#include "core/base/post_event.h"
#include "core/store/store_log.h"

#include <QEvent>
#include <QJsonDocument>
#include <QJsonObject>

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kFirstRetryMs = 200;
constexpr int kLongestRetryMs = 5'000;
constexpr int kFileLookMs = 100;
constexpr int kHeartbeatMs = 30'000; // a network that was cut says nothing by itself
constexpr qsizetype kMostChanges = 1'000;

ChangeAction actionFrom(const QString &word)
{
    return word == u"insert"   ? ChangeAction::Added
           : word == u"delete" ? ChangeAction::Removed
                               : ChangeAction::Changed;
}

Change changeFrom(const char *payload)
{
    const QJsonObject json = QJsonDocument::fromJson(payload).object();
    return {json[u"kind"_s].toString(), QUuid::fromString(json[u"uid"_s].toString()),
            actionFrom(json[u"action"_s].toString())};
}
} // namespace

ChangeFeed::Listener::Listener(const Database &database, QObject *receiver)
    : m_database(database)
    , m_receiver(receiver)
    , m_ending(::eventfd(0, EFD_CLOEXEC))
    , m_thread([this] { loop(); })
{
}

ChangeFeed::Listener::~Listener()
{
    const quint64 one = 1;
    (void)!::write(m_ending, &one, sizeof one);
    m_thread.join();
    ::close(m_ending);
}

ChangeFeed::Listener::News ChangeFeed::Listener::take()
{
    const std::lock_guard lock(m_mutex);
    m_isPosted = false;
    return std::exchange(m_news, {});
}

void ChangeFeed::Listener::tell(const QList<Change> &changes, bool isAnything)
{
    const std::lock_guard lock(m_mutex); // also while posting: the receiver takes under it
    m_news.changes += changes;
    m_news.isAnything = m_news.isAnything || isAnything;
    if (m_news.isAnything || m_news.changes.size() > kMostChanges) {
        m_news.isAnything = true;
        m_news.changes.clear();
    }
    if (!std::exchange(m_isPosted, true))
        postEvent(m_receiver, new QEvent(QEvent::User));
}

bool ChangeFeed::Listener::waitForEnd(int milliseconds) const
{
    pollfd ending{m_ending, POLLIN, 0};
    return ::poll(&ending, 1, milliseconds) > 0;
}

void ChangeFeed::Listener::loop()
{
    int retry = kFirstRetryMs;
    do {
        auto connection = m_database.connect();
        if (!connection) {
            qCDebug(storeLog).noquote() << "listening for changes:" << connection.error().message;
            if (waitForEnd(retry))
                return;
            retry = std::min(2 * retry, kLongestRetryMs);
            continue;
        }
        retry = kFirstRetryMs;
        if (m_database.url().engine() == Engine::Postgres)
            listen(*connection.value());
        else
            watchFile(*connection.value());
    } while (!waitForEnd(kFirstRetryMs));
}

void ChangeFeed::Listener::listen(Connection &connection)
{
    if (!connection.script(u"LISTEN birch_changes"_s))
        return;
    tell({}, true);
    while (readNotifications(connection)) {
        pollfd sources[] = {{PQsocket(connection.postgresHandle()), POLLIN, 0},
                            {m_ending, POLLIN, 0}};
        const int ready = ::poll(sources, 2, kHeartbeatMs);
        if (sources[1].revents != 0)
            return;
        if (ready == 0 && !connection.script(u"SELECT 1"_s))
            return;
    }
}

/// False once the server is gone.
bool ChangeFeed::Listener::readNotifications(Connection &connection)
{
    PGconn *handle = connection.postgresHandle();
    QList<Change> changes;
    const bool isAlive = PQconsumeInput(handle) != 0 && connection.isAlive();
    while (PGnotify *note = PQnotifies(handle)) {
        changes << changeFrom(note->extra);
        PQfreemem(note);
    }
    if (!changes.isEmpty())
        tell(changes, false);
    return isAlive;
}

void ChangeFeed::Listener::watchFile(Connection &connection)
{
    qint64 known = -1;
    do {
        const auto version = connection.firstRow(u"PRAGMA data_version"_s);
        if (!version || !version.value())
            return;
        const qint64 now = version.value()->first().toLongLong();
        if (std::exchange(known, now) != now)
            tell({}, true);
    } while (!waitForEnd(kFileLookMs));
}

} // namespace birch
