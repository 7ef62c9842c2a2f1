#pragma once

#include "core/data/queue_settings.h"
#include "core/engine/queue_item.h"

#include <QJsonArray>
#include <QLockFile>
#include <QObject>
#include <QSet>
#include <QThreadPool>

#include <map>
#include <memory>

namespace birch {

class QueueEngine;

/// Keeps what waits in the queue of a window in a file of its own, so that no death of the program
/// loses it: written right after each change, on a thread of its own, to a temporary
/// name and flushed. What runs is not in it: that scan is continued from its spool. Lives on the
/// engine's facade thread.
class QueueKeeper : public QObject
{
    Q_OBJECT
public:
    /// \a folder: shared by the windows of one person.
    QueueKeeper(QueueEngine &engine, const QString &folder, QObject *parent = nullptr);
    ~QueueKeeper() override; ///< after the last write

    /// What is written beside the scans.
    void setQueue(const QString &name, const QueueSettings &settings);
    /// \a items come from a file that has them all: nothing is kept until the queue changes.
    void holdAsSaved(const QList<QueueItem> &items);

    /// Files of windows that are gone, the oldest first: of several, the newest says how the queue
    /// is run.
    QStringList orphans() const;
    /// One of orphans() is for this window alone from now on. False: another window has it.
    bool take(const QString &path);
    /// It stays where it is, for a later window.
    void leave(const QString &path) { m_taken.erase(path); }
    /// The scans of a taken file were given to the engine as \a items: they are kept here, and the
    /// file goes once they are.
    void absorb(const QString &path, const QList<QueueItem> &items);

signals:
    /// What waits is not kept; one sentence that says what to do. Once until it works again.
    void failed(const QString &message);

private:
    QJsonArray waiting() const;
    void change();
    void write();
    void written(const QStringList &absorbed, const QString &error);

    QueueEngine &m_engine;
    QString m_folder;
    QString m_path;
    QLockFile m_lock; ///< held for life: by it others know that this window lives
    QString m_name;
    QueueSettings m_settings;
    QJsonArray m_saved;
    QSet<QUuid> m_coming; ///< given to the engine, not yet told back
    std::map<QString, std::unique_ptr<QLockFile>> m_taken;
    QStringList m_absorbed; ///< of these, the files that go with the next write
    QThreadPool m_writer;   ///< one thread: in order
    bool m_isDue = false;
    bool m_isFailing = false;
};

} // namespace birch
