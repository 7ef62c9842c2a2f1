#include "tests/app/row_compare.h"
#include "tests/app/test_bench.h"
#include "tests/support/campaign.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch::test;

/// Instruments answer late, wrong, in pieces or not at all, are cut off, switched off and replaced
/// amid scans that try again: no wrong value is stored, no point lost, the order kept, and in the
/// end the outputs are safe, and that was read back. No call comes back later than 100 ms after its
/// deadline: birchctl measures that, on the thread that makes the call.
class FaultCampaignTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_station = std::make_unique<TestStation>();
        m_station->setEnvironment(u"BIRCH_LOG_LEVEL"_s, u"debug"_s); // tells how late calls were
        m_bench = std::make_unique<TestBench>(*m_station);
        QVERIFY2(m_bench->problem().isEmpty(), qPrintable(m_bench->problem()));
        const QString scan = run({}, {});
        QVERIFY(!scan.isEmpty());
        m_reference = m_station->table(scan, u"iv"_s).rows;
        QCOMPARE(m_reference.size(), 105);
        const auto table = m_station->show(scan)[u"measurements"].toArray().first();
        m_settings = settingsOf(table[u"columns"].toArray());
        QCOMPARE(m_settings, 9);
    }
    void cleanupTestCase()
    {
        m_campaign.forgetIfDone(m_campaign.count());
        qInfo("%lld calls, the latest came back %.1f ms after its deadline: %s", m_calls,
              m_latestMs, m_latestCall.constData());
    }

    void eachKindAlone_data()
    {
        QTest::addColumn<QString>("nickname");
        QTest::addColumn<QString>("script");
        for (const QString &fault : kinds()) {
            QTest::addRow("source, %s", qPrintable(fault)) << u"smu"_s << fault + u"@150"_s;
            QTest::addRow("stage, %s", qPrintable(fault)) << u"stage"_s << fault + u"@30"_s;
        }
        QTest::newRow("source, switched off twice") << u"smu"_s << u"power@90,power@91"_s;
        for (int reply = 86; reply < 106; reply += 4) // in some, amid the last moves of y
            QTest::addRow("stage, switched off at reply %d", reply)
                << u"stage"_s << u"power@%1"_s.arg(reply);
        for (int reply : {94, 98, 102}) // the next garbled one is amid the setting again
            QTest::addRow("stage, switched off at reply %d and garbled", reply)
                << u"stage"_s << u"power@%1,garble@%2"_s.arg(reply).arg(reply + 4);
        QTest::newRow("source, a stranger for a while") << u"smu"_s << u"stranger@90-94"_s;
    }
    void eachKindAlone()
    {
        QFETCH(QString, nickname);
        QFETCH(QString, script);
        runUnder(nickname == u"smu" ? script : QString(), nickname == u"smu" ? QString() : script);
    }

    void manyAtRandom()
    {
        QElapsedTimer whole;
        whole.start();
        const QString row = u"scans"_s;
        for (int done = m_campaign.done(row); done < m_campaign.count();) {
            std::mt19937 random = m_campaign.random(row, done);
            int faults = 0;
            const QString smu = script(random, 12, 300, &faults);
            const QString stage = script(random, 3, 90, &faults);
            runUnder(smu, stage);
            if (QTest::currentTestFailed()) {
                qInfo("after %d faults: smu %s, stage %s", done, qPrintable(smu),
                      qPrintable(stage));
                return;
            }
            m_campaign.setDone(row, done += faults);
        }
        qInfo("%d faults in %lld ms", m_campaign.count(), whole.elapsed());
    }

