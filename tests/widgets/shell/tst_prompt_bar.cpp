#include "tests/widgets/shell/window_fixture.h"
#include "widgets/models/queue_model.h"
#include "widgets/shell/acquire_page.h"
#include "widgets/shell/action_set.h"
#include "widgets/shell/pause_bar.h"
#include "widgets/shell/prompt_bar.h"

#include <QFile>
#include <QLabel>
#include <QLineEdit>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

namespace {
constexpr int kScanMs = 30'000; // of a loaded machine

constexpr char kTree[] = R"({"format": "birch.scan", "version": 1, "name": "Film", "root": {
  "kind": "sequence", "children": [
    {"kind": "set", "fields": {"targets": [{"movement": "smu.bias", "value": "1 V"}]}},
    {"kind": "measure", "label": "before", "fields": {"measurements": ["smu.iv"]}},
    {"kind": "prompt", "label": "film", "fields": {"text": "How thick is the film?",
     "fields": [{"name": "thickness", "kind": "number", "unit": "nm"},
                {"name": "colour", "kind": "choice", "choices": "blue, gold",
                 "default": "gold"}]}},
    {"kind": "wait", "fields": {"mode": "duration", "duration": "1 s"}},
    {"kind": "measure", "label": "after", "fields": {"measurements": ["smu.iv"]}}]}})";
} // namespace

/// A scan that asks, in the window: answered by keyboard; then paused at once, and resumed.
class PromptBarTest : public QObject
{
    Q_OBJECT
private slots:
    void askedAnsweredAndPaused();

private:
    static void keepPicture(MainWindow &window, const QString &name);
};

void PromptBarTest::keepPicture(MainWindow &window, const QString &name)
{
    const QString folder = qEnvironmentVariable("BIRCH_SCREENSHOT_DIR");
    if (folder.isEmpty())
        return;
    for (const bool isDark : {true, false}) {
        window.actions()[u"theme"_s]->setChecked(isDark);
        QCoreApplication::processEvents();
        QVERIFY(window.grab().save(folder + u'/' + name + (isDark ? u"-dark.png"_s : u".png"_s)));
    }
}

void PromptBarTest::askedAnsweredAndPaused()
{
    StationFixture station;
    MainWindow &window = station.openWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    const QString path = station.path(u"film.scan.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(kTree);
    file.close();
    window.openTree(path);
    QTest::keyClick(&window, Qt::Key_Return, Qt::ControlModifier);
    const QueueModel &queue = window.acquire().queue();
    QTRY_COMPARE(queue.rowCount(), 1);
    QTest::keyClick(&window, Qt::Key_F5);

    auto *prompts = window.findChild<PromptBar *>();
    QTRY_VERIFY_WITH_TIMEOUT(prompts->isVisible(), kScanMs);
    QLineEdit *thickness = nullptr;
    QTRY_VERIFY((thickness = visible<QLineEdit>(*prompts, u"thickness"_s)));
    QTest::keyClick(&window, Qt::Key_F8);
    QTRY_COMPARE(QApplication::focusWidget(), static_cast<QWidget *>(thickness));
    QTest::keyClicks(thickness, u"1 V"_s);
    QTest::keyClick(thickness, Qt::Key_Return); // no length: told, and still open
    QTRY_VERIFY(visible<QLabel>(*prompts, u"What is wrong with the answer"_s));
    keepPicture(window, u"prompt"_s);
    thickness->selectAll();
    QTest::keyClicks(thickness, u"12 nm"_s);
    QTest::keyClick(thickness, Qt::Key_Return);
    QTRY_VERIFY(!prompts->isVisible());

    QTest::keyClick(&window, Qt::Key_F6, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(queue.item(0).state, ScanState::Paused, kScanMs);
    const auto *pause = window.findChild<PauseBar *>();
    QTRY_VERIFY2(pause->text().contains(u"begins again"_s), qPrintable(pause->text()));
    QVERIFY(pause->text().contains(u"smu"_s)); // its output is quiet
    keepPicture(window, u"paused-now"_s);
    QTRY_VERIFY(window.actions()[u"resume"_s]->isEnabled()); // the queue's pause is told by itself
    QTest::keyClick(&window, Qt::Key_F6, Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(queue.item(0).state, ScanState::Completed, kScanMs);
    QTRY_VERIFY(!pause->isVisible());
    QCOMPARE(queue.item(0).points, 3);
}

QTEST_MAIN(PromptBarTest)
#include "tst_prompt_bar.moc"
