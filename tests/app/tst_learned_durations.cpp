#include "tests/app/test_bench.h"

#include <QDateTime>
#include <QFile>
#include <QTest>

using namespace birch::test;
using namespace Qt::StringLiterals;

/// Estimates follow what the instruments of this station take.
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
};

QTEST_GUILESS_MAIN(LearnedDurationsTest)
#include "tst_learned_durations.moc"
