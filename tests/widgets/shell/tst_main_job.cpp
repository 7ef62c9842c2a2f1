#include "core/base/id.h"
#include "core/store/scan_repository.h"
#include "tests/widgets/shell/window_fixture.h"
#include "widgets/models/queue_model.h"
#include "widgets/models/tree_document.h"
#include "widgets/queue/queue_panel.h"
#include "widgets/shell/acquire_page.h"
#include "widgets/tree/scan_tree_panel.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

namespace {

constexpr int kScanMs = 30'000; // of a loaded machine

/// The menu of kinds that is open now: clicks what is wanted.
void choose(QWidget &window, const QString &kind)
{
    QTRY_VERIFY(QApplication::activePopupWidget());
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    for (QAction *action : menu->actions()) {
        if (action->objectName() != kind)
            continue;
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
        // The offscreen platform leaves no window active once a popup has closed.
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        return;
    }
    QFAIL(qPrintable(kind));
}

QStringList shownProblems(QWidget &window)
{
    QStringList problems;
    for (const QLabel *label : window.findChildren<QLabel *>()) {
        if (label->isVisible() && label->text().startsWith(u"⚠"_s))
            problems << label->text();
    }
    return problems;
}

} // namespace

/// The main job, as an operator does it: from an empty window to a file, by mouse and keyboard.
class MainJobTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void buildTree();
    void mendProblem();
    void makeSample();
    void runAndComplete();
    void findAndExport();
    void cleanupTestCase() { m_station.reset(); }

private:
    void fillSweep(const QString &movement, const QString &start, const QString &stop,
                   const QString &points);

    std::unique_ptr<StationFixture> m_station;
    MainWindow *m_window = nullptr;
};

void MainJobTest::initTestCase()
{
    m_station = std::make_unique<StationFixture>();
    QVERIFY2(m_station->isReady(), qPrintable(m_station->problem()));
    m_window = &m_station->openWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window));
    QVERIFY(m_window->document().isEmpty());
}

void MainJobTest::fillSweep(const QString &movement, const QString &start, const QString &stop,
                            const QString &points)
{
    QTRY_VERIFY(visible<QPushButton>(*m_window, u"add-axes"_s));
    click(visible<QPushButton>(*m_window, u"add-axes"_s));
    QTRY_VERIFY(visible<QComboBox>(*m_window, u"movement"_s));
    type(visible<QComboBox>(*m_window, u"movement"_s), movement);
    for (const auto &[field, text] :
         {std::pair{u"start"_s, start}, {u"stop"_s, stop}, {u"points"_s, points}}) {
        QTRY_VERIFY2(visible<QLineEdit>(*m_window, field), qPrintable(field));
        type(visible<QLineEdit>(*m_window, field), text);
    }
}

void MainJobTest::buildTree()
{
    click(visible<QPushButton>(*m_window, u"empty-add-sweep"_s));
    fillSweep(u"stage.x"_s, u"49 mm"_s, u"51 mm"_s, u"3"_s);
    QTreeView *tree = m_window->acquire().treePanel()->view();
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_Insert, Qt::ShiftModifier);
    choose(*m_window, u"sweep"_s);
    fillSweep(u"smu.bias"_s, u"-500 mV"_s, u"50 V"_s, u"11"_s); // out of the source's range
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_Insert, Qt::ShiftModifier);
    choose(*m_window, u"measure"_s);
    QTRY_VERIFY(visible<QListWidget>(*m_window, u"measurements"_s));
    tick(visible<QListWidget>(*m_window, u"measurements"_s), u"smu.iv"_s);
    const ScanNode *root = m_window->document().tree().root();
    QCOMPARE(root->childCount(), 1);
    QCOMPARE(root->child(0)->childCount(), 1);
    QCOMPARE(root->child(0)->child(0)->child(0)->kind, u"measure"_s);
}

