// The part of MainWindow that opens, saves and queues scan trees.
#include "core/base/id.h"
#include "core/engine/tree_details.h"
#include "core/plan/queue_file.h"
#include "core/plan/scan_json.h"
#include "widgets/chart/chart_panel.h"
#include "widgets/history/interrupted_bar.h"
#include "widgets/models/tree_document.h"
#include "widgets/queue/queue_panel.h"
#include "widgets/shell/acquire_page.h"
#include "widgets/shell/action_set.h"
#include "widgets/shell/main_window.h"
#include "widgets/shell/notice_bar.h"
#include "widgets/tree/scan_tree_panel.h"

#include <QAction>
#include <QDir>
#include <QFileDialog>
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

QueueItem itemOf(const ScanTree &tree, const QString &name, const CompiledPlan &compiled,
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

} // namespace

void MainWindow::connectFileActions()
{
    const ActionSet &actions = *m_actions;
    connect(actions[u"new"_s], &QAction::triggered, this, &MainWindow::newTree);
    connect(actions[u"open"_s], &QAction::triggered, this, [this] {
        askForFile({tr("Open scan tree"), m_document->path(), tr("Scan trees (*.scan.json)")},
                   [this](const QString &path) { openTree(path); });
    });
    connect(actions[u"queue-open"_s], &QAction::triggered, this, [this] {
        askForFile({tr("Open queue"), {}, tr("Queues (*.queue.json)")},
                   [this](const QString &path) { openQueue(path); });
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
    for (const auto &id : {u"queue-open"_s, u"queue-add"_s, u"queue-remove"_s})
        menu->addAction(actions[id]);
    menu->addSeparator();
    for (const auto &id : {u"chart-reset"_s, u"chart-save"_s, u"connect-all"_s, u"dismiss-safe"_s})
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

/// Asks for a file without blocking anything: *Make safe* stays in reach.
void MainWindow::askForFile(FileQuestion question, std::function<void(const QString &)> answer)
{
    auto *dialog =
        new QFileDialog(this, question.title, QFileInfo(question.start).path(), question.filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(u"file-question"_s);
    dialog->setModal(false);
    dialog->setAcceptMode(question.isSaving ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(question.isSaving ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    dialog->setDefaultSuffix(question.suffix);
    if (!question.start.isEmpty())
        dialog->selectFile(question.start);
    connect(dialog, &QFileDialog::fileSelected, this, std::move(answer));
    dialog->show();
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
    const Problem &first = problems.first();
    QString where = first.file;
    if (first.line > 0)
        where += u":%1"_s.arg(first.line);
    QString text =
        (where.isEmpty() ? QString() : where + u": "_s) + first.message + u". "_s + first.remedy;
    if (problems.size() > 1)
        text += u' ' + tr("(and %1 more)").arg(problems.size() - 1);
    notice(NoticeKind::Error, text);
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
    askForFile({tr("Save scan tree"), path, tr("Scan trees (*.scan.json)"), u"scan.json"_s, true},
               write);
}

void MainWindow::setSpecs(const BenchSpecs &specs)
{
    m_context.specs = specs;
    m_document->setBench(specs);
}

bool MainWindow::openQueue(const QString &path)
{
    ReadQueue read = readQueueFile(path, m_context.registry);
    if (!reportProblems(read.problems) || !read.queue)
        return false;
    QList<QueueItem> items;
    for (const QueueFileItem &entry : read.queue->items) {
        const QString file =
            entry.path.isEmpty() ? path : QFileInfo(path).dir().filePath(entry.path);
        CompiledPlan compiled = compilePlan(entry.tree, m_context.specs, m_context.registry, file,
                                            m_document->library());
        if (!reportProblems(compiled.problems))
            return false;
        const QString name = entry.tree.name.isEmpty() ? entry.path : entry.tree.name;
        items << itemOf(entry.tree, name, compiled, entry.effectiveDetails(), m_context.user);
    }
    m_context.engine.setName(read.queue->name);
    m_context.engine.setFailedScanPolicy(
        read.queue->onFailure == QueueFailure::Stop ? FailedScan::Stop : FailedScan::Continue);
    for (const QueueItem &item : std::as_const(items))
        m_context.engine.add(item);
    return true;
}

void MainWindow::addTreeToQueue()
{
    const CompiledPlan &compiled = m_document->compiled();
    if (!reportProblems(compiled.problems) || !compiled.plan)
        return;
    m_context.engine.add(itemOf(m_document->tree(), m_document->title(), compiled,
                                m_document->tree().details, m_context.user));
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
        items << itemOf(m_document->tree(), m_document->title(), m_document->compiled(), {},
                        m_context.user);
    }
    if (!reportProblems(spaceProblems(items, m_context.places)))
        return;
    if (!hasWaiting)
        addTreeToQueue();
    for (const QString &line : spaceNotes(items, m_context.places))
        notice(NoticeKind::Warning, line);
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
    askForFile({tr("Save chart as picture"), {}, tr("PNG pictures (*.png)"), u"png"_s, true},
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
