#include "app/session/bench_change.h"
#include "core/store/sql_run_store.h"
#include "tests/core/store/scan_fixture.h"
#include "tests/widgets/shell/window_fixture.h"
#include "widgets/history/history_panel.h"
#include "widgets/models/history_model.h"
#include "widgets/models/queue_model.h"
#include "widgets/queue/queue_panel.h"
#include "widgets/shell/acquire_page.h"
#include "widgets/shell/notice_bar.h"
#include "widgets/shell/queue_files.h"

#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QTableView>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

namespace {
constexpr int kLongMs = 40'000; // of a loaded machine
}

/// The queue and the instruments, used in a real window.
class PanelsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void queueReorders();
    void queueIsDrivenByKeys();
    void instrumentIsSetWithinItsLimits();
    void heldInstrumentIsReadOnly();
    void scansOfOthersAppear();
    void overdueCalibrationIsToldAtTheStart();
    void cleanupTestCase() { m_station.reset(); }

private:
    QString nameAt(int row) const { return m_window->acquire().queue().item(row).details.title; }

    std::unique_ptr<StationFixture> m_station;
    MainWindow *m_window = nullptr;
};

void PanelsTest::initTestCase()
{
    m_station = std::make_unique<StationFixture>();
    Calibration overdue;
    overdue.due = QDate(2020, 1, 31);
    const BenchChange changed = changeBench(
        m_station->path(u"test.bench.yaml"_s),
        {[&](const QByteArray &text) { return withCalibration(text, u"smu"_s, {}, overdue); }});
    QVERIFY2(changed.bench, qPrintable(changed.problems.value(0).message));
    m_window = &m_station->openWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window));
    QVERIFY(m_window->queueFiles().open(qEnvironmentVariable("BIRCH_SOURCE_DIR") +
                                        u"/resources/examples/demo.queue.json"_s));
    QTRY_COMPARE(m_window->acquire().queue().rowCount(), 3);
}

void PanelsTest::queueReorders()
{
    // The drop itself: the platform's drag loop takes no made-up mouse events.
    QueueModel &queue = m_window->acquire().queue();
    QTableView *view = m_window->acquire().queuePanel()->view();
    QVERIFY(view->dragEnabled() && view->acceptDrops());
    const QString third = nameAt(2);
    view->setCurrentIndex(queue.index(2, 0));
    const QUuid selected = m_window->acquire().queuePanel()->selected();
    const std::unique_ptr<QMimeData> dragged(queue.mimeData({queue.index(2, 0)}));
    QVERIFY(queue.canDropMimeData(dragged.get(), Qt::MoveAction, 0, 0, {}));
    queue.dropMimeData(dragged.get(), Qt::MoveAction, 0, 0, {});
    QTRY_COMPARE(nameAt(0), third);
    QCOMPARE(m_window->acquire().queuePanel()->selected(), selected); // it goes along
    QCOMPARE(view->currentIndex().row(), 0);
}

