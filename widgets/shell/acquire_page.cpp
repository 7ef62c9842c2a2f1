#include "widgets/shell/acquire_page.h"

#include "core/base/id.h"
#include "core/store/scan_repository.h"
#include "widgets/chart/chart_panel.h"
#include "widgets/models/tree_document.h"
#include "widgets/queue/details_form.h"
#include "widgets/queue/queue_panel.h"
#include "widgets/shell/action_set.h"
#include "widgets/shell/inspector.h"
#include "widgets/shell/live_values.h"
#include "widgets/shell/queue_actions.h"
#include "widgets/tree/scan_tree_panel.h"

#include <QDockWidget>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

AcquirePage::AcquirePage(const WindowContext &context, const ActionSet &actions,
                         TreeDocument &document, QWidget *parent)
    : QMainWindow(parent, Qt::Widget)
    , m_context(context)
    , m_document(document)
    , m_queue(new QueueModel(this))
    , m_queuePanel(
          new QueuePanel(*m_queue, {actions[u"queue-open"_s], actions[u"queue-remove"_s]}, this))
    , m_queueActions(new QueueActions(context, actions, *m_queue, *m_queuePanel))
    , m_treePanel(new ScanTreePanel(document,
                                    {actions[u"undo"_s], actions[u"redo"_s],
                                     actions[u"node-after"_s], actions[u"node-inside"_s],
                                     actions[u"node-remove"_s], actions[u"queue-add"_s]},
                                    this))
    , m_chart(new ChartPanel(this))
    , m_values(new LiveValues(this))
    , m_inspector(new Inspector(document, context.reader, context.user, this))
{
    setObjectName(u"acquire"_s);
    m_queuePanel->setMenu(QueueActions::menu(actions));
    setDockNestingEnabled(true);
    auto *middle = new QWidget(this);
    auto *layout = new QVBoxLayout(middle);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_chart, 1);
    layout->addWidget(m_values);
    setCentralWidget(middle);
    QDockWidget *queue = addPanel(u"queue"_s, tr("Queue"), m_queuePanel, Qt::LeftDockWidgetArea);
    QDockWidget *tree = addPanel(u"tree"_s, tr("Scan tree"), m_treePanel, Qt::LeftDockWidgetArea);
    QDockWidget *inspector =
        addPanel(u"inspector"_s, tr("Inspector"), m_inspector, Qt::RightDockWidgetArea);
    splitDockWidget(queue, tree, Qt::Vertical);
    resizeDocks({queue, tree}, {320, 480}, Qt::Vertical);
    resizeDocks({queue, inspector}, {440, 330}, Qt::Horizontal);
    const auto nameTree = [this, tree] {
        tree->setWindowTitle(
            tr("Scan tree: %1")
                .arg(m_document.title() + (m_document.isModified() ? u" •"_s : QString())));
        tree->setToolTip(m_document.path().isEmpty() ? tr("Not saved in a file yet")
                                                     : m_document.path());
    };
    connect(&document, &TreeDocument::fileChanged, this, nameTree);
    nameTree();
    m_firstLayout = saveState();
    m_chart->clear(tr(
        "No scan yet. Press F5 to start the queue; its points appear here as they are acquired."));
    connectEngine();
    connectActions(actions);
}

AcquirePage::~AcquirePage() = default;

QDockWidget *AcquirePage::addPanel(const QString &id, const QString &title, QWidget *panel,
                                   Qt::DockWidgetArea area)
{
    auto *dock = new QDockWidget(title, this);
    dock->setObjectName(id);
    dock->setWidget(panel);
    dock->setAccessibleName(title);
    dock->setFeatures(QDockWidget::DockWidgetMovable | QDockWidget::DockWidgetFloatable);
    addDockWidget(area, dock);
    return dock;
}

void AcquirePage::connectEngine()
{
    QueueEngine &engine = m_context.engine;
    for (const QueueItem &item : engine.items())
        m_queue->insertItem(m_queue->rowCount(), item);
    connect(&engine, &QueueEngine::itemAdded, m_queue, &QueueModel::insertItem);
    connect(&engine, &QueueEngine::itemRemoved, m_queue, &QueueModel::removeItem);
    connect(&engine, &QueueEngine::itemMoved, m_queue, &QueueModel::moveItem);
    connect(&engine, &QueueEngine::progress, m_queue, &QueueModel::updateProgress);
    connect(&engine, &QueueEngine::itemChanged, this, [this](int row, const QueueItem &item) {
        m_queue->changeItem(row, item);
        if (item.state == ScanState::Running && !item.uid.isNull())
            m_wanted = item.uid;
    });
    connect(m_queue, &QueueModel::moveRequested, &engine, &QueueEngine::move);
}

