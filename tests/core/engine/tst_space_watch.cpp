#include "core/engine/space_watch.h"

#include "core/base/fake_clock.h"

#include <QSignalSpy>
#include <QTest>

using namespace birch;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class SpaceWatchTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_free = {{u"/spool"_s, 1000}, {u"/db"_s, 1000}};
        m_disk = {{u"/spool"_s, u"/a"_s}, {u"/db"_s, u"/b"_s}};
        m_watch = std::make_unique<SpaceWatch>(
            DataPlaces{u"/spool"_s, u"/db"_s, 0}, SpaceLevels{500, 100, 5s}, m_clock,
            [this](const QString &folder) -> std::optional<DiskSpace> {
                if (!m_free.contains(folder))
                    return {};
                return DiskSpace{m_disk.value(folder), m_free.value(folder)};
            });
        m_warned = std::make_unique<QSignalSpy>(m_watch.get(), &SpaceWatch::warned);
        m_exhausted = std::make_unique<QSignalSpy>(m_watch.get(), &SpaceWatch::exhausted);
    }

    void toldOnceAndAgainAfterSpace()
    {
        m_watch->setRunning(true);
        QCOMPARE(m_warned->size(), 0);
        m_free[u"/spool"_s] = 499;
        m_clock.advance(5s);
        QCOMPARE(m_warned->size(), 1);
        QVERIFY(m_warned->first().first().toString().contains(u"/spool"_s));
        m_clock.advance(60s);
        m_free[u"/spool"_s] = 510; // not yet space again
        m_clock.advance(5s);
        m_free[u"/spool"_s] = 450;
        m_clock.advance(5s);
        QCOMPARE(m_warned->size(), 1);
        m_free[u"/spool"_s] = 900;
        m_clock.advance(5s);
        m_free[u"/spool"_s] = 50;
        m_clock.advance(5s);
        QCOMPARE(m_warned->size(), 2);
        QCOMPARE(m_exhausted->size(), 1);
        m_clock.advance(5s); // a scan that is resumed too early, or begins now, is paused as well
        QCOMPARE(m_exhausted->size(), 2);
        QSignalSpy relieved(m_watch.get(), &SpaceWatch::relieved);
        m_free[u"/spool"_s] = 105;
        m_clock.advance(5s);
        QCOMPARE(relieved.size(), 0);
        m_free[u"/spool"_s] = 120;
        m_clock.advance(60s);
        QCOMPARE(relieved.size(), 1);
    }

    /// Points wait in the spool meanwhile.
    void aFullDatabaseIsNoReasonToStop()
    {
        m_free[u"/db"_s] = 0;
        m_watch->setRunning(true);
        m_clock.advance(60s);
        QCOMPARE(m_warned->size(), 1);
        QCOMPARE(m_exhausted->size(), 0);
    }

    void oneDiskIsToldOnce()
    {
        m_disk[u"/db"_s] = u"/a"_s;
        m_free = {{u"/spool"_s, 200}, {u"/db"_s, 200}};
        m_watch->setRunning(true);
        QCOMPARE(m_warned->size(), 1);
    }

    void quietWhileNothingRuns()
    {
        m_free[u"/spool"_s] = 0;
        m_clock.advance(60s);
        QCOMPARE(m_warned->size(), 0);
        m_watch->setRunning(true);
        m_watch->setRunning(false);
        m_watch->setRunning(true); // a new run: told anew, looked at once per interval
        QCOMPARE(m_exhausted->size(), 2);
        m_watch->setRunning(false);
        m_free[u"/spool"_s] = 1000;
        m_clock.advance(60s);
        QCOMPARE(m_exhausted->size(), 2);
    }

    void whatCanNotBeToldIsNoProblem()
    {
        m_free.clear();
        m_watch->setRunning(true);
        m_clock.advance(60s);
        QCOMPARE(m_warned->size() + m_exhausted->size(), 0);
    }

private:
    FakeClock m_clock;
    QMap<QString, qint64> m_free;
    QMap<QString, QString> m_disk;
    std::unique_ptr<SpaceWatch> m_watch;
    std::unique_ptr<QSignalSpy> m_warned;
    std::unique_ptr<QSignalSpy> m_exhausted;
};

QTEST_GUILESS_MAIN(SpaceWatchTest)
#include "tst_space_watch.moc"
