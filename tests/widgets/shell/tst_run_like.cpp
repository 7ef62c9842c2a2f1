#include "tests/widgets/shell/window_fixture.h"
#include "widgets/models/queue_model.h"
#include "widgets/shell/acquire_page.h"
#include "widgets/shell/action_set.h"
#include "widgets/shell/settings_dialog.h"

#include <QApplication>
#include <QFile>
#include <QPushButton>
#include <QTableView>
#include <QTableWidget>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

namespace {
constexpr int kScanMs = 30'000; // of a loaded machine

constexpr auto kTree = R"({"format": "birch.scan", "version": 1, "name": "Once", "root": {
  "kind": "sequence", "children": [
    {"kind": "set", "fields": {"targets": [{"movement": "smu.bias", "value": "1 V"}]}},
    {"kind": "measure", "label": "iv", "fields": {"measurements": ["smu.iv"]}}]}})";
} // namespace

/// A scan runs once more from its record, with a setting that somebody has changed meanwhile.
class RunLikeTest : public QObject
{
    Q_OBJECT
private slots:
    void differenceIsShownBeforeAnythingIsSet();

private:
    double compliance(StationFixture &station) const
    {
        std::optional<double> value;
        station.station().bench().bench().find(u"smu"_s)->parameter(
            Priority::Panel, u"compliance"_s, std::chrono::seconds(5), station.window().window(),
            [&](const Result<QVariant> &read) { value = read ? read.value().toDouble() : -1; });
        (void)QTest::qWaitFor([&] { return value.has_value(); });
        return value.value_or(-1);
    }
    static SettingsDialog *ask(MainWindow &window)
    {
        // The offscreen platform leaves no window active once a dialog has closed.
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window))
            return nullptr;
        QTest::keyClick(&window, Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        SettingsDialog *dialog = nullptr;
        (void)QTest::qWaitFor(
            [&] {
                dialog = window.findChild<SettingsDialog *>();
                return dialog && dialog->isVisible();
            },
            kScanMs);

        return dialog;
    }
};

void RunLikeTest::differenceIsShownBeforeAnythingIsSet()
{
    StationFixture station;
    QVERIFY2(station.isReady(), qPrintable(station.problem()));
    MainWindow &window = station.openWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    const QString path = station.path(u"once.scan.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(kTree);
    file.close();
    window.openTree(path);
    QTest::keyClick(&window, Qt::Key_Return, Qt::ControlModifier);
    const QueueModel &queue = window.acquire().queue();
    QTRY_COMPARE(queue.rowCount(), 1);
    QTest::keyClick(&window, Qt::Key_F5);
    QTRY_COMPARE_WITH_TIMEOUT(queue.item(0).state, ScanState::Completed, kScanMs);

    const double then = compliance(station);
    bool isSet = false;
    station.station().bench().bench().find(u"smu"_s)->setParameter(
        Priority::Panel, u"compliance"_s, 0.02, std::chrono::seconds(5), this,
        [&](const Result<std::monostate> &done) { isSet = bool(done); });
    QTRY_VERIFY(isSet);

    QTest::keyClick(&window, Qt::Key_2, Qt::ControlModifier);
    auto *scans = visible<QTableView>(window, u"Scans, newest first"_s);
    QVERIFY(scans);
    QTRY_COMPARE(scans->model()->rowCount(), 1);
    QTest::mouseClick(scans->viewport(), Qt::LeftButton, {},
                      scans->visualRect(scans->model()->index(0, 2)).center());
    SettingsDialog *dialog = ask(window);
    QVERIFY(dialog);
    QCOMPARE(dialog->table()->rowCount(), 1);
    QCOMPARE(dialog->table()->item(0, 0)->text(), u"smu.compliance"_s);
    QVERIFY(dialog->table()->item(0, 2)->text().startsWith(u"0.02"_s));
    const QString folder = qEnvironmentVariable("BIRCH_SCREENSHOT_DIR");
    if (!folder.isEmpty()) {
        QVERIFY(dialog->grab().save(folder + u"/settings.png"_s));
        QVERIFY(window.grab().save(folder + u"/settings-history.png"_s));
    }
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!window.findChild<SettingsDialog *>());
    QCOMPARE(queue.rowCount(), 1);
    QCOMPARE(compliance(station), 0.02); // nothing was set

    dialog = ask(window);
    QVERIFY(dialog);
    click(visible<QPushButton>(*dialog, u"restore"_s));
    QTRY_COMPARE(queue.rowCount(), 2);
    QTRY_COMPARE_WITH_TIMEOUT(queue.item(1).state, ScanState::Completed, kScanMs);
    QCOMPARE(compliance(station), then);
}

QTEST_MAIN(RunLikeTest)
#include "tst_run_like.moc"
