#include "app/session/calibration_check.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/instruments/instrument_registry.h"
#include "tests/app/session/small_instrument.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class CalibrationCheckTest : public QObject
{
    Q_OBJECT
private slots:
    void byTheBench_data()
    {
        QTest::addColumn<QList<QDate>>("due"); // of the instrument, of its column "v"
        QTest::addColumn<QStringList>("warned");
        const QDate past(2026, 5, 30);
        const QDate today(2026, 5, 31);
        QTest::newRow("nothing said") << QList<QDate>{{}, {}} << QStringList();
        QTest::newRow("the last day") << QList<QDate>{today, {}} << QStringList();
        QTest::newRow("overdue") << QList<QDate>{past, {}} << QStringList{u"smu"_s};
        QTest::newRow("of a column") << QList<QDate>{today, past} << QStringList{u"smu.v"_s};
        QTest::newRow("both alike") << QList<QDate>{past, past} << QStringList{u"smu"_s};
        QTest::newRow("both") << QList<QDate>{past, past.addDays(-1)}
                              << QStringList{u"smu"_s, u"smu.v"_s};
    }
    void byTheBench()
    {
        QFETCH(QList<QDate>, due);
        QFETCH(QStringList, warned);
        Calibration own;
        own.due = due[0];
        Calibration column;
        column.column = u"v"_s;
        column.due = due[1];
        column.date = QDate(2025, 5, 30);
        InstrumentSpec spec;
        spec.calibrations = {own, column};
        const BenchSpecs bench{{u"smu"_s, spec}, {u"unused"_s, spec}};
        QStringList fields;
        for (const Problem &warning :
             calibrationWarnings({u"smu"_s, u"nobody"_s}, bench, QDate(2026, 5, 31))) {
            fields << warning.field;
            QVERIFY(warning.message.contains(warning.field));
            QVERIFY(warning.message.contains(u"2026-05-"_s));
            QVERIFY(!warning.remedy.isEmpty());
        }
        QCOMPARE(fields, warned);
    }

    void byTheTable()
    {
        test::SmallStation station;
        Connection &connection = station.data->connection();
        const Session &session = station.data->session();
        const InstrumentAtStation probe{u"PROBE"_s, u"P1"_s,    u"4711"_s, u"TEST"_s,
                                        u"probe"_s, u"ASRL1"_s, u"probe"_s};
        QVERIFY(InstrumentRegistry(connection, session).enter(probe, 0));
        const auto add = [&](const QVariantMap &values) {
            QVariantMap all{{u"object"_s, u"instruments:P1 4711"_s}};
            all.insert(values);
            const auto added = EntityRepository(connection, *entityByTable(u"calibrations"_s))
                                   .insert(session, all);
            return added ? QString() : added.error().message;
        };
        QCOMPARE(add({{u"calibrated_on"_s, u"2024-01-01"_s}, {u"due_on"_s, u"2025-01-01"_s}}),
                 QString());
        BenchSpecs bench{{u"probe"_s, InstrumentSpec()}};
        const auto warned = [&](const QString &nickname, const QString &where = u"TEST"_s) {
            const auto warnings = storedCalibrationWarnings(connection, session, where, {nickname},
                                                            bench, QDate(2026, 5, 31));
            return warnings ? warnings.value().value(0).message : warnings.error().message;
        };
        QCOMPARE(warned(u"probe"_s), u"The calibration of probe is overdue since 2025-01-01 (the "
                                     "last one was on 2024-01-01)"_s);
        QCOMPARE(warned(u"other"_s), QString());
        QCOMPARE(warned(u"probe"_s, u"LAB2"_s), QString());
        // The bench file knows of a newer one.
        Calibration newer;
        newer.date = QDate(2026, 1, 1);
        bench[u"probe"_s].calibrations = {newer};
        QCOMPARE(warned(u"probe"_s), QString());
        bench[u"probe"_s].calibrations.clear();
        QVERIFY(!warned(u"probe"_s).isEmpty());
        QCOMPARE(add({{u"calibrated_on"_s, u"2025-12-01"_s}, {u"due_on"_s, u"2026-05-31"_s}}),
                 QString());
        QCOMPARE(warned(u"probe"_s), QString()); // due today
    }
};

QTEST_GUILESS_MAIN(CalibrationCheckTest)
#include "tst_calibration_check.moc"
