#include "tests/widgets/shell/window_fixture.h"
#include "widgets/models/queue_model.h"
#include "widgets/queue/queue_panel.h"
#include "widgets/queue/turn_dialog.h"
#include "widgets/shell/acquire_page.h"
#include "widgets/shell/queue_files.h"

#include <QAction>
#include <QCheckBox>
#include <QDateTimeEdit>
#include <QSpinBox>
#include <QTableView>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

/// What the queue's menu does with a waiting scan, in a real window.
class QueueMenuTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_station = std::make_unique<StationFixture>();
        QVERIFY2(m_station->isReady(), qPrintable(m_station->problem()));
        m_window = &m_station->openWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window));
        QVERIFY(m_window->queueFiles().open(qEnvironmentVariable("BIRCH_SOURCE_DIR") +
                                            u"/resources/examples/demo.queue.json"_s));
        QTRY_COMPARE(queue().rowCount(), 3);
    }

    void everyEntryIsInTheMenuAndSaysWhatItDoes()
    {
        QTableView *view = m_window->acquire().queuePanel()->view();
        QCOMPARE(view->contextMenuPolicy(), Qt::ActionsContextMenu);
        QStringList names;
        for (const QAction *action : view->actions()) {
            names << action->objectName();
            QVERIFY2(!action->toolTip().isEmpty(), qPrintable(action->objectName()));
        }
        QCOMPARE(names.join(u' '), u"queue-now queue-ready queue-turn queue-duplicate queue-again "
                                   "queue-remove queue-clear"_s);
    }

    void gateIsClosedAndOpened()
    {
        select(1);
        QVERIFY(action(u"queue-ready"_s)->isChecked());
        action(u"queue-ready"_s)->trigger();
        QTRY_COMPARE(turnText(1), u"not ready"_s);
        QTRY_VERIFY(!action(u"queue-ready"_s)->isChecked());
        action(u"queue-ready"_s)->trigger();
        QTRY_COMPARE(turnText(1), QString());
    }

    void turnIsEditedInADialog()
    {
        select(2);
        bool isShown = false;
        QTimer::singleShot(0, this, [&] {
            auto *dialog = qobject_cast<TurnDialog *>(QApplication::activeModalWidget());
            if (!dialog)
                return;
            isShown = true;
            for (const QString &name : {u"Priority"_s, u"Runs"_s}) {
                auto *box = visible<QSpinBox>(*dialog, name);
                QVERIFY2(box && !box->toolTip().isEmpty(), qPrintable(name));
                box->setValue(name == u"Runs"_s ? 2 : 5);
            }
            auto *start = visible<QCheckBox>(*dialog, u"Has a start time"_s);
            QVERIFY(start);
            start->setChecked(true);
            QVERIFY(visible<QDateTimeEdit>(*dialog, u"Start time"_s)->isEnabled());
            dialog->accept();
        });
        action(u"queue-turn"_s)->trigger();
        QVERIFY(isShown);
        QTRY_COMPARE(queue().item(2).turn.priority, 5);
        QCOMPARE(queue().item(2).turn.repeats, 2);
        QVERIFY(queue().item(2).turn.notBeforeUs > 0);
        QVERIFY(turnText(2).contains(u"priority 5"_s));
        const QString shots = qEnvironmentVariable("BIRCH_SHOTS");
        if (!shots.isEmpty())
            QVERIFY(m_window->grab().save(shots + u"/queue_menu.png"_s));
    }

    void duplicateGoesRightBehind()
    {
        select(0);
        const QString name = queue().item(0).name;
        action(u"queue-duplicate"_s)->trigger();
        QTRY_COMPARE(queue().rowCount(), 4);
        QTRY_COMPARE(queue().item(1).name, name);
        QVERIFY(queue().item(1).id != queue().item(0).id);
        select(1);
        action(u"queue-remove"_s)->trigger();
        QTRY_COMPARE(queue().rowCount(), 3);
    }

    void cleanupTestCase() { m_station.reset(); }

private:
    QueueModel &queue() { return m_window->acquire().queue(); }
    QAction *action(const QString &id) { return m_window->findChild<QAction *>(id); }
    QString turnText(int row)
    {
        return queue().index(row, 0).data(QueueModel::TurnRole).toString();
    }
    void select(int row) { m_window->acquire().queuePanel()->select(queue().item(row).id); }

    std::unique_ptr<StationFixture> m_station;
    MainWindow *m_window = nullptr;
};

QTEST_MAIN(QueueMenuTest)
#include "tst_queue_menu.moc"
