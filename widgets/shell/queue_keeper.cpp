#include "widgets/shell/queue_keeper.h"

#include "core/base/file_writer.h"
#include "core/base/id.h"
#include "core/engine/queue_engine.h"
#include "core/engine/queue_file.h"
#include "core/engine/tree_details.h"
#include "core/plan/document_text.h"

#include <QDir>
#include <QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString lockOf(const QString &path)
{
    return path + u".lock"_s;
}

/// What is still to be run of \a item; nothing where that is told elsewhere: a scan that is
/// continued is in the database, one of a shared queue is there too.
std::optional<ItemTurn> turnToKeep(const QueueItem &item)
{
    if (!item.shared.queue.isNull())
        return {};
    ItemTurn turn = item.turn;
    const bool isUnderWay = item.state == ScanState::Running || item.state == ScanState::Paused;
    turn.repeats -= turn.repeatsDone + (isUnderWay ? 1 : 0);
    if (turn.repeats < 1 || !(isUnderWay || (item.state == ScanState::Queued && item.uid.isNull())))
        return {};
    // Settings to compare with are not in files: somebody has to look before it runs without.
    turn.isReady = turn.isReady && !item.demand;
    return turn;
}
} // namespace

QueueKeeper::QueueKeeper(QueueEngine &engine, const QString &folder, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_folder(folder)
    , m_path(u"%1/waiting-%2.queue.json"_s.arg(folder, uidText(newUid())))
    , m_lock(lockOf(m_path))
{
    QDir().mkpath(folder);
    m_lock.setStaleLockTime(0);
    m_lock.tryLock();
    m_writer.setMaxThreadCount(1);
    connect(&engine, &QueueEngine::itemAdded, this, [this](int, const QueueItem &item) {
        m_coming.remove(item.id);
        change();
    });
    connect(&engine, &QueueEngine::itemRemoved, this, &QueueKeeper::change);
    connect(&engine, &QueueEngine::itemMoved, this, &QueueKeeper::change);
    connect(&engine, &QueueEngine::itemChanged, this, &QueueKeeper::change);
}

QueueKeeper::~QueueKeeper()
{
    if (m_isDue && m_coming.isEmpty())
        write();
    m_writer.waitForDone();
}

void QueueKeeper::setQueue(const QString &name, const QueueSettings &settings)
{
    m_name = name;
    m_settings = settings;
    change();
}

QJsonArray QueueKeeper::waiting() const
{
    QJsonArray items;
    for (const QueueItem &item : m_engine.items()) {
        if (const auto turn = turnToKeep(item))
            items.append(queueItemDocument(item.tree, treeDetails(item.details), *turn));
    }
    return items;
}

void QueueKeeper::holdAsSaved(const QList<QueueItem> &items)
{
    m_saved = {};
    if (!waiting().isEmpty())
        return;
    for (const QueueItem &item : items)
        m_saved.append(queueItemDocument(item.tree, treeDetails(item.details), item.turn));
}

/// Many changes at once are one write; there is none while some of them are under way, or a death
/// then would leave less than before.
void QueueKeeper::change()
{
    if (std::exchange(m_isDue, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (m_isDue && m_coming.isEmpty())
                write();
            else
                m_isDue = false;
        },
        Qt::QueuedConnection);
}

void QueueKeeper::write()
{
    m_isDue = false;
    const QJsonArray items = waiting();
    const bool isKept = !items.isEmpty() && items != m_saved;
    const QJsonObject document = queueDocument(m_name, m_settings, items);
    m_writer.start([this, isKept, document, path = m_path, absorbed = m_absorbed] {
        Status done = ok();
        if (isKept)
            done = writeFile(path, documentText(document));
        else
            QFile::remove(path);
        QMetaObject::invokeMethod(
            this,
            [this, absorbed, error = done ? QString() : done.error().message] {
                written(absorbed, error);
            },
            Qt::QueuedConnection);
    });
}

void QueueKeeper::written(const QStringList &absorbed, const QString &error)
{
    if (!error.isEmpty()) {
        if (!std::exchange(m_isFailing, true))
            emit failed(tr("What waits in the queue is not kept on the disk: %1. Save the queue "
                           "elsewhere with Ctrl+K, Save queue")
                            .arg(error));
        return;
    }
    m_isFailing = false;
    for (const QString &path : absorbed) {
        QFile::remove(path);
        m_absorbed.removeAll(path);
        m_taken.erase(path);
    }
}

QStringList QueueKeeper::orphans() const
{
    QStringList found;
    const QFileInfoList files = QDir(m_folder).entryInfoList(
        {u"waiting-*.queue.json"_s}, QDir::Files, QDir::Time | QDir::Reversed);
    for (const QFileInfo &info : files) {
        const QString path = QDir(m_folder).filePath(info.fileName());
        QLockFile lock(lockOf(path));
        lock.setStaleLockTime(0);
        if (path != m_path && !m_taken.contains(path) && lock.tryLock())
            found << path;
    }
    return found;
}

bool QueueKeeper::take(const QString &path)
{
    auto lock = std::make_unique<QLockFile>(lockOf(path));
    lock->setStaleLockTime(0);
    if (!lock->tryLock() || !QFile::exists(path))
        return false;
    m_taken[path] = std::move(lock);
    return true;
}

void QueueKeeper::absorb(const QString &path, const QList<QueueItem> &items)
{
    m_absorbed << path;
    for (const QueueItem &item : items)
        m_coming.insert(item.id);
    change();
}

} // namespace birch
