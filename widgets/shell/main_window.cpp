#include "widgets/shell/main_window.h"

#include "core/base/id.h"
#include "widgets/chart/chart_panel.h"
#include "widgets/history/history_panel.h"
#include "widgets/history/interrupted_bar.h"
#include "widgets/instruments/instruments_panel.h"
#include "widgets/log/log_model.h"
#include "widgets/log/log_panel.h"
#include "widgets/models/number_text.h"
#include "widgets/models/tree_document.h"
#include "widgets/queue/queue_panel.h"
#include "widgets/shell/acquire_page.h"
#include "widgets/shell/action_palette.h"
#include "widgets/shell/action_set.h"
#include "widgets/shell/inspector.h"
#include "widgets/shell/mode_bar.h"
#include "widgets/shell/notice_bar.h"
#include "widgets/shell/pause_bar.h"
#include "widgets/shell/prompt_bar.h"
#include "widgets/shell/queue_files.h"
#include "widgets/theme/theme.h"
#include "widgets/tree/scan_tree_panel.h"

#include <QApplication>
#include <QCloseEvent>
#include <QLabel>
#include <QMessageBox>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::milliseconds kStatusInterval{200};
const QStringList kModes{u"mode-acquire"_s, u"mode-history"_s, u"mode-instruments"_s,
                         u"mode-log"_s};
} // namespace

MainWindow::MainWindow(const WindowContext &context)
    : m_context(context)
    , m_actions(new ActionSet(this))
    , m_document(new TreeDocument(context.registry, context.readSpecs(), this))
    , m_bar(new CommandBar(context.station, *m_actions, this))
    , m_notices(new NoticeBar(this))
    , m_paused(new PauseBar(*m_actions, this))
    , m_prompts(new PromptBar(this))
    , m_pages(new QStackedWidget(this))
    , m_acquire(new AcquirePage(m_context, *m_actions, *m_document, this))
    , m_queueFiles(new QueueFiles(m_context, *m_actions, *m_document, this))
    , m_history(
          new HistoryPanel(context.reader,
                           {(*m_actions)[u"history-again"_s], (*m_actions)[u"history-like"_s],
                            (*m_actions)[u"history-export"_s], (*m_actions)[u"history-refresh"_s]},
                           this))
    , m_instruments(new InstrumentsPanel(context.bench, *context.benchPort, this))
    , m_log(new LogPanel(this))
    , m_interrupted(new InterruptedBar(context.reader, this))
    , m_lastLine(new QLabel(this))
    , m_deadTime(new QLabel(this))
    , m_backlog(new QLabel(this))
    , m_changeTimer(new QTimer(this))
    , m_statusTimer(new QTimer(this))
    , m_autosave(context.stateFolder)
{
    setObjectName(u"birch"_s);
    setMinimumSize(1000, 640);
    setCentralWidget(makeMiddle());
    makeStatusBar();
    makeMenu();
    connectEngine();
    connectQueueActions();
    connectPrompts();
    connectFileActions();
    connectModes();
    followChanges();
    connect(m_statusTimer, &QTimer::timeout, this, &MainWindow::refreshStatus);
    m_statusTimer->start(kStatusInterval);
    restoreWindow();
    setMode(AcquireMode);
    m_acquire->inspector()->reloadLists();
    m_interrupted->refresh();
    refreshActions();
    refreshStatus();
}

MainWindow::~MainWindow() = default;

QWidget *MainWindow::makeMiddle()
{
    auto *middle = new QWidget(this);
    auto *modes = new ModeBar({(*m_actions)[kModes[0]], (*m_actions)[kModes[1]],
                               (*m_actions)[kModes[2]], (*m_actions)[kModes[3]]},
                              middle);
    for (QWidget *page :
         std::initializer_list<QWidget *>{m_acquire, m_history, m_instruments, m_log})
        m_pages->addWidget(page);
    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(modes);
    body->addWidget(m_pages, 1);
    auto *layout = new QVBoxLayout(middle);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(m_prompts);
    layout->addWidget(m_paused);
    layout->addWidget(m_notices);
    layout->addWidget(m_interrupted);
    layout->addLayout(body, 1);
    return middle;
}

