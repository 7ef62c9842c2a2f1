#include "tests/app/test_bench.h"

#include <QDirIterator>
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch::test;

/// Spools that are not simply to be recovered.
class SpoolConditionsTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_station = std::make_unique<TestStation>();
        m_bench = std::make_unique<TestBench>(*m_station);
        QVERIFY2(m_bench->problem().isEmpty(), qPrintable(m_bench->problem()));
    }

    void ofARunningScanIsLeftAlone()
    {
        const auto process = start(slowTree(1000, u"20 ms"_s));
        const QString scan = TestStation::awaitPoints(*process, 3);
        QVERIFY2(!scan.isEmpty(), process->readAllStandardError());

        const Outcome listed = m_station->run({u"resume"_s, u"--json"_s});
        QCOMPARE(listed.exitCode, 0);
        QVERIFY2(listed.messages.contains(scan.toUtf8()), listed.messages);
        QVERIFY(listed.json()[u"scans"].toArray().isEmpty());
        const Outcome taken = resume(scan);
        QCOMPARE(taken.exitCode, 2);
        QVERIFY2(taken.messages.contains(scan.toUtf8()), taken.messages);
        QCOMPARE(m_station->show(scan)[u"status"].toString(), u"running"_s);

        process->terminate();
        QCOMPARE(TestStation::await(*process).exitCode, 3);
    }

    void ofAnotherDatabaseIsRefused()
    {
        const QString scan = killAmidPoints();
        const qsizetype kept = m_station->table(scan, u"iv"_s).rows.size();
        const QString other = m_station->path(u"other.sqlite"_s);
        const QString uid =
            m_station->run({u"db"_s, u"status"_s, u"--json"_s}).json()[u"uid"].toString();
        QVERIFY(!uid.isEmpty());
        const Outcome status = m_station->run({u"db"_s, u"status"_s, u"--json"_s});
        QCOMPARE(status.exitCode, 1); // something is to be done
        QVERIFY2(status.json()[u"problems"][0].toString().contains(u"birchctl resume"_s),
                 status.output);
        const QJsonObject backlog = status.json()[u"backlog"][0].toObject();
        QVERIFY2(backlog[u"here"].toBool() && backlog[u"rows"].toInteger() > 0, status.output);
        const Outcome elsewhere = m_station->run(
            {u"db"_s, u"init"_s, u"--database"_s, m_station->path(u"third.sqlite"_s)});
        QCOMPARE(elsewhere.exitCode, 0);
        QCOMPARE(
            m_station
                ->run({u"db"_s, u"status"_s, u"--database"_s, m_station->path(u"third.sqlite"_s)})
                .exitCode,
            0); // not its business

        const Outcome refused = m_station->run({u"resume"_s, u"--database"_s, other, u"--json"_s});
        QCOMPARE(refused.exitCode, 0);
        QVERIFY2(refused.messages.contains(scan.toUtf8()), refused.messages);
        QVERIFY2(refused.messages.contains(uid.toUtf8()), refused.messages);
        QVERIFY(refused.json()[u"scans"].toArray().isEmpty());
        QCOMPARE(m_station->run({u"scans"_s, u"--database"_s, other, u"--json"_s})
                     .json()[u"total"]
                     .toInt(-1),
                 0);

        QCOMPARE(m_station->run({u"resume"_s, u"--json"_s}).exitCode, 0);
        QVERIFY(m_station->table(scan, u"iv"_s).rows.size() > kept);
        QCOMPARE(m_station->run({u"db"_s, u"status"_s}).exitCode, 0);
    }

    void tornInARecordGivesWhatIsWhole()
    {
        const QString scan = killAmidPoints();
        const qint64 cut = tearLastSegment();
        QVERIFY(cut > 0);
        const Outcome recovered = m_station->run({u"resume"_s, u"--json"_s});
        QCOMPARE(recovered.exitCode, 0);
        QCOMPARE(recovered.json()[u"scans"][0][u"scan_id"].toString(), scan);
        // The last record alone is lost: it held one row.
        QVERIFY2(m_station->table(scan, u"iv"_s).rows.size() >= m_told - 1,
                 qPrintable(u"told of %1"_s.arg(m_told)));
        QCOMPARE(m_station->table(scan, u"iv"_s).disorder, QString());
        const Outcome resumed = resume(scan);
        QVERIFY2(resumed.exitCode == 0, resumed.messages.right(2000));
        QCOMPARE(m_station->show(scan)[u"status"].toString(), u"completed"_s);
        QCOMPARE(m_station->table(scan, u"iv"_s).rows.size(), 60);
        QCOMPARE(m_station->table(scan, u"iv"_s).disorder, QString());
    }

private:
    std::unique_ptr<QProcess> start(const QByteArray &tree) const
    {
        return m_station->start({u"run"_s, m_station->write(u"tree.scan.json"_s, tree),
                                 u"--bench"_s, m_bench->file(), u"--json"_s});
    }

    Outcome resume(const QString &scan) const
    {
        return m_station->run({u"resume"_s, scan, u"--bench"_s, m_bench->file(), u"--json"_s});
    }

    QString killAmidPoints()
    {
        m_station->setEnvironment(u"BIRCH_FLUSH_INTERVAL"_s, u"1 h"_s); // the spool keeps it all
        const auto process = start(slowTree(60, u"10 ms"_s));
        const QString scan = TestStation::awaitPoints(*process, 20);
        process->kill();
        m_told = std::max<qint64>(20, TestStation::await(*process).pointsTold());
        return scan;
    }

    /// Cuts the last record of the newest segment in half. Where; 0 when there is none.
    qint64 tearLastSegment() const
    {
        QStringList segments;
        QDirIterator files(m_station->path(u"spool"_s), {u"*.spool"_s}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext())
            segments << files.next();
        segments.sort();
        QFile segment(segments.value(segments.size() - 1));
        if (!segment.open(QIODevice::ReadWrite))
            return 0;
        qint64 end = segment.readAll().size(); // space kept back behind the records is zero
        segment.seek(0);
        const QByteArray bytes = segment.readAll();
        while (end > 0 && bytes[end - 1] == '\0')
            --end;
        return end > 20 && segment.resize(end - 20) ? end - 20 : 0;
    }

    std::unique_ptr<TestStation> m_station;
    std::unique_ptr<TestBench> m_bench;
    qint64 m_told = 0;
};

QTEST_GUILESS_MAIN(SpoolConditionsTest)
#include "tst_spool_conditions.moc"