void MainJobTest::mendProblem()
{
    const NodeId inner = m_window->document().tree().root()->child(0)->child(0)->id;
    m_window->acquire().treePanel()->select(inner);
    QTRY_VERIFY2(shownProblems(*m_window).join(u' ').contains(u"above the limit 10 V"_s),
                 qPrintable(shownProblems(*m_window).join(u'\n')));
    QVERIFY(!m_window->document().compiled().plan);
    QTRY_VERIFY(visible<QLineEdit>(*m_window, u"stop"_s));
    type(visible<QLineEdit>(*m_window, u"stop"_s), u"500 mV"_s);
    QTRY_VERIFY2(shownProblems(*m_window).isEmpty(),
                 qPrintable(shownProblems(*m_window).join(u'\n')));
    QVERIFY(m_window->document().compiled().plan);
    QCOMPARE(m_window->document().compiled().plan->points, 33);
}

void MainJobTest::makeSample()
{
    auto *tabs = m_window->acquire().findChild<QTabWidget *>();
    QTest::mouseClick(tabs->tabBar(), Qt::LeftButton, {}, tabs->tabBar()->tabRect(1).center());
    auto *sample = visible<QComboBox>(*m_window, u"sample"_s);
    QVERIFY(sample);
    type(sample, u"Wafer 7"_s);
    QTRY_VERIFY(visible<QPushButton>(*m_window, u"new-sample"_s));
    click(visible<QPushButton>(*m_window, u"new-sample"_s));
    QTRY_VERIFY(!m_window->document().tree().details.sample.isEmpty());
    QVERIFY(!visible<QPushButton>(*m_window, u"new-sample"_s));
    type(visible<QLineEdit>(*m_window, u"Title"_s), u"First light"_s);
    QCOMPARE(m_window->document().tree().details.title, u"First light"_s);
}

void MainJobTest::runAndComplete()
{
    QTest::keyClick(m_window->focusWidget(), Qt::Key_Return, Qt::ControlModifier);
    const QueueModel &queue = m_window->acquire().queue();
    QTRY_COMPARE(queue.rowCount(), 1);
    QTest::keyClick(m_window->focusWidget(), Qt::Key_F5);
    QTRY_COMPARE_WITH_TIMEOUT(queue.item(0).state, ScanState::Completed, kScanMs);
    QCOMPARE(queue.item(0).points, 33);

    ScanRepository scans(m_station->data().connection());
    const auto stored = [&] {
        return scans.find(m_station->data().session(), uidText(queue.item(0).uid));
    };
    QTRY_VERIFY(stored() && stored().value().state == ScanState::Completed);
    QCOMPARE(stored().value().points, 33);
    QCOMPARE(stored().value().details.title, u"First light"_s);
    QCOMPARE(stored().value().details.sampleUid, m_window->document().tree().details.sample);
}

void MainJobTest::findAndExport()
{
    QTest::keyClick(m_window, Qt::Key_2, Qt::ControlModifier);
    auto *view = visible<QTableView>(*m_window, u"Scans, newest first"_s);
    QVERIFY(view);
    QTRY_COMPARE(view->model()->rowCount(), 1);
    auto *text = visible<QLineEdit>(*m_window, u"history-text"_s);
    type(text, u"nothing is called so"_s);
    QTRY_COMPARE(view->model()->rowCount(), 0);
    type(text, u"first light"_s);
    QTRY_COMPARE(view->model()->rowCount(), 1);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                      view->visualRect(view->model()->index(0, 2)).center());
    QTRY_VERIFY(visible<QPlainTextEdit>(*m_window, u"details-comment"_s));
    QCOMPARE(visible<QLineEdit>(*m_window, u"details-title"_s)->text(), u"First light"_s);

    QTemporaryDir folder;
    QTest::keyClick(m_window->focusWidget(), Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY(visible<QLineEdit>(*m_window, u"export-folder"_s));
    type(visible<QLineEdit>(*m_window, u"export-folder"_s), folder.path());
    click(visible<QPushButton>(*m_window, u"export-start"_s));
    QTRY_VERIFY(!visible<QLineEdit>(*m_window, u"export-folder"_s));
    const QStringList files = QDir(folder.path()).entryList({u"*.csv"_s});
    QCOMPARE(files.size(), 1);
    QFile file(folder.filePath(files.first()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().trimmed().split('\n').size(), 1 + 33);
}

QTEST_MAIN(MainJobTest)
#include "tst_main_job.moc"