void MainWindow::makeStatusBar()
{
    auto *database = new QLabel(tr("database %1").arg(m_context.databaseText), this);
    database->setToolTip(tr("Where every point is kept"));
    m_lastLine->setAccessibleName(tr("Newest log line"));
    m_lastLine->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_backlog->setAccessibleName(tr("State of the database"));
    m_deadTime->setContentsMargins(0, 0, 12, 0);
    m_deadTime->setAccessibleName(tr("Dead time of the running scan"));
    m_deadTime->setToolTip(tr("The share of its time in which the running scan neither reads nor "
                              "waits for what it was told to. The tab \"Time\" of the scan in the "
                              "history tells which node and instrument."));
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(8, 0, 12, 0);
    statusBar()->addWidget(m_lastLine, 1);
    statusBar()->addPermanentWidget(m_deadTime);
    statusBar()->addPermanentWidget(new QLabel(m_context.station, this));
    statusBar()->addPermanentWidget(database);
    statusBar()->addPermanentWidget(m_backlog);
}

void MainWindow::connectEngine()
{
    QueueEngine &engine = m_context.engine;
    m_barState.queue = engine.state();
    connect(&engine, &QueueEngine::queueStateChanged, this, [this](QueueState state) {
        m_barState.queue = state;
        refreshActions();
        refreshStatus();
    });
    connect(&engine, &QueueEngine::itemChanged, this, [this](int, const QueueItem &item) {
        if (item.state == ScanState::Failed)
            notice(NoticeKind::Error, tr("%1 failed: %2").arg(item.name, item.reason));
        if (item.state == ScanState::Running)
            m_interrupted->refresh(); // it may be one of them that goes on
        refreshActions();
        showPause();
    });
    connect(&engine, &QueueEngine::itemAdded, this, &MainWindow::refreshActions);
    connect(&engine, &QueueEngine::itemRemoved, this, &MainWindow::refreshActions);
    connect(&engine, &QueueEngine::logged, this,
            [this](const QUuid &scan, const ScanLogEntry &entry) {
                QString source = tr("queue");
                for (const QueueItem &item : m_context.engine.items()) {
                    if (!scan.isNull() && item.uid == scan)
                        source = item.scanId.isEmpty() ? item.name : item.scanId;
                }
                logLine(source, entry);
                if (entry.level == u"error")
                    m_notices->showNotice(NoticeKind::Error, source + u": "_s + entry.message);
            });
    connect(&engine, &QueueEngine::refused, this,
            [this](const QString &message) { notice(NoticeKind::Warning, message); });
    connect(
        &engine, &QueueEngine::safeStateChanged, this,
        [this](bool isDriving, bool isSafe, const QStringList &pending) {
            m_barState.safeState = isDriving ? tr("Driving safe values…") : QString();
            m_barState.isSafePending = !isDriving && !isSafe;
            m_safePending = pending;
            if (m_barState.isSafePending)
                notice(NoticeKind::Error,
                       tr("Not at its safe value yet: %1. It is tried again by itself. Look at it, "
                          "or press Ctrl+K and choose Dismiss.")
                           .arg(pending.join(u", "_s)));
            refreshActions();
        });
    connect(&engine, &QueueEngine::scanStored, this,
            [this](const QUuid &, bool isStored, const QString &message) {
                if (!isStored)
                    notice(NoticeKind::Warning, message);
                m_interrupted->refresh();
                m_history->refresh();
            });
    connect(&engine, &QueueEngine::finished, this, [this] {
        m_hasLeft = true;
        emit left();
        close();
    });
    connect(&m_context.store, &StoreThread::problemChanged, this, [this](const QString &problem) {
        if (!problem.isEmpty())
            notice(NoticeKind::Warning, problem);
        refreshStatus();
    });
}