void AcquirePage::connectActions(const ActionSet &actions)
{
    const struct {
        const char16_t *action;
        void (ScanTreePanel::*slot)();
    } nodeActions[] = {
        {u"node-after", &ScanTreePanel::addAfter},    {u"node-inside", &ScanTreePanel::addInside},
        {u"node-remove", &ScanTreePanel::removeNode}, {u"node-up", &ScanTreePanel::moveUp},
        {u"node-down", &ScanTreePanel::moveDown},     {u"node-toggle", &ScanTreePanel::toggleNode},
        {u"node-rename", &ScanTreePanel::renameNode}, {u"node-cut", &ScanTreePanel::cutNode},
        {u"node-copy", &ScanTreePanel::copyNode},     {u"node-paste", &ScanTreePanel::pasteNode}};
    for (const auto &[id, slot] : nodeActions) {
        QAction *action = actions[QString::fromUtf16(id)];
        // Their keys count in the tree alone: elsewhere Space presses a button and Del clears text.
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        window()->removeAction(action);
        m_treePanel->addAction(action);
        connect(action, &QAction::triggered, m_treePanel, slot);
    }
    connect(actions[u"undo"_s], &QAction::triggered, &m_document.undoStack(), &QUndoStack::undo);
    connect(actions[u"redo"_s], &QAction::triggered, &m_document.undoStack(), &QUndoStack::redo);
    connect(actions[u"chart-reset"_s], &QAction::triggered, m_chart, &ChartPanel::resetView);
    connect(actions[u"queue-remove"_s], &QAction::triggered, this,
            [this] { m_context.engine.remove(m_queuePanel->selected()); });
    connect(m_treePanel, &ScanTreePanel::selectionChanged, m_inspector, &Inspector::showNode);
    connect(m_queuePanel, &QueuePanel::selectionChanged, this, &AcquirePage::itemSelected);
    connect(m_inspector, &Inspector::itemDetailsEdited, this, &AcquirePage::editDetails);
    connect(m_inspector, &Inspector::failed, this,
            [this](const QString &text) { emit notice(true, text); });
    connect(m_treePanel, &ScanTreePanel::failed, this,
            [this](const QString &text) { emit notice(true, text); });
}

void AcquirePage::itemSelected(const QUuid &id)
{
    const int row = m_queue->rowOf(id);
    if (row < 0)
        return;
    const QueueItem &item = m_queue->item(row);
    m_inspector->showItem(item, row + 1);
    if (!item.uid.isNull())
        m_wanted = item.uid;
}

void AcquirePage::editDetails(const QUuid &id, const ScanDetails &details)
{
    const int row = m_queue->rowOf(id);
    if (row < 0)
        return;
    const QueueItem item = m_queue->item(row);
    m_context.engine.updateDetails(id, details);
    if (item.uid.isNull())
        return; // stored when it starts
    m_context.reader.ask<std::monostate>(
        [uid = item.uid, details](Connection &connection, const Session &session) -> Status {
            ScanRepository scans(connection);
            const auto record = scans.find(session, uidText(uid));
            if (!record)
                return record.error();
            return scans.editDetails(session, uid, details, record.value().revision);
        },
        this,
        [this](Result<std::monostate> edited) {
            if (!edited)
                emit notice(true, edited.error().message);
        });
}

void AcquirePage::showScan(const QUuid &scan)
{
    const auto live = m_context.live.find(scan);
    if (!live)
        return;
    std::vector<std::shared_ptr<const SeriesSource>> sources(live->objects.begin(),
                                                             live->objects.end());
    m_values->setSource(sources.empty() ? nullptr : sources.front());
    m_chart->setSources(live->name, std::move(sources));
    m_shown = scan;
}

void AcquirePage::refresh()
{
    if (!m_wanted.isNull() && m_wanted != m_shown)
        showScan(m_wanted);
    m_values->refresh();
}

void AcquirePage::resetLayout()
{
    restoreState(m_firstLayout);
}

void AcquirePage::refreshTheme()
{
    m_chart->refreshTheme();
}

} // namespace birch
