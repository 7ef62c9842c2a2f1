#include "widgets/models/number_text.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class NumberTextTest : public QObject
{
    Q_OBJECT
private slots:
    void quantities_data();
    void quantities();
    void durations_data();
    void durations();
    void clocks();
    void flaggedValuesSayWhy();
};

void NumberTextTest::quantities_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("unit");
    QTest::addColumn<QString>("text");
    QTest::newRow("milli") << 0.0032 << u"V"_s << u"3.2\u00a0mV"_s;
    QTest::newRow("micro") << 1.24e-6 << u"A"_s << u"1.24\u00a0µA"_s;
    QTest::newRow("one") << 1.0 << u"V"_s << u"1\u00a0V"_s;
    QTest::newRow("kilo, negative") << -12345.6 << u"Hz"_s << u"\u221212.346\u00a0kHz"_s;
    QTest::newRow("zero") << 0.0 << u"V"_s << u"0\u00a0V"_s;
    QTest::newRow("has a prefix already") << 0.0025 << u"mm"_s << u"0.0025\u00a0mm"_s;
    QTest::newRow("kelvin stays") << 300.02 << u"K"_s << u"300.02\u00a0K"_s;
    QTest::newRow("no unit") << 5.0 << QString() << u"5"_s;
    QTest::newRow("tiny") << 3e-18 << u"A"_s << u"0.003\u00a0fA"_s;
    QTest::newRow("exponent") << 1.5e-9 << u"counts"_s << u"1.5e\u22129\u00a0counts"_s;
}

void NumberTextTest::quantities()
{
    QFETCH(double, value);
    QFETCH(QString, unit);
    QTEST(displayQuantity(value, unit), "text");
}

void NumberTextTest::durations_data()
{
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("short") << 1.24 << u"1.2 s"_s;
    QTest::newRow("negative is none") << -3.0 << u"0.0 s"_s;
    QTest::newRow("seconds") << 14.4 << u"14 s"_s;
    QTest::newRow("minutes") << 130.0 << u"2 min 10 s"_s;
    QTest::newRow("hours") << 7800.0 << u"2 h 10 min"_s;
    QTest::newRow("days") << 273600.0 << u"3 d 4 h"_s;
}

void NumberTextTest::durations()
{
    QFETCH(double, seconds);
    QTEST(displayDuration(Nanoseconds(qint64(seconds * 1e9))), "text");
}

void NumberTextTest::clocks()
{
    const QDateTime now(QDate(2026, 11, 20), QTime(15, 2));
    QCOMPARE(displayClock(now.addSecs(3600), now), u"16:02"_s);
    QCOMPARE(displayClock(now.addDays(1), now), u"Sat 15:02"_s);
    QCOMPARE(displayClock(now.addDays(30), now), u"2026-12-20 15:02"_s);
}

void NumberTextTest::flaggedValuesSayWhy()
{
    QCOMPARE(displayValue(0, ValueState::Overload, u"V"_s), u"overload"_s);
    QCOMPARE(displayValue(0.5, ValueState::Ok, u"V"_s), u"500\u00a0mV"_s);
}

QTEST_GUILESS_MAIN(NumberTextTest)
#include "tst_number_text.moc"
