#include "core/engine/space_check.h"

#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
constexpr qint64 kMega = 1'000'000;

QueueItem item(qint64 bytes, bool isBound = false, ScanState state = ScanState::Queued)
{
    auto plan = std::make_shared<ScanPlan>();
    plan->bytes = bytes;
    plan->isBound = isBound;
    QueueItem queued;
    queued.plan = plan;
    queued.state = state;
    return queued;
}

/// Folders below /a are on one disk, those below /b on another; /c can not be told.
std::optional<DiskSpace> space(const QString &folder)
{
    if (folder.startsWith(u"/a"_s))
        return DiskSpace{u"/a"_s, 100 * kMega};
    if (folder.startsWith(u"/b"_s))
        return DiskSpace{u"/b"_s, 50 * kMega};
    return {};
}
} // namespace

class SpaceCheckTest : public QObject
{
    Q_OBJECT
private slots:
    void enough_data()
    {
        QTest::addColumn<QList<qint64>>("scans"); // megabytes
        QTest::addColumn<QString>("spool");
        QTest::addColumn<QString>("database");
        QTest::addColumn<QStringList>("missing"); // folders
        QTest::newRow("nothing") << QList<qint64>{} << u"/a/s"_s << u"/a/d"_s << QStringList();
        QTest::newRow("fits") << QList<qint64>{10, 20} << u"/a/s"_s << u"/a/d"_s << QStringList();
        // 1.25 x (40 + 40) + 10: the database and one spool on the same disk
        QTest::newRow("one disk holds it twice")
            << QList<qint64>{40} << u"/a/s"_s << u"/a/d"_s << QStringList{u"/a/d"_s};
        QTest::newRow("a disk each")
            << QList<qint64>{40} << u"/b/s"_s << u"/a/d"_s << QStringList{u"/b/s"_s};
        QTest::newRow("spool holds the largest alone")
            << QList<qint64>{30, 30} << u"/b/s"_s << u"/a/d"_s << QStringList();
        QTest::newRow("a server's disk is its own")
            << QList<qint64>{30, 30, 30, 30} << u"/a/s"_s << u""_s << QStringList();
        QTest::newRow("both") << QList<qint64>{90} << u"/b/s"_s << u"/a/d"_s
                              << QStringList{u"/a/d"_s, u"/b/s"_s};
        QTest::newRow("can not be told")
            << QList<qint64>{900} << u"/c/s"_s << u"/c/d"_s << QStringList();
    }
    void enough()
    {
        QFETCH(QList<qint64>, scans);
        QFETCH(QString, spool);
        QFETCH(QString, database);
        QFETCH(QStringList, missing);
        QList<QueueItem> items;
        for (const qint64 megabytes : scans)
            items << item(megabytes * kMega);
        items << item(900 * kMega, false, ScanState::Completed); // has been stored
        const Problems problems = spaceProblems(items, {spool, database, 10 * kMega}, space);
        QStringList folders;
        for (const Problem &problem : problems) {
            folders << problem.file;
            QVERIFY(!problem.remedy.isEmpty());
        }
        QCOMPARE(folders, missing);
        QVERIFY(spaceNotes(items, {spool, database, 10 * kMega}, space).isEmpty());
    }

    void boundsAreNotes()
    {
        const QList<QueueItem> items{item(900 * kMega, true), item(kMega)};
        const DataPlaces places{u"/a/s"_s, u"/a/d"_s, 0};
        QVERIFY(spaceProblems(items, places, space).isEmpty());
        QCOMPARE(spaceNotes(items, places, space).size(), 1);
    }

    void absurdSizes()
    {
        const qint64 most = std::numeric_limits<qint64>::max();
        const QList<QueueItem> items{item(most), item(most), item(most)};
        QCOMPARE(spaceProblems(items, {u"/a/s"_s, u"/b/d"_s, most}, space).size(), 2);
    }

    void realDisks()
    {
        const QTemporaryDir folder;
        const auto here = diskSpaceOf(folder.path());
        QVERIFY(here && here->freeBytes > 0);
        const auto later = diskSpaceOf(folder.filePath(u"not/yet/made"_s));
        QVERIFY(later);
        QCOMPARE(later->disk, here->disk);
    }
};

QTEST_GUILESS_MAIN(SpaceCheckTest)
#include "tst_space_check.moc"