private:
    static QStringList kinds()
    {
        return {u"delay=50ms"_s, u"split=1ms"_s, u"garble"_s, u"cut"_s,     u"late=100ms"_s,
                u"hang"_s,       u"reset"_s,     u"power"_s,  u"stranger"_s};
    }
    /// \a count faults at replies after those of the connecting.
    static QString script(std::mt19937 &random, int count, int replies, int *faults)
    {
        constexpr int kConnecting = 8;
        QStringList words;
        for (int i = 0; i < count; ++i)
            words << u"%1@%2"_s.arg(kinds()[random() % kinds().size()])
                         .arg(kConnecting + random() % quint32(replies));
        *faults += count;
        return words.join(u',');
    }

    /// The scan's id, "" where it did not come to its end: it waits for what never happens there,
    /// so that it fails and all is made safe.
    QString run(const QString &smu, const QString &stage)
    {
        if (!m_bench->setFaults(u"smu"_s, smu) || !m_bench->setFaults(u"stage"_s, stage))
            return {};
        const Outcome outcome = m_station->run(
            {u"run"_s,
             qEnvironmentVariable("BIRCH_SOURCE_DIR") + u"/tests/app/trees/faults.scan.json"_s,
             u"--bench"_s, m_bench->file(), u"--json"_s});
        m_said = outcome.messages;
        const QJsonObject scan = outcome.json()[u"scans"][0].toObject();
        return scan[u"reason"].toString().contains(u"smu.voltage > 50 V")
                   ? scan[u"scan_id"].toString()
                   : QString();
    }

    /// The deadlines of the calls of the last run().
    void verifyPunctuality()
    {
        static const QRegularExpression line(u"birch\\.instrument: (\\w+(?: \\(link\\))?): (\\d+) "
                                             u"calls, the latest came back ([\\d.]+) ms after "
                                             "its deadline(.*)"_s);
        QStringList measured;
        for (auto told = line.globalMatch(QString::fromUtf8(m_said)); told.hasNext();) {
            const QRegularExpressionMatch match = told.next();
            m_calls += match.captured(2).toLongLong();
            const double latestMs = match.captured(3).toDouble();
            if (match.captured(2).toLongLong() > 0)
                measured << match.captured(1);
            if (latestMs > m_latestMs) {
                m_latestMs = latestMs;
                m_latestCall = match.captured(0).toUtf8();
            }
            QVERIFY2(latestMs <= 100, qPrintable(match.captured(0)));
        }
        measured.sort();
        QCOMPARE(measured, (QStringList{u"smu"_s, u"smu (link)"_s, u"stage"_s, u"stage (link)"_s}));
    }

    void runUnder(const QString &smu, const QString &stage)
    {
        const QString scan = run(smu, stage);
        QVERIFY2(!scan.isEmpty(), m_said.right(3000));
        verifyPunctuality();
        if (QTest::currentTestFailed())
            return;
        const Table table = m_station->table(scan, u"iv"_s);
        QCOMPARE(table.disorder, QString());
        QCOMPARE(table.rows.size(), m_reference.size());
        for (qsizetype i = 0; i < table.rows.size(); ++i)
            QVERIFY2(isSameRow(table.rows[i], m_reference[i], m_settings),
                     qPrintable(u"row %1: %2 instead of %3"_s.arg(i).arg(
                         QString::fromUtf8(table.rows[i]), QString::fromUtf8(m_reference[i]))));
        const auto logs = m_station->show(scan)[u"logs"].toArray();
        QVERIFY2(std::any_of(logs.begin(), logs.end(),
                             [](const QJsonValue &line) {
                                 return line[u"level"].toString() == u"safe" &&
                                        line[u"message"].toString().contains(
                                            u"smu.bias → 0 V, read back 0 V");
                             }),
                 qPrintable(QString::fromUtf8(QJsonDocument(logs).toJson())));
        QVERIFY(m_bench->setFaults(u"smu"_s, {}));
        QCOMPARE(m_bench->ask(u"smu"_s, "SOUR:VOLT?").toDouble(), 0.0);
        QVERIFY(m_bench->setFaults(u"stage"_s, {}));
        QCOMPARE(m_bench->ask(u"stage"_s, "1TP?\r").toDouble(), 14.0);
        QCOMPARE(m_bench->ask(u"stage"_s, "2TP?\r").toDouble(), 22.0);
    }

    Campaign m_campaign{u"faults"_s, "BIRCH_FAULTS", 30};
    std::unique_ptr<TestStation> m_station;
    std::unique_ptr<TestBench> m_bench;
    QByteArrayList m_reference; ///< of the scan nobody disturbed
    int m_settings = 0;
    QByteArray m_said;
    qint64 m_calls = 0; ///< of all runs
    double m_latestMs = 0;
    QByteArray m_latestCall;
};

QTEST_GUILESS_MAIN(FaultCampaignTest)
#include "tst_fault_campaign.moc"
