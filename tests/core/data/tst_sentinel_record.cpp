#include "core/data/sentinel_record.h"

#include "tests/core/data/memory_run_store.h"
#include "tests/core/data/sample_rows.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

/// What a sentinel did reaches the log of its scan, whoever is killed in between, once.
class SentinelRecordTest : public QObject
{
    Q_OBJECT
    using Fault = MemoryDatabase::Fault;

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_database = std::make_unique<MemoryDatabase>();
        m_scan = sampleScan();
    }

    void proofReachesTheLogOnce_data()
    {
        QTest::addColumn<bool>("isOver");
        QTest::addColumn<int>("lines");
        QTest::newRow("ended") << true << 2;
        QTest::newRow("sentinel killed while it drove") << false << 3;
    }
    void proofReachesTheLogOnce()
    {
        QFETCH(bool, isOver);
        QFETCH(int, lines);
        interrupt();
        const QString folder = leave(2, isOver);
        MemoryRunStore store(*m_database);
        m_database->setFault(Fault::LoseAnswer, ErrorCode::NotConnected, 1, 1);
        QVERIFY(!storeSentinelRecord(folder, store)); // stored, but nobody heard
        QVERIFY(QDir(folder).exists());
        QVERIFY(storeSentinelRecord(folder, store));
        QVERIFY(!QDir(folder).exists());
        const auto stored = m_database->scan(m_scan.uid);
        QCOMPARE(int(stored.log.size()), lines);
        QCOMPARE(stored.log.begin()->second.message, u"line 0"_s);
        QCOMPARE(stored.log.begin()->second.timeNs, kTime);
        QVERIFY(stored.log.begin()->first > (qint64(1) << 32)); // behind the scan's own lines
        QVERIFY(stored.log.rbegin()->first < (qint64(2) << 32));
        QCOMPARE(stored.opened.state, ScanState::Interrupted);
        QVERIFY(stored.wasLastDurable);
    }

    void unusedOneIsTidiedAway()
    {
        const QString folder = leave(0, false);
        MemoryRunStore store(*m_database);
        QVERIFY(storeSentinelRecord(folder, store));
        QVERIFY(!QDir(folder).exists());
    }

    void waits_data()
    {
        QTest::addColumn<QString>("because");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("the sentinel lives") << u"held"_s << ErrorCode::Conflict;
        QTest::newRow("points are in the spool") << u"spool"_s << ErrorCode::Conflict;
        QTest::newRow("another database") << u"foreign"_s << ErrorCode::Conflict;
        QTest::newRow("the scan runs again") << u"running"_s << ErrorCode::Conflict;
        QTest::newRow("the database is away") << u"away"_s << ErrorCode::NotConnected;
        QTest::newRow("no such scan") << u"unknown"_s << ErrorCode::NotFound;
    }
    void waits()
    {
        QFETCH(QString, because);
        QFETCH(ErrorCode, code);
        if (because != u"unknown")
            interrupt();
        const QString folder =
            leave(2, true, because == u"foreign" ? QUuid::createUuid() : QUuid());
        MemoryRunStore store(*m_database);
        std::shared_ptr<SpoolLock> held;
        if (because == u"held")
            held = SpoolLock::take(folder).value();
        else if (because == u"spool")
            QVERIFY(QDir(m_dir->path()).mkdir(m_scan.uid.toString(QUuid::WithoutBraces)));
        else if (because == u"running")
            QVERIFY(store.continueScan(m_scan.uid));
        else if (because == u"away")
            m_database->setFault(Fault::Refuse);
        const Status stored = storeSentinelRecord(folder, store);
        QVERIFY(!stored);
        QCOMPARE(stored.error().code, code);
        QVERIFY(!stored.error().message.isEmpty());
        QCOMPARE(listSentinelRecords(m_dir->path()).size(), 1);
        QCOMPARE(listSentinelRecords(m_dir->path()).first().log.size(), 2);
        QVERIFY(m_database->scan(m_scan.uid).log.empty());
    }

    void saysWhomItGuards()
    {
        auto writer = SentinelRecordWriter::create(m_dir->path(), guard({}));
        QVERIFY(writer);
        SentinelGuard changed = guard({});
        changed.instruments = {u"smu"_s, u"stage"_s};
        QVERIFY(writer.value()->guard(changed));
        auto records = listSentinelRecords(m_dir->path());
        QCOMPARE(records.size(), 1);
        QVERIFY(records.first().isHeld);
        QVERIFY(records.first().guard == changed);
        QVERIFY(!discardSentinelRecord(records.first().folder)); // it lives
        QVERIFY(writer.value()->discard());
        QVERIFY(listSentinelRecords(m_dir->path()).isEmpty());
    }

    void cutLineIsLeftOut()
    {
        interrupt();
        const QString folder = leave(2, false);
        QFile file(folder + u"/record.jsonl"_s);
        QVERIFY(file.open(QIODevice::Append));
        file.write("{\"kind\":\"log\",\"mess");
        file.close();
        QCOMPARE(listSentinelRecords(m_dir->path()).first().log.size(), 2);
    }

private:
    static constexpr qint64 kTime = 1'795'240'949'513'680'613; // no double holds it

    SentinelGuard guard(const QUuid &database) const
    {
        return {{4711, 12},
                {4712, 13},
                database.isNull() ? m_database->uid : database,
                m_scan.uid,
                u"RIG-1"_s,
                {u"smu"_s},
                {u"TCPIP0::1.2.3.4::5025::SOCKET"_s}};
    }
    void interrupt()
    {
        MemoryRunStore store(*m_database);
        QVERIFY(store.createScan(m_scan));
        m_database->edit(m_scan.uid, [](MemoryDatabase::Scan &scan) {
            scan.opened.state = ScanState::Interrupted;
        });
    }
    /// Of a sentinel that is gone.
    QString leave(int lines, bool isOver, const QUuid &database = {})
    {
        auto writer = SentinelRecordWriter::create(m_dir->path(), guard(database));
        for (int i = 0; i < lines; ++i)
            (void)writer.value()->log({kTime + i, u"safe"_s, u"line %1"_s.arg(i)});
        if (isOver)
            (void)writer.value()->end();
        return listSentinelRecords(m_dir->path()).first().folder;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<MemoryDatabase> m_database;
    NewScan m_scan;
};

QTEST_GUILESS_MAIN(SentinelRecordTest)
#include "tst_sentinel_record.moc"
