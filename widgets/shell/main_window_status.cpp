#include "core/store/change_feed.h"
#include "widgets/history/history_panel.h"
#include "widgets/history/interrupted_bar.h"
#include "widgets/models/dead_time.h"
#include "widgets/models/tree_document.h"
#include "widgets/queue/queue_panel.h"
#include "widgets/shell/acquire_page.h"
#include "widgets/shell/action_set.h"
#include "widgets/shell/command_bar.h"
#include "widgets/shell/main_window.h"
#include "widgets/shell/notice_bar.h"
#include "widgets/shell/pause_bar.h"
#include "widgets/shell/queue_actions.h"
#include "widgets/tree/scan_tree_panel.h"

#include <QLabel>
#include <QStackedWidget>
#include <QTimer>
#include <QUndoStack>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// A running scan changes the database once a second; a list that is read less often is calm.
constexpr int kChangeRestMs = 1000;
constexpr int kChangeDelayMs = 50; // what changes together is told in several pieces
} // namespace

/// What other stations, and birchctl beside us, write is shown without being asked for.
void MainWindow::followChanges()
{
    connect(&m_context.changes, &ChangeFeed::changed, this, [this](const QList<Change> &changes) {
        databaseChanged();
        if (std::any_of(changes.begin(), changes.end(),
                        [](const Change &change) { return change.kind == u"scan_templates"; }))
            readLibrary();
    });
    connect(&m_context.changes, &ChangeFeed::anythingMayHaveChanged, this,
            &MainWindow::databaseChanged);
    m_changeTimer->setSingleShot(true);
    connect(m_changeTimer, &QTimer::timeout, this, [this] {
        m_sinceChange.start();
        m_interrupted->refresh();
        if (m_history->isVisible()) // else it is read when it is shown
            m_history->refresh();
        if (m_barState.queue == QueueState::Idle) // else it is our own points that come
            readLibrary();
    });
    readLibrary();
}

void MainWindow::readLibrary()
{
    if (!m_context.readLibrary)
        return;
    m_context.readLibrary(this, [this](const Result<TreeLibrary> &read) {
        TreeLibrary library = read ? read.value() : m_document->library();
        library.absence = read ? QString() : read.error().message;
        m_document->setLibrary(std::move(library));
    });
}

void MainWindow::databaseChanged()
{
    if (m_changeTimer->isActive())
        return;
    const qint64 rested = m_sinceChange.isValid() ? m_sinceChange.elapsed() : kChangeRestMs;
    m_changeTimer->start(int(std::max<qint64>(kChangeDelayMs, kChangeRestMs - rested)));
}

void MainWindow::refreshActions()
{
    const ActionSet &actions = *m_actions;
    const QueueState state = m_barState.queue;
    const bool isIdle = state == QueueState::Idle;
    const bool isAcquire = m_pages->currentIndex() == AcquireMode;
    const bool isTreeSelected = !m_acquire->treePanel()->selected().isNull();
    actions[u"start"_s]->setEnabled(isIdle);
    actions[u"pause"_s]->setEnabled(state == QueueState::Running || state == QueueState::Stopping);
    actions[u"pause-now"_s]->setEnabled(actions[u"pause"_s]->isEnabled());
    actions[u"pause-after-scan"_s]->setEnabled(state == QueueState::Running);
    actions[u"resume"_s]->setEnabled(state == QueueState::Paused);
    actions[u"stop"_s]->setEnabled(state == QueueState::Running || state == QueueState::Paused);
    actions[u"abort"_s]->setEnabled(!isIdle);
    actions[u"dismiss-safe"_s]->setEnabled(m_barState.isSafePending);
    actions[u"queue-add"_s]->setEnabled(isAcquire && !m_document->isEmpty());
    actions[u"queue-remove"_s]->setEnabled(isAcquire &&
                                           !m_acquire->queuePanel()->selected().isNull());
    m_acquire->queueActions()->refresh(isAcquire);
    actions[u"undo"_s]->setEnabled(isAcquire && m_document->undoStack().canUndo());
    actions[u"redo"_s]->setEnabled(isAcquire && m_document->undoStack().canRedo());
    for (const auto &id : {u"node-inside"_s, u"node-remove"_s, u"node-up"_s, u"node-down"_s,
                           u"node-toggle"_s, u"node-rename"_s, u"node-cut"_s, u"node-copy"_s})
        actions[id]->setEnabled(isAcquire && isTreeSelected);
    for (const auto &id : {u"new"_s, u"open"_s, u"save"_s, u"save-as"_s, u"demo"_s, u"queue-open"_s,
                           u"node-after"_s, u"node-paste"_s, u"chart-reset"_s, u"chart-save"_s})
        actions[id]->setEnabled(isAcquire);
    for (const auto &id :
         {u"history-again"_s, u"history-like"_s, u"history-export"_s, u"history-refresh"_s})
        actions[id]->setEnabled(m_pages->currentIndex() == HistoryMode);
    setWindowTitle(tr("%1[*] – Birch · %2").arg(m_document->title(), m_context.station));
    setWindowModified(m_document->isModified());
}

void MainWindow::showPause()
{
    QString note;
    for (const QueueItem &item : m_context.engine.items()) {
        if (item.state == ScanState::Running || item.state == ScanState::Paused)
            note = item.heldBecause.isEmpty() ? item.pauseNote : item.heldBecause;
    }
    m_paused->showPause(m_barState.queue == QueueState::Paused, note);
}

void MainWindow::refreshStatus()
{
    const QList<QueueItem> &items = m_context.engine.items();
    m_barState.scanCount = int(items.size());
    m_barState.scanNumber = 0;
    m_barState.scanName.clear();
    m_barState.ifPausedNow.clear();
    QString deadTime;
    const QueueModel &queue = m_acquire->queue();
    for (int row = 0; row < queue.rowCount(); ++row) {
        const QueueItem &item = queue.item(row);
        if (item.state != ScanState::Running && item.state != ScanState::Paused)
            continue;
        m_barState.scanName = item.details.title.isEmpty() ? item.name : item.details.title;
        m_barState.scanNumber = row + 1;
        m_barState.ifPausedNow = queue.ifPausedNow(item.id);
        deadTime = deadTimeText(queue.partTimes(item.id));
        m_barState.points = item.points;
        m_barState.pointsPlanned = item.pointsPlanned;
        m_barState.ends = item.finishesUs > 0
                              ? QDateTime::fromMSecsSinceEpoch(item.finishesUs / 1000)
                              : QDateTime();
    }
    m_deadTime->setText(deadTime);
    m_bar->show(m_barState);
    showPause();
    const qint64 behind = m_context.store.backlogRows();
    const QString problem = m_context.store.problem();
    m_backlog->setText(problem.isEmpty() ? tr("● spool %1 rows behind").arg(behind)
                                         : tr("✕ away, spool %1 rows behind").arg(behind));
    m_backlog->setToolTip(problem.isEmpty() ? tr("Points acquired and not yet in the database")
                                            : problem);
    m_acquire->refresh();
    if (!m_isLeaving && m_document->isModified() && m_autosaved != m_document->text()) {
        m_autosaved = m_document->text();
        if (const Status saved = m_autosave.write({m_document->path(), m_autosaved}); !saved)
            notice(NoticeKind::Warning, saved.error().message);
    }
}

} // namespace birch
