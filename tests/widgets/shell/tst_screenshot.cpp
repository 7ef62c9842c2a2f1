#include "tests/widgets/shell/window_fixture.h"
#include "widgets/models/queue_model.h"
#include "widgets/models/tree_document.h"
#include "widgets/shell/acquire_page.h"
#include "widgets/shell/action_set.h"
#include "widgets/shell/notice_bar.h"
#include "widgets/shell/queue_files.h"
#include "widgets/theme/state_look.h"
#include "widgets/tree/scan_tree_panel.h"

#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QSet>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

namespace {

constexpr int kLongMs = 40'000;

/// How many colours there are on a coarse grid: an empty or half-painted window has few.
qsizetype colourCount(const QImage &image)
{
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 3) {
        for (int x = 0; x < image.width(); x += 3)
            colours.insert(image.pixel(x, y));
    }
    return colours.size();
}

} // namespace

/// The README's pictures: with BIRCH_SCREENSHOT_DIR they are written there, every mode in light and
/// dark; without it, it is checked that there is something on them.
class ScreenshotTest : public QObject
{
    Q_OBJECT
private slots:
    void everyModeInBothThemes();
};

void ScreenshotTest::everyModeInBothThemes()
{
    StationFixture station;
    MainWindow &window = station.openWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    const QString examples = qEnvironmentVariable("BIRCH_SOURCE_DIR") + u"/resources/examples/"_s;
    QVERIFY(window.queueFiles().open(examples + u"demo.queue.json"_s));
    window.openTree(examples + u"map.scan.json"_s);
    const ScanNode *sweep = window.document().tree().root()->child(0);
    window.acquire().treePanel()->select((sweep->childCount() > 0 ? sweep->child(0) : sweep)->id);
    const QueueModel &queue = window.acquire().queue();
    QTRY_COMPARE(queue.rowCount(), 3);
    window.actions()[u"connect-all"_s]->trigger();
    QTest::keyClick(&window, Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(queue.item(1).progress > 0.6, kLongMs);
    QTest::keyClick(&window, Qt::Key_F6); // a still picture
    QTRY_COMPARE_WITH_TIMEOUT(queue.item(1).state, ScanState::Paused, kLongMs);
    window.notices().hide();

    const QString folder = qEnvironmentVariable("BIRCH_SCREENSHOT_DIR");
    for (const bool isDark : {false, true}) {
        window.actions()[u"theme"_s]->setChecked(isDark);
        const QString lamp = lookOf(ConnectionState::Open).color.name();
        for (const QLabel *label : window.findChildren<QLabel *>()) {
            if (label->text().startsWith(u"● connected"_s))
                QVERIFY2(label->styleSheet().contains(lamp),
                         "a lamp keeps the other theme's colour");
        }
        for (int mode = 3; mode >= 0; --mode) {
            window.setMode(mode);
            const QString id =
                QStringList{u"acquire"_s, u"history"_s, u"instruments"_s, u"log"_s}[mode];
            QImage picture;
            const auto isPainted = [&] {
                picture = window.grab().toImage();
                return colourCount(picture) > (mode == 0 ? 150 : 40);
            };
            QTRY_VERIFY2(isPainted(), qPrintable(id));
            if (folder.isEmpty())
                continue;
            // Lists and read-outs come from other threads: settled once two looks are the same.
            const auto isSettled = [&] {
                const QImage before = std::exchange(picture, window.grab().toImage());
                return picture == before;
            };
            QTRY_VERIFY2(isSettled(), qPrintable(id));
            QVERIFY(picture.save(folder + u'/' + id + (isDark ? u"-dark.png"_s : u".png"_s)));
        }
    }
    window.actions()[u"theme"_s]->setChecked(false);
    QTest::keyClick(&window, Qt::Key_F7, Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(queue.item(1).state, ScanState::Aborted, kLongMs);
}

QTEST_MAIN(ScreenshotTest)
#include "tst_screenshot.moc"