void MainWindow::connectQueueActions()
{
    const ActionSet &actions = *m_actions;
    QueueEngine &engine = m_context.engine;
    connect(actions[u"safe"_s], &QAction::triggered, &engine, &QueueEngine::makeSafe);
    connect(actions[u"start"_s], &QAction::triggered, this, &MainWindow::start);
    connect(actions[u"pause"_s], &QAction::triggered, &engine, &QueueEngine::pauseAfterPoint);
    connect(actions[u"pause-now"_s], &QAction::triggered, &engine,
            [&engine] { engine.pause(PauseKind::Now); });
    connect(actions[u"pause-after-scan"_s], &QAction::triggered, &engine,
            [&engine] { engine.pause(PauseKind::AfterScan); });
    connect(actions[u"resume"_s], &QAction::triggered, &engine, &QueueEngine::resume);
    connect(actions[u"stop"_s], &QAction::triggered, &engine, &QueueEngine::stopAfterScan);
    connect(actions[u"abort"_s], &QAction::triggered, &engine, &QueueEngine::abort);
    connect(actions[u"dismiss-safe"_s], &QAction::triggered, this, [this] {
        for (const QString &nickname : std::as_const(m_safePending))
            m_context.engine.dismissSafe(nickname);
    });
    connect(actions[u"queue-add"_s], &QAction::triggered, this, &MainWindow::addTreeToQueue);
    connect(m_acquire->queuePanel(), &QueuePanel::selectionChanged, this,
            &MainWindow::refreshActions);
    connect(m_acquire, &AcquirePage::notice, this, [this](bool isError, const QString &sentence) {
        notice(isError ? NoticeKind::Error : NoticeKind::Info, sentence);
    });
    connect(m_queueFiles, &QueueFiles::noticed, this, &MainWindow::notice);
    connect(m_document, &TreeDocument::compiledChanged, this, &MainWindow::refreshActions);
    connect(&m_document->undoStack(), &QUndoStack::indexChanged, this, &MainWindow::refreshActions);
    connect(m_acquire->treePanel(), &ScanTreePanel::selectionChanged, this,
            &MainWindow::refreshActions);
}

void MainWindow::connectPrompts()
{
    QueueEngine &engine = m_context.engine;
    QAction *answer = (*m_actions)[u"answer"_s];
    answer->setEnabled(false);
    connect(answer, &QAction::triggered, m_prompts, &PromptBar::takeFocus);
    connect(m_prompts, &PromptBar::asking, answer, &QAction::setEnabled);
    connect(m_prompts, &PromptBar::answered, &engine, &QueueEngine::answerPrompt);
    connect(m_prompts, &PromptBar::declined, &engine, &QueueEngine::declinePrompt);
    connect(&engine, &QueueEngine::promptClosed, m_prompts, &PromptBar::forget);
    connect(&engine, &QueueEngine::promptRefused, m_prompts, &PromptBar::refuse);
    connect(&engine, &QueueEngine::promptAsked, this, [this](const PromptQuestion &question) {
        QString scan = question.label;
        for (const QueueItem &item : m_context.engine.items()) {
            if (item.uid == question.scan)
                scan = item.scanId.isEmpty() ? item.name : item.scanId;
        }
        m_prompts->ask(question, scan);
    });
    engine.setPromptsAttended(true);
}

void MainWindow::connectModes()
{
    const ActionSet &actions = *m_actions;
    for (int mode = 0; mode < kModes.size(); ++mode)
        connect(actions[kModes[mode]], &QAction::triggered, this, [this, mode] { setMode(mode); });
    connect(actions[u"palette"_s], &QAction::triggered, this, [this] {
        auto *palette = new ActionPalette(m_actions->all(), this);
        palette->move(mapToGlobal(QPoint((width() - palette->width()) / 2, 70)));
        palette->show();
    });
    connect(actions[u"theme"_s], &QAction::toggled, this, &MainWindow::toggleTheme);
    connect(actions[u"reset-layout"_s], &QAction::triggered, m_acquire, &AcquirePage::resetLayout);
    connect(actions[u"quit"_s], &QAction::triggered, this, &QWidget::close);
    connect(actions[u"connect-all"_s], &QAction::triggered, m_instruments,
            &InstrumentsPanel::connectAll);
    connect(actions[u"discover"_s], &QAction::triggered, this, [this] {
        setMode(InstrumentsMode);
        m_instruments->discover();
    });
    connect(actions[u"bench-reload"_s], &QAction::triggered, m_instruments,
            &InstrumentsPanel::reload);
    connect(actions[u"history-again"_s], &QAction::triggered, m_history,
            &HistoryPanel::editSelected);
    connect(actions[u"history-like"_s], &QAction::triggered, this, &MainWindow::runLikeSelected);
    connect(actions[u"history-export"_s], &QAction::triggered, m_history,
            &HistoryPanel::exportSelected);
    connect(actions[u"history-refresh"_s], &QAction::triggered, m_history, &HistoryPanel::refresh);
    connect(m_history, &HistoryPanel::editAgain, this, &MainWindow::editAgain);
    connect(m_history, &HistoryPanel::continueWanted, this, &MainWindow::continueScan);
    connect(m_history, &HistoryPanel::notice, this, [this](bool isError, const QString &sentence) {
        notice(isError ? NoticeKind::Error : NoticeKind::Info, sentence);
    });
    connect(m_interrupted, &InterruptedBar::continueWanted, this, &MainWindow::continueScan);
    connect(m_interrupted, &InterruptedBar::showWanted, this, [this](const QString &key) {
        setMode(HistoryMode);
        m_history->showScan(key);
    });
    connect(m_interrupted, &InterruptedBar::notice, this,
            [this](bool isError, const QString &sentence) {
                notice(isError ? NoticeKind::Error : NoticeKind::Info, sentence);
                m_history->refresh();
            });
    connect(m_context.benchPort.get(), &BenchPort::benchChanged, this, &MainWindow::refreshSpecs);
    connect(m_instruments, &InstrumentsPanel::failed, this,
            [this](const QString &sentence) { notice(NoticeKind::Error, sentence); });
    connect(m_instruments, &InstrumentsPanel::done, this, [this](const QString &sentence) {
        logLine(tr("manual control"),
                {QDateTime::currentMSecsSinceEpoch() * 1'000'000, u"info"_s, sentence});
    });
}

