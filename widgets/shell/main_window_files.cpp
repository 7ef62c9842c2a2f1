// The part of MainWindow that opens, saves and queues scan trees.
#include "core/plan/scan_json.h"
#include "widgets/chart/chart_panel.h"
#include "widgets/history/interrupted_bar.h"
#include "widgets/instruments/instrument_records.h"
#include "widgets/models/problem_text.h"
#include "widgets/models/tree_document.h"
#include "widgets/queue/queue_panel.h"
#include "widgets/shell/acquire_page.h"
#include "widgets/shell/action_set.h"
#include "widgets/shell/file_question.h"
#include "widgets/shell/main_window.h"
#include "widgets/shell/notice_bar.h"
#include "widgets/shell/queue_files.h"
#include "widgets/tree/scan_tree_panel.h"

#include <QAction>
#include <QDir>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kRecentFiles = 8;
const QString kScanSuffix = u".scan.json"_s;

} // namespace

void MainWindow::connectFileActions()
{
    const ActionSet &actions = *m_actions;
    connect(actions[u"new"_s], &QAction::triggered, this, &MainWindow::newTree);
    connect(actions[u"open"_s], &QAction::triggered, this, [this] {
        askForFile(this, {tr("Open scan tree"), m_document->path(), tr("Scan trees (*.scan.json)")},
                   [this](const QString &path) { openTree(path); });
    });
    connect(actions[u"save"_s], &QAction::triggered, this, [this] { saveTree(false); });
    connect(actions[u"save-as"_s], &QAction::triggered, this, [this] { saveTree(true); });
    connect(actions[u"demo"_s], &QAction::triggered, this,
            [this] { openTree(m_context.demoTree); });
    connect(actions[u"chart-save"_s], &QAction::triggered, this, &MainWindow::saveChart);
    connect(m_acquire->treePanel(), &ScanTreePanel::openWanted, actions[u"open"_s],
            &QAction::trigger);
    connect(m_acquire->treePanel(), &ScanTreePanel::demoWanted, actions[u"demo"_s],
            &QAction::trigger);
}

void MainWindow::makeMenu()
{
    auto *menu = new QMenu(this);
    const ActionSet &actions = *m_actions;
    for (const auto &id : {u"new"_s, u"open"_s})
        menu->addAction(actions[id]);
    QMenu *recent = menu->addMenu(tr("Open recent"));
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecentMenu(recent); });
    for (const auto &id : {u"save"_s, u"save-as"_s, u"demo"_s})
        menu->addAction(actions[id]);
    menu->addSeparator();
    for (const auto &id : {u"queue-open"_s, u"queue-save"_s, u"queue-settings"_s, u"queue-add"_s,
                           u"queue-remove"_s, u"queue-restore"_s})
        menu->addAction(actions[id]);
    menu->addSeparator();
    for (const auto &id : {u"chart-reset"_s, u"chart-save"_s, u"connect-all"_s, u"discover"_s,
                           u"bench-reload"_s, u"dismiss-safe"_s})
        menu->addAction(actions[id]);
    menu->addSeparator();
    for (const auto &id : {u"palette"_s, u"theme"_s, u"reset-layout"_s, u"quit"_s})
        menu->addAction(actions[id]);
    m_bar->setMenu(menu);
}

void MainWindow::fillRecentMenu(QMenu *menu)
{
    menu->clear();
    const QSettings settings(m_context.stateFolder + u"/window.ini"_s, QSettings::IniFormat);
    const QStringList files = settings.value(u"recent"_s).toStringList();
    for (const QString &path : files)
        menu->addAction(path, this, [this, path] { openTree(path); });
    if (files.isEmpty())
        menu->addAction(tr("No file has been opened yet"))->setEnabled(false);
}

void MainWindow::rememberFile(const QString &path)
{
    QSettings settings(m_context.stateFolder + u"/window.ini"_s, QSettings::IniFormat);
    QStringList files = settings.value(u"recent"_s).toStringList();
    files.removeAll(path);
    files.prepend(path);
    settings.setValue(u"recent"_s, files.mid(0, kRecentFiles));
}

/// Asks about unsaved changes beside the window, not in front of it: nothing is modal here.
void MainWindow::ask(const QString &question, std::function<void()> proceed)
{
    delete m_question; // an older question is overtaken by this one
    m_question = new QMessageBox(QMessageBox::Question, tr("Unsaved changes"), question,
                                 QMessageBox::NoButton, this);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    m_question->setObjectName(u"unsaved-question"_s);
    m_question->setModal(false);
    const QPushButton *save = m_question->addButton(tr("Save"), QMessageBox::AcceptRole);
    const QPushButton *discard = m_question->addButton(tr("Discard"), QMessageBox::DestructiveRole);
    m_question->setEscapeButton(m_question->addButton(tr("Keep editing"), QMessageBox::RejectRole));
    connect(m_question, &QMessageBox::buttonClicked, this,
            [this, save, discard, proceed](const QAbstractButton *button) {
                if (button == save)
                    saveTree(false, proceed);
                else if (button == discard)
                    proceed();
            });
    m_question->show();
}

