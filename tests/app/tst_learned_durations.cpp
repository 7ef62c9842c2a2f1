#include "tests/app/test_bench.h"

#include <QDateTime>
#include <QFile>
#include <QTest>

using namespace birch::test;
using namespace Qt::StringLiterals;

/// What the instruments of this station take is told, and estimates follow it.
class LearnedDurationsTest : public QObject
{
    Q_OBJECT
private slots:
    void estimatesAreLearned()
    {
        TestStation station;
        TestBench bench(station);
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        QVERIFY(bench.setFaults(u"smu"_s, u"delay=25ms@8-100000"_s)); // none of it declared
        const QString tree = station.write(u"tree.scan.json"_s, killTree(2, 12));
        const QStringList where{u"--bench"_s, bench.file(), u"--json"_s};
        const auto estimate = [&](const TestStation &at) {
            return at.run(QStringList{u"check"_s, tree} + where).json()[u"duration_s"].toDouble(-1);
        };
        const double before = estimate(station);
        double took = 0;
        for (int run = 0; run < 3; ++run) {
            const QJsonObject scan =
                station.run(QStringList{u"run"_s, tree} + where).json()[u"scans"][0].toObject();
            QCOMPARE(scan[u"status"].toString(), u"completed"_s);
            const QJsonObject record = station.show(scan[u"scan_id"].toString());
            const auto at = [&record](const char16_t *key) {
                return QDateTime::fromString(record[QStringView(key)].toString(),
                                             Qt::ISODateWithMs);
            };
            took = double(at(u"started").msecsTo(at(u"ended"))) / 1000;
        }
        const double after = estimate(station);
        qInfo("took %.3f s; estimated %.3f s before, %.3f s after", took, before, after);
        QVERIFY(before > 0 && before < 0.7 * took);
        QVERIFY(std::abs(after - took) < 0.2 * took); // other programs run beside this one
        QCOMPARE(estimate(TestStation()), before);    // another station has learned nothing

        // Cut off in the middle, as nothing of ours leaves it.
        QFile file(station.path(u"spool/step-times.json"_s));
        QVERIFY2(file.open(QIODevice::ReadWrite), qPrintable(file.fileName()));
        QVERIFY(file.resize(file.size() / 2));
        file.close();
        QCOMPARE(estimate(station), before);
        QCOMPARE(station.run(QStringList{u"run"_s, tree} + where).exitCode, 0);
        QVERIFY(estimate(station) > before);
    }

    /// What was written last before the death, about a second earlier, is told with the rest.
    void whereTheTimeWentIsKnownAfterAKill()
    {
        constexpr double kDelayNs = 25e6;
        TestStation station;
        TestBench bench(station);
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        QVERIFY(bench.setFaults(u"smu"_s, u"delay=25ms@8-100000"_s));
        const QString tree = station.write(u"tree.scan.json"_s, killTree(2, 40));
        const auto process =
            station.start({u"run"_s, tree, u"--bench"_s, bench.file(), u"--json"_s});
        const QString scan = TestStation::awaitPoints(*process, 40); // two seconds, at least
        QVERIFY(!scan.isEmpty());
        process->kill();
        (void)TestStation::await(*process);
        const Outcome resumed = station.run({u"resume"_s, scan, u"--bench"_s, bench.file()});
        QVERIFY2(resumed.exitCode == 0, resumed.messages);

        const Outcome shown = station.run({u"show"_s, scan, u"--timing"_s, u"--json"_s});
        const QJsonArray runs = shown.json()[u"timing"][u"runs"].toArray();
        QCOMPARE(runs.size(), 2);
        for (const QJsonValue &run : runs) {
            const double wall = run[u"wall_ns"].toDouble();
            QVERIFY(wall > 1e9);
            QVERIFY(std::abs(run[u"unattributed_ns"].toDouble()) <= 0.01 * wall);
            double reading = 0, count = 0;
            for (const QJsonValue &part : run[u"parts"].toArray()) {
                if (part[u"part"].toString() != u"read" ||
                    part[u"operation"].toString() != u"smu.iv")
                    continue;
                reading += part[u"ns"].toDouble();
                count += part[u"count"].toDouble();
            }
            QVERIFY2(count > 10 && reading >= 0.9 * kDelayNs * count, shown.output);
        }
        const Outcome text = station.run({u"show"_s, scan, u"--timing"_s});
        QVERIFY2(text.output.contains("wall time"), text.output);
    }
};

QTEST_GUILESS_MAIN(LearnedDurationsTest)
#include "tst_learned_durations.moc"