void MainWindow::setMode(int mode)
{
    m_pages->setCurrentIndex(mode);
    for (int i = 0; i < kModes.size(); ++i)
        (*m_actions)[kModes[i]]->setChecked(i == mode);
    if (mode == HistoryMode)
        m_history->refresh();
    refreshActions();
}

void MainWindow::notice(NoticeKind kind, const QString &sentence)
{
    m_notices->showNotice(kind, sentence);
    const QString level = kind == NoticeKind::Error     ? u"error"_s
                          : kind == NoticeKind::Warning ? u"warning"_s
                                                        : u"info"_s;
    logLine(tr("window"), {QDateTime::currentMSecsSinceEpoch() * 1'000'000, level, sentence});
}

void MainWindow::logLine(const QString &source, const ScanLogEntry &entry)
{
    m_log->append({entry, source});
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(entry.timeNs / 1'000'000);
    m_lastLine->setText(time.toString(u"HH:mm:ss  "_s) + source + u": "_s + entry.message);
    m_lastLine->setToolTip(entry.message);
}

void MainWindow::toggleTheme(bool isDark)
{
    applyTheme(*qApp, isDark ? ThemeMode::Dark : ThemeMode::Light);
    m_bar->refreshTheme();
    m_paused->refreshTheme();
    m_prompts->refreshTheme();
    m_notices->refreshTheme();
    m_acquire->refreshTheme();
}

void MainWindow::leave()
{
    if (m_isLeaving)
        return;
    m_isLeaving = true;
    m_barState.safeState = tr("Making safe and closing…");
    m_bar->show(m_barState);
    m_context.engine.shutdown();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    QSettings settings(m_context.stateFolder + u"/window.ini"_s, QSettings::IniFormat);
    settings.setValue(u"window"_s, saveGeometry());
    settings.setValue(u"acquire"_s, m_acquire->saveState());
    settings.setValue(u"dark"_s, (*m_actions)[u"theme"_s]->isChecked());
    if (m_hasLeft)
        return event->accept();
    event->ignore();
    if (m_isLeaving)
        return;
    whenUnsavedMayGo([this] {
        m_autosave
            .clear(); // answered; a session that ends without an answer keeps it for the next start
        leave();
    });
}

void MainWindow::restoreWindow()
{
    const QSettings settings(m_context.stateFolder + u"/window.ini"_s, QSettings::IniFormat);
    if (!restoreGeometry(settings.value(u"window"_s).toByteArray()))
        resize(QSize(1440, 900).boundedTo(screen()->availableSize() - QSize(20, 60)));
    m_acquire->restoreState(settings.value(u"acquire"_s).toByteArray());
    (*m_actions)[u"theme"_s]->setChecked(
        settings.value(u"dark"_s, currentTheme() == ThemeMode::Dark).toBool());
    if (const auto orphan = m_autosave.takeOrphan()) {
        if (m_document->restore(orphan->text, orphan->path).isEmpty())
            notice(NoticeKind::Info, tr("An unsaved scan tree was restored. Save it with Ctrl+S, "
                                        "or take it back with Ctrl+Z."));
    }
}

} // namespace birch
