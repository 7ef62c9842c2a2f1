#include "core/base/id.h"
#include "widgets/models/queue_model.h"

#include <QAbstractItemModelTester>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
QueueItem item(const QString &name)
{
    QueueItem item;
    item.id = newUid();
    item.name = name;
    item.pointsPlanned = 100;
    return item;
}
} // namespace

class QueueModelTest : public QObject
{
    Q_OBJECT
private slots:
    void mirrorsTheEngine();
    void dragAsksAndMovesNothingByItself();
    void namesScansWithoutSample();
    void progressTouchesOneRow();
};

void QueueModelTest::mirrorsTheEngine()
{
    QueueModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QStringList names{u"a"_s, u"b"_s, u"c"_s};
    for (int i = 0; i < 3; ++i)
        model.insertItem(i, item(names[i]));
    model.moveItem(0, 2);
    QCOMPARE(model.item(2).name, u"a"_s);
    model.moveItem(2, 0);
    QCOMPARE(model.item(0).name, u"a"_s);
    model.moveItem(1, 1);
    model.removeItem(1);
    QCOMPARE(model.rowCount(), 2);
    QueueItem changed = model.item(0);
    changed.state = ScanState::Failed;
    changed.reason = u"stage.x did not arrive"_s;
    model.changeItem(0, changed);
    QVERIFY(model.index(0, 0).data(Qt::ToolTipRole).toString().contains(changed.reason));
}

void QueueModelTest::dragAsksAndMovesNothingByItself()
{
    QueueModel model;
    for (int i = 0; i < 3; ++i)
        model.insertItem(i, item(QString::number(i)));
    QSignalSpy asked(&model, &QueueModel::moveRequested);
    const QUuid first = model.item(0).id;
    const std::unique_ptr<QMimeData> drag(model.mimeData({model.index(0, 0)}));
    model.dropMimeData(drag.get(), Qt::MoveAction, 3, 0, {});
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0][0].toUuid(), first);
    QCOMPARE(asked[0][1].toInt(), 2);
    QCOMPARE(model.item(0).id, first);
    model.dropMimeData(drag.get(), Qt::MoveAction, 0, 0, {}); // onto itself
    QCOMPARE(asked.size(), 1);

    QueueItem running = model.item(1);
    running.state = ScanState::Running;
    model.changeItem(1, running);
    QVERIFY(!(model.flags(model.index(1, 0)) & Qt::ItemIsDragEnabled));
}

void QueueModelTest::namesScansWithoutSample()
{
    QueueModel model;
    QueueItem with = item(u"with"_s);
    with.details.sampleUid = u"x"_s;
    model.insertItem(0, with);
    model.insertItem(1, item(u"without"_s));
    QueueItem done = item(u"done"_s);
    done.state = ScanState::Completed;
    model.insertItem(2, done);
    QCOMPARE(model.rowsWithoutSample(), QList<int>{2});
}

void QueueModelTest::progressTouchesOneRow()
{
    QueueModel model;
    model.insertItem(0, item(u"a"_s));
    model.insertItem(1, item(u"b"_s));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    ItemProgress progress;
    progress.id = model.item(1).id;
    progress.points = 50;
    progress.pointsPlanned = 100;
    progress.progress = 0.5;
    model.updateProgress(progress);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].toModelIndex().row(), 1);
    QCOMPARE(model.index(1, 0).data(QueueModel::ProgressRole).toDouble(), 0.5);
    QVERIFY(!model.index(1, 0).data(QueueModel::TimeRole).toString().isEmpty());
    QVERIFY(reset.isEmpty());
    progress.id = newUid();
    model.updateProgress(progress); // gone meanwhile: nothing happens
}

QTEST_GUILESS_MAIN(QueueModelTest)
#include "tst_queue_model.moc"