void PanelsTest::queueIsDrivenByKeys()
{
    const QueueModel &queue = m_window->acquire().queue();
    QueueEngine &engine = m_station->station().engine();
    QTest::keyClick(m_window, Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(queue.item(1).state == ScanState::Running, kLongMs);
    QTest::keyClick(m_window, Qt::Key_F6);
    QTRY_COMPARE_WITH_TIMEOUT(queue.item(1).state, ScanState::Paused, kLongMs);
    QTest::keyClick(m_window, Qt::Key_F6, Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(engine.state() == QueueState::Running, kLongMs);
    QTest::keyClick(m_window, Qt::Key_F7);
    QTRY_COMPARE_WITH_TIMEOUT(queue.item(1).state, ScanState::Completed, kLongMs);
    QTRY_COMPARE_WITH_TIMEOUT(engine.state(), QueueState::Idle, kLongMs);
    QCOMPARE(queue.item(2).state, ScanState::Queued); // stopped before it
    QTest::keyClick(m_window, Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(queue.item(2).points > 3, kLongMs);
    QTest::keyClick(m_window, Qt::Key_F7, Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(queue.item(2).state, ScanState::Aborted, kLongMs);
    QTRY_COMPARE_WITH_TIMEOUT(engine.state(), QueueState::Idle, kLongMs);
}

void PanelsTest::instrumentIsSetWithinItsLimits()
{
    QTest::keyClick(m_window, Qt::Key_3, Qt::ControlModifier);
    InstrumentHost *smu = m_station->station().bench().bench().find(u"smu"_s);
    QVERIFY(smu);
    if (smu->connectionState() != ConnectionState::Open) {
        click(visible<QPushButton>(*m_window, u"Connect smu"_s));
        QTRY_COMPARE_WITH_TIMEOUT(smu->connectionState(), ConnectionState::Open, kLongMs);
    }
    auto *target = visible<QLineEdit>(*m_window, u"New value of smu.bias"_s);
    auto *position = visible<QLabel>(*m_window, u"Position of smu.bias"_s);
    QVERIFY(target && position);
    QTRY_VERIFY(target->isEnabled());
    type(target, u"50 V"_s);
    QTest::keyClick(target, Qt::Key_Return);
    QTRY_VERIFY(m_window->notices().text().contains(u"within the limits"_s));
    type(target, u"20 mV"_s);
    click(visible<QPushButton>(*m_window, u"Set smu.bias"_s));
    QTRY_COMPARE_WITH_TIMEOUT(position->text().simplified(), u"20 mV"_s,
                              kLongMs); // a hard blank is one
    click(visible<QPushButton>(*m_window, u"Read smu.iv"_s));
    QTRY_VERIFY(visible<QLabel>(*m_window, u"Values of smu.iv"_s)->text().contains(u"current"_s));
}

void PanelsTest::heldInstrumentIsReadOnly()
{
    InstrumentHost *smu = m_station->station().bench().bench().find(u"smu"_s);
    QTRY_VERIFY(smu->leaseOwner().isEmpty());
    QVERIFY(bool(smu->acquireLease(u"a scan"_s)));
    QTRY_VERIFY(!visible<QLineEdit>(*m_window, u"New value of smu.bias"_s)->isEnabled());
    QVERIFY(!visible<QPushButton>(*m_window, u"Set smu.bias"_s)->isEnabled());
    QVERIFY(visible<QPushButton>(*m_window, u"Read smu.iv"_s)->isEnabled());
    smu->releaseLease(u"a scan"_s);
    QTRY_VERIFY(visible<QLineEdit>(*m_window, u"New value of smu.bias"_s)->isEnabled());
}

void PanelsTest::scansOfOthersAppear()
{
    QTest::keyClick(m_window, Qt::Key_2, Qt::ControlModifier);
    auto *history = m_window->findChild<HistoryPanel *>();
    QTRY_VERIFY_WITH_TIMEOUT(history->isVisible() && history->model()->wasLoaded(), kLongMs);
    QTRY_VERIFY_WITH_TIMEOUT(!history->model()->isLoading(), kLongMs);
    const qint64 before = history->model()->total();
    // As another program at the same database would.
    const auto other = SqlRunStore::open(m_station->data().database(), u"ada"_s, u"other"_s);
    QVERIFY(other);
    const auto scan = other.value()->createScan(test::newScan(u"other"_s));
    QVERIFY(scan);
    QTRY_COMPARE_WITH_TIMEOUT(history->model()->total(), before + 1, kLongMs);
    QTRY_VERIFY_WITH_TIMEOUT(history->model()->rowOf(scan.value().uid) >= 0, kLongMs);
}

void PanelsTest::overdueCalibrationIsToldAtTheStart()
{
    QVERIFY(m_window->queueFiles().open(qEnvironmentVariable("BIRCH_SOURCE_DIR") +
                                        u"/resources/examples/demo.queue.json"_s));
    QVERIFY(!m_window->notices().text().contains(u"2020-01-31"_s));
    const auto waiting = [this] {
        const QList<QueueItem> items = m_station->station().engine().items();
        return std::any_of(items.begin(), items.end(),
                           [](const QueueItem &item) { return item.state == ScanState::Queued; });
    };
    QTRY_VERIFY(waiting());
    QTest::keyClick(m_window, Qt::Key_F5);
    QTRY_VERIFY2(m_window->notices().text().contains(u"smu is overdue since 2020-01-31"_s),
                 qPrintable(m_window->notices().text()));
    QTRY_COMPARE(m_station->station().engine().state(),
                 QueueState::Running); // it runs all the same
    QTest::keyClick(m_window, Qt::Key_F7, Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(m_station->station().engine().state(), QueueState::Idle, kLongMs);
}

QTEST_MAIN(PanelsTest)
#include "tst_panels.moc"
