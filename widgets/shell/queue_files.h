#pragma once

#include "core/engine/queue_file.h"
#include "core/plan/plan_compiler.h"
#include "widgets/shell/queue_keeper.h"
#include "widgets/shell/window_context.h"

namespace birch {

class ActionSet;
class TreeDocument;
enum class NoticeKind;

/// One scan for the engine, as \a tree was compiled.
QueueItem queueItemOf(const ScanTree &tree, const QString &name, const CompiledPlan &compiled,
                      const TreeDetails &details, const QString &user);

/// The queue of the window and its files: opens and saves them, says how the queue is run, and
/// brings back what waited when a window before this one has ended.
class QueueFiles : public QObject
{
    Q_OBJECT
public:
    /// All outlive it. \a document: knows the stored trees.
    QueueFiles(const WindowContext &context, const ActionSet &actions, const TreeDocument &document,
               QWidget *window);

    /// Adds the scans of a queue file; false with a notice when anything is wrong with it.
    bool open(const QString &path);
    /// Brings back what windows that are gone have left; they wait, nothing starts.
    void restore();
    /// Which of \a items wait for each other's instruments, where several may run at once.
    QStringList leaseNotes(const QList<QueueItem> &items) const;
    /// Says that something could be brought back.
    void offerRestore();

signals:
    void noticed(birch::NoticeKind kind, const QString &sentence);

private:
    std::optional<QList<QueueItem>> compile(const ReadQueue &read, const QString &path);
    void add(const QueueDocument &queue, const QList<QueueItem> &items);
    void save();
    void write(const QString &path);
    void editSettings();
    void run(const QString &name, const QueueSettings &settings);

    const WindowContext &m_context;
    const TreeDocument &m_document;
    QWidget *m_window;
    QueueKeeper m_keeper;
    QString m_name;
    QueueSettings m_settings;
};

} // namespace birch
