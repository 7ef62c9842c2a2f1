#include "widgets/shell/queue_files.h"

#include "core/base/file_writer.h"
#include "core/base/id.h"
#include "core/engine/lease_check.h"
#include "core/engine/tree_details.h"
#include "core/plan/document_text.h"
#include "widgets/models/problem_text.h"
#include "widgets/models/tree_document.h"
#include "widgets/queue/queue_settings_dialog.h"
#include "widgets/shell/action_set.h"
#include "widgets/shell/file_question.h"
#include "widgets/shell/notice_bar.h"

#include <QAction>
#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
const QString kQueueSuffix = u".queue.json"_s;

QString queueFilter()
{
    return QueueFiles::tr("Queues (*.queue.json)");
}
} // namespace

QueueItem queueItemOf(const ScanTree &tree, const QString &name, const CompiledPlan &compiled,
                      const TreeDetails &details, const QString &user)
{
    QueueItem item;
    item.id = newUid();
    item.name = name;
    item.pointsPlanned = compiled.plan->points;
    item.plan = compiled.plan;
    item.tree = treeToJson(compiled.complete(tree));
    item.details = scanDetails(details, name, user);
    return item;
}

QueueFiles::QueueFiles(const WindowContext &context, const ActionSet &actions,
                       const TreeDocument &document, QWidget *window)
    : QObject(window)
    , m_context(context)
    , m_document(document)
    , m_window(window)
    , m_keeper(context.engine, context.stateFolder)
{
    connect(actions[u"queue-open"_s], &QAction::triggered, this, [this] {
        askForFile(m_window, {tr("Open queue"), {}, queueFilter()},
                   [this](const QString &path) { open(path); });
    });
    connect(actions[u"queue-save"_s], &QAction::triggered, this, &QueueFiles::save);
    connect(actions[u"queue-settings"_s], &QAction::triggered, this, &QueueFiles::editSettings);
    connect(actions[u"queue-restore"_s], &QAction::triggered, this, [this] {
        if (m_keeper.orphans().isEmpty())
            emit noticed(NoticeKind::Info, tr("Nothing waits from an earlier window."));
        restore();
    });
    connect(&m_keeper, &QueueKeeper::failed, this,
            [this](const QString &message) { emit noticed(NoticeKind::Error, message); });
}

std::optional<QList<QueueItem>> QueueFiles::compile(const ReadQueue &read, const QString &path)
{
    Problems problems = read.problems;
    QList<QueueItem> items;
    const BenchSpecs specs = m_context.readSpecs();
    for (size_t i = 0; read.queue && i < read.queue->items.size() && problems.isEmpty(); ++i) {
        const QueueFileItem &entry = read.queue->items[i];
        const QString file =
            entry.path.isEmpty() ? path : QFileInfo(path).dir().filePath(entry.path);
        const CompiledPlan compiled =
            compilePlan(entry.tree, specs, m_context.registry, file, m_document.library());
        problems += compiled.problems;
        if (!compiled.plan)
            break;
        const QString name = entry.tree.name.isEmpty() ? entry.path : entry.tree.name;
        items << queueItemOf(entry.tree, name, compiled, entry.effectiveDetails(), m_context.user);
        items.last().turn = entry.turn;
    }
    if (read.queue && problems.isEmpty())
        return items;
    emit noticed(NoticeKind::Error, problemText(problems));
    return {};
}

void QueueFiles::run(const QString &name, const QueueSettings &settings)
{
    m_name = name;
    m_settings = settings;
    m_context.engine.setName(name);
    m_context.engine.setFailedScanPolicy(settings.onFailure);
    m_context.engine.setParallel(settings.parallel);
    m_keeper.setQueue(name, settings);
}

void QueueFiles::add(const QueueDocument &queue, const QList<QueueItem> &items)
{
    run(queue.name, queue.settings);
    for (const QueueItem &item : items)
        m_context.engine.add(item);
}

bool QueueFiles::open(const QString &path)
{
    const ReadQueue read = readQueueFile(path, m_context.registry);
    const auto items = compile(read, path);
    if (!items)
        return false;
    m_keeper.holdAsSaved(*items);
    add(*read.queue, *items);
    return true;
}

void QueueFiles::restore()
{
    qsizetype count = 0;
    const QStringList orphans = m_keeper.orphans();
    for (const QString &path : orphans) {
        if (!m_keeper.take(path))
            continue; // another window was quicker
        const ReadQueue read = readQueueFile(path, m_context.registry);
        const auto items = compile(read, path);
        if (!items) { // said why; the file stays
            m_keeper.leave(path);
            continue;
        }
        m_keeper.absorb(path, *items);
        add(*read.queue, *items);
        count += items->size();
    }
    if (count > 0)
        emit noticed(NoticeKind::Info,
                     tr("%n scan(s) that waited when Birch ended are in the queue again. F5 starts "
                        "them.",
                        nullptr, int(count)));
}

QStringList QueueFiles::leaseNotes(const QList<QueueItem> &items) const
{
    QStringList notes;
    if (m_settings.parallel > 1) {
        for (const LeaseConflict &conflict : leaseConflicts(items))
            notes << conflict.text;
    }
    return notes;
}

void QueueFiles::offerRestore()
{
    if (!m_keeper.orphans().isEmpty())
        emit noticed(NoticeKind::Info, tr("Scans still wait from an earlier window. Ctrl+K, "
                                          "\"Restore queue\" puts them into this queue."));
}

/// Of all that is listed, whatever has become of it: for the next night.
void QueueFiles::write(const QString &given)
{
    const QString path = given.endsWith(kQueueSuffix) ? given : given + kQueueSuffix;
    QJsonArray items;
    for (const QueueItem &item : m_context.engine.items())
        items.append(queueItemDocument(item.tree, treeDetails(item.details), item.turn));
    const Status written = writeFile(path, documentText(queueDocument(m_name, m_settings, items)));
    if (!written)
        return emit noticed(NoticeKind::Error, written.error().message);
    emit noticed(NoticeKind::Info,
                 tr("%n scan(s) are in %1", nullptr, int(items.size())).arg(path));
}

void QueueFiles::save()
{
    if (m_context.engine.items().isEmpty())
        return emit noticed(NoticeKind::Info,
                            tr("The queue is empty. Add a scan tree with Ctrl+Enter first."));
    askForFile(m_window, {tr("Save queue"), {}, queueFilter(), u"queue.json"_s, true},
               [this](const QString &path) { write(path); });
}

void QueueFiles::editSettings()
{
    auto *dialog = new QueueSettingsDialog(m_name, m_settings, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { run(dialog->name(), dialog->settings()); });
    dialog->show();
}

} // namespace birch