/// Runs \a proceed once the tree that is edited may be replaced.
void MainWindow::whenUnsavedMayGo(std::function<void()> proceed)
{
    if (m_document->isModified())
        ask(tr("The scan tree has unsaved changes."), std::move(proceed));
    else
        proceed();
}

void MainWindow::newTree()
{
    whenUnsavedMayGo([this] {
        m_document->clear();
        m_autosave.clear();
    });
}

bool MainWindow::reportProblems(const Problems &problems)
{
    if (problems.isEmpty())
        return true;
    notice(NoticeKind::Error, problemText(problems));
    return false;
}

void MainWindow::openTree(const QString &path)
{
    whenUnsavedMayGo([this, path] {
        // A file that can not be read changes nothing: the tree, its undo steps and its autosave
        // stay.
        if (!reportProblems(m_document->open(path)))
            return;
        rememberFile(path);
        m_autosave.clear();
    });
}

void MainWindow::saveTree(bool isAs, const std::function<void()> &proceed)
{
    const auto write = [this, proceed](QString path) {
        if (!path.endsWith(kScanSuffix))
            path += kScanSuffix;
        if (const Status saved = m_document->save(path); !saved)
            return notice(NoticeKind::Error, saved.error().message);
        rememberFile(path);
        m_autosave.clear();
        if (proceed)
            proceed();
    };
    const QString path = m_document->path();
    if (!isAs && !path.isEmpty())
        return write(path);
    askForFile(this,
               {tr("Save scan tree"), path, tr("Scan trees (*.scan.json)"), u"scan.json"_s, true},
               write);
}

void MainWindow::refreshSpecs()
{
    m_document->setBench(m_context.readSpecs());
}

void MainWindow::addTreeToQueue()
{
    const CompiledPlan &compiled = m_document->compiled();
    if (!reportProblems(compiled.problems) || !compiled.plan)
        return;
    m_context.engine.add(queueItemOf(m_document->tree(), m_document->title(), compiled,
                                     m_document->tree().details, m_context.user));
}

/// Of what the waiting scans use. Nothing waits for the answer: it keeps nothing from running.
void MainWindow::warnOfCalibrations(const QList<QueueItem> &items)
{
    QStringList used;
    for (const QueueItem &item : items) {
        if (item.state == ScanState::Queued && item.plan)
            used += item.plan->instruments;
    }
    used.removeDuplicates();
    m_context.benchPort->records().calibrationWarnings(
        used, this, [this](const Problems &warnings) {
            for (const Problem &warning : warnings)
                notice(NoticeKind::Warning, warning.message + u". "_s + warning.remedy);
        });
}

void MainWindow::start()
{
    QList<QueueItem> items = m_context.engine.items();
    const bool hasWaiting = std::any_of(items.begin(), items.end(), [](const QueueItem &item) {
        return item.state == ScanState::Queued;
    });
    if (!hasWaiting) {
        if (m_document->isEmpty() || !m_document->compiled().plan) {
            notice(NoticeKind::Info, tr("The queue holds no waiting scan. Build a scan tree and "
                                        "add it with Ctrl+Enter."));
            return;
        }
        items << queueItemOf(m_document->tree(), m_document->title(), m_document->compiled(), {},
                             m_context.user);
    }
    if (!reportProblems(spaceProblems(items, m_context.places)))
        return;
    if (!hasWaiting)
        addTreeToQueue();
    for (const QString &line : spaceNotes(items, m_context.places))
        notice(NoticeKind::Warning, line);
    for (const QString &line : m_queueFiles->leaseNotes(items))
        notice(NoticeKind::Info, line);
    warnOfCalibrations(items);
    const QList<int> missing = m_acquire->queue().rowsWithoutSample();
    if (!missing.isEmpty()) {
        QStringList numbers;
        for (const int number : missing)
            numbers << QString::number(number);
        notice(NoticeKind::Warning, tr("Started without a sample: scan %1. Choose one in the "
                                       "inspector; it can be changed later.")
                                        .arg(numbers.join(u", "_s)));
    }
    m_context.engine.start();
}

void MainWindow::saveChart()
{
    askForFile(this, {tr("Save chart as picture"), {}, tr("PNG pictures (*.png)"), u"png"_s, true},
               [this](const QString &path) {
                   QString problem;
                   if (m_acquire->chart()->savePng(path, &problem))
                       notice(NoticeKind::Info, tr("The chart is in %1").arg(path));
                   else
                       notice(NoticeKind::Error, problem);
               });
}

void MainWindow::editAgain(const QJsonObject &tree, const QString &title)
{
    if (!reportProblems(m_document->load(tree, title)))
        return;
    setMode(0);
    notice(
        NoticeKind::Info,
        tr("The tree of %1 is in the editor. Ctrl+Z brings the tree before it back.").arg(title));
}

} // namespace birch
