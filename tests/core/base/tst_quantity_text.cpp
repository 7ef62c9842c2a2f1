#include "core/base/unit.h"

#include <QRandomGenerator>
#include <QTest>

#include <bit>
#include <cmath>
#include <limits>

using namespace birch;
using namespace Qt::StringLiterals;

class QuantityTextTest : public QObject
{
    Q_OBJECT

private slots:
    void exact_data();
    void exact();
    void everyPrefixIsAShift();
    void refused_data();
    void refused();
    void temperatureDifferenceIsNoTemperature();
    void decibelSteps();
    void rates_data();
    void rates();
    void textOfNumbers_data();
    void textOfNumbers();
    void textReadsBack();
};

void QuantityTextTest::exact_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("target");
    QTest::addColumn<double>("value"); // the compiler's own reading of the decimal
    const auto row = [](const char *text, const char *target, double value) {
        QTest::newRow(QByteArray(text) + " in " + target)
            << QString::fromUtf8(text) << QString::fromUtf8(target) << value;
    };
    row("10 mV", "V", 0.01);
    row("10mV", "V", 0.01);
    row("0.3 mV", "V", 0.3e-3);
    row("33 µV", "mV", 0.033);
    row("-2.5 µm", "mm", -0.0025);
    row("1e-3 V", "mV", 1);
    row("1E+3 mV", "V", 1);
    row("7", "V", 7);
    row("+7", "V", 7);
    row("  0.1  ", "V", 0.1);
    row(".5 V", "V", 0.5);
    row("5. V", "V", 5);
    row("−3 V", "V", -3); // U+2212, as pasted from a paper
    row("1e−3 V", "V", 1e-3);
    row("1eV", "eV", 1);
    row("1.1eV", "meV", 1100);
    row("1 min", "s", 60);
    row("90 s", "min", 1.5);
    row("100 ms", "min", 0.1 / 60);
    row("36 km/h", "m/s", 10);
    row("20 °C", "K", 293.15);
    row("10 °C", "K", 283.15);
    row("300 K", "°C", 26.85);
    row("212 °F", "°C", 100);
    row("4.2 K", "mK", 4200);
    row("50 %", "", 0.5);
    row("3", "", 3);
    row("5 widgets", "widgets", 5);
    row("5", "widgets", 5);
    row("0 dBm", "mW", 1);
    row("1 W", "dBm", 30);
    row("1 mTorr", "Torr", 1e-3);
    row("5 kG", "T", 0.5);
    row("0.1 T", "G", 1000);
    row("5.3 nV/√Hz", "V/√Hz", 5.3e-9);
    row("180 deg", "rad", 3.14159265358979323846);
    row("0.10000000000000000555 V", "V", 0.1);
    row("123456789012345678901234567890 nV", "V", 123456789012345678901.23456789);
    row("4.9406564584124654e-324", "V", 4.9406564584124654e-324);
    row("1e310 nV", "V", 1e301); // only the result must be a number
}

void QuantityTextTest::exact()
{
    QFETCH(QString, text);
    QFETCH(QString, target);
    QFETCH(double, value);
    const auto read = quantityFromText(text, Unit(target));
    QVERIFY2(read, read ? "" : qPrintable(read.error().message));
    QCOMPARE(std::bit_cast<quint64>(read.value()), std::bit_cast<quint64>(value));
}

void QuantityTextTest::everyPrefixIsAShift()
{
    const struct {
        QString prefix;
        int exponent;
    } prefixes[] = {{u"f"_s, -15}, {u"p"_s, -12}, {u"n"_s, -9}, {u"µ"_s, -6}, {u"m"_s, -3},
                    {u""_s, 0},    {u"k"_s, 3},   {u"M"_s, 6},  {u"G"_s, 9}};
    QRandomGenerator random(1);
    for (int i = 0; i < 2000; ++i) {
        const auto &from = prefixes[random.bounded(9)];
        const auto &to = prefixes[random.bounded(9)];
        const QByteArray digits = QByteArray::number(random.bounded(2'000'000) - 1'000'000) + '.' +
                                  QByteArray::number(random.bounded(100'000));
        const double expected =
            std::strtod(digits + 'e' + QByteArray::number(from.exponent - to.exponent), nullptr);
        const auto read = quantityFromText(QString::fromLatin1(digits) + u' ' + from.prefix + u'V',
                                           Unit(to.prefix + u'V'));
        QVERIFY(read);
        QCOMPARE(std::bit_cast<quint64>(read.value()), std::bit_cast<quint64>(expected));
    }
}

void QuantityTextTest::refused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("says"); // a word that the sentence must hold
    const auto row = [](const char *text, const char *target, const char *says) {
        QTest::newRow(QByteArray(text) + " for " + target)
            << QString::fromUtf8(text) << QString::fromUtf8(target) << QString::fromUtf8(says);
    };
    row("", "V", "not a number");
    row("   ", "V", "not a number");
    row("V", "V", "not a number");
    row("mV 10", "V", "not a number");
    row("nan", "V", "not a number");
    row("inf", "V", "not a number");
    row("--3", "V", "not a number");
    row("0,5 V", "V", "point");
    row("1e400", "V", "too large");
    row("1e-400", "V", "too small");
    row("0x10", "V", "write it in V");
    row("1 2", "V", "write it in V");
    row("1e", "V", "write it in V");
    row("10 V", "K", "K, mK, °C");
    row("10 mv", "V", "mV");
    row("5 widgets", "V", "widgets");
    row("5 V", "widgets", "widgets");
    row("25 C", "°C", "°C");
    row("1 s", "Hz", "kHz");
    row("1 Vrms", "V", "V, mV");
    row("3 dB", "dBm", "dBm");
    row("-1 mW", "dBm", "above zero");
    row("5 deg", "", "plain number");
}

void QuantityTextTest::refused()
{
    QFETCH(QString, text);
    QFETCH(QString, target);
    QFETCH(QString, says);
    const auto read = quantityFromText(text, Unit(target));
    QVERIFY2(!read, read ? qPrintable(numberToText(read.value())) : "");
    QCOMPARE(read.error().code, ErrorCode::BadInput);
    QVERIFY2(read.error().message.contains(says), qPrintable(read.error().message));
}

void QuantityTextTest::temperatureDifferenceIsNoTemperature()
{
    const Unit celsius(u"°C"_s);
    const Unit kelvin(u"K"_s);
    QCOMPARE(quantityFromText(u"5 K"_s, celsius, QuantityKind::Difference).value(), 5.0);
    QCOMPARE(quantityFromText(u"5 K"_s, celsius).value(), -268.15);
    QCOMPARE(quantityFromText(u"5 °C"_s, kelvin, QuantityKind::Difference).value(), 5.0);
    QCOMPARE(quantityFromText(u"5 °C"_s, kelvin).value(), 278.15);
    QCOMPARE(quantityFromText(u"100 mK"_s, celsius, QuantityKind::Difference).value(), 0.1);
    QCOMPARE(quantityFromText(u"9 °F"_s, celsius, QuantityKind::Difference).value(), 5.0);
    QCOMPARE(quantityFromText(u"2 °C/min"_s, Unit(u"K/min"_s)).value(), 2.0);
}

void QuantityTextTest::rates_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("unit");
    QTest::addColumn<double>("rate"); // per second; 0: refused
    const auto row = [](const char *text, const char *unit, double rate) {
        QTest::newRow(QByteArray(text) + " for " + unit)
            << QString::fromUtf8(text) << QString::fromUtf8(unit) << rate;
    };
    row("10 mV/s", "V", 0.01);
    row("0.5 K/min", "K", 0.5 / 60);
    row("0.5 K / min", "K", 0.5 / 60);
    row("0.5 K/min", "°C", 0.5 / 60);
    row("9 °F/h", "°C", 5.0 / 3600);
    row("1 mm/ms", "mm", 1000);
    row("3 dB/s", "dBm", 3);
    row("2 florp/min", "florp", 2.0 / 60);
    row("2 V/m/s", "V/m", 2);
    row("6 /min", "", 0.1);
    row("0.25", "V", 0.25);
    row("10 mV", "V", 0);
    row("10 mV/K", "V", 0);
    row("10 mV/", "V", 0);
    row("2 V/m", "V/m", 0);
    row("10 A/s", "V", 0);
    row("10/s mV", "V", 0);
    row("", "V", 0);
}

void QuantityTextTest::rates()
{
    QFETCH(QString, text);
    QFETCH(QString, unit);
    QFETCH(double, rate);
    const auto read = rateFromText(text, Unit(unit));
    QCOMPARE(bool(read), rate != 0);
    if (read)
        QCOMPARE(read.value(), rate);
    else
        QVERIFY(!read.error().message.isEmpty());
}

void QuantityTextTest::decibelSteps()
{
    const Unit dbm(u"dBm"_s);
    QCOMPARE(quantityFromText(u"3 dB"_s, dbm, QuantityKind::Difference).value(), 3.0);
    const auto milliwatts = quantityFromText(u"3 mW"_s, dbm, QuantityKind::Difference);
    QVERIFY(!milliwatts);
    QVERIFY(milliwatts.error().message.contains(u"dB"));
}

void QuantityTextTest::textOfNumbers_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("tenth") << 0.1 << u"0.1"_s;
    QTest::newRow("whole") << 3.0 << u"3"_s;
    QTest::newRow("minus zero") << -0.0 << u"-0"_s;
    QTest::newRow("thirds") << 1.0 / 3 << u"0.3333333333333333"_s;
    QTest::newRow("small") << 5.3e-9 << u"5.3e-09"_s;
    QTest::newRow("large") << 1e22 << u"1e+22"_s;
    QTest::newRow("denormal") << 5e-324 << u"5e-324"_s;
    QTest::newRow("nan") << qQNaN() << u"nan"_s;
    QTest::newRow("minus nan") << -qQNaN() << u"nan"_s;
    QTest::newRow("inf") << qInf() << u"inf"_s;
    QTest::newRow("minus inf") << -qInf() << u"-inf"_s;
}

void QuantityTextTest::textOfNumbers()
{
    QFETCH(double, value);
    QFETCH(QString, text);
    QCOMPARE(numberToText(value), text);
}

void QuantityTextTest::textReadsBack()
{
    QRandomGenerator64 random(2);
    for (int i = 0; i < 20'000; ++i) {
        const double value = std::bit_cast<double>(random.generate64());
        if (!std::isfinite(value))
            continue;
        const double back = numberToText(value).toDouble();
        QCOMPARE(std::bit_cast<quint64>(back), std::bit_cast<quint64>(value));
    }
}

QTEST_GUILESS_MAIN(QuantityTextTest)
#include "tst_quantity_text.moc"
