#include "core/base/unit.h"

#include <QTest>

#include <barrier>
#include <clocale>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

using namespace birch;
using namespace Qt::StringLiterals;

class UnitTest : public QObject
{
    Q_OBJECT

private slots:
    void benchUnits_data();
    void benchUnits();
    void opaque_data();
    void opaque();
    void traps_data();
    void traps();
    void doNotFit_data();
    void doNotFit();
    void sameUnitInTwoSpellings_data();
    void sameUnitInTwoSpellings();
    void differences_data();
    void differences();
    void numberLinesDoNotRoundTwice();
    void nonFiniteValues();
    void fourThreadsAgree();
    void localeDoesNotMatter();
};

/// 1 of \a symbol is \a value of \a target. Values are from SI, IEC 80000, CODATA and the makers'
/// definitions, not from udunits.
void UnitTest::benchUnits_data()
{
    QTest::addColumn<QString>("symbol");
    QTest::addColumn<QString>("target");
    QTest::addColumn<double>("value");
    const double pi = 3.14159265358979323846;
    const auto row = [](const char *symbol, const char *target, double value) {
        QTest::newRow(QByteArray(symbol) + " in " + target)
            << QString::fromUtf8(symbol) << QString::fromUtf8(target) << value;
    };
    row("mV", "V", 1e-3);
    row("µV", "V", 1e-6);
    row("\u03bcV", "V", 1e-6);
    row("uV", "V", 1e-6);
    row("nV", "V", 1e-9);
    row("kV", "V", 1e3);
    row("volt", "V", 1);
    row("VDC", "V", 1);
    row("mA", "A", 1e-3);
    row("nA", "A", 1e-9);
    row("pA", "A", 1e-12);
    row("fA", "nA", 1e-6);
    row("Ω", "V/A", 1);
    row("\u2126", "V/A", 1);
    row("kΩ", "Ohm", 1e3);
    row("MΩ", "ohm", 1e6);
    row("mΩ", "Ω", 1e-3);
    row("S", "1/Ω", 1);
    row("µS/cm", "S/m", 1e-4);
    row("Ω·cm", "Ω·m", 1e-2);
    row("pF", "F", 1e-12);
    row("µH", "H", 1e-6);
    row("C", "A*s", 1);
    row("mAh", "C", 3.6);
    row("W", "V A", 1);
    row("mW", "W", 1e-3);
    row("VA", "W", 1);
    row("eV", "J", 1.602176634e-19);
    row("meV", "eV", 1e-3);
    row("MeV", "keV", 1e3);
    row("millivolt", "V", 1e-3);
    row("micrometers", "mm", 1e-3);
    row("kWh", "J", 3.6e6);
    row("Hz", "1/s", 1);
    row("MHz", "Hz", 1e6);
    row("GHz", "kHz", 1e6);
    row("ms", "s", 1e-3);
    row("ns", "µs", 1e-3);
    row("fs", "ps", 1e-3);
    row("min", "s", 60);
    row("h", "min", 60);
    row("d", "h", 24);
    row("mm", "m", 1e-3);
    row("µm", "mm", 1e-3);
    row("nm", "m", 1e-9);
    row("Å", "nm", 0.1);
    row("\u212b", "nm", 0.1);
    row("in", "mm", 25.4);
    row("mil", "µm", 25.4);
    row("mm/s", "m/s", 1e-3);
    row("µm/s", "mm/s", 1e-3);
    row("mm/min", "mm/s", 1.0 / 60);
    row("mm/s²", "m/s^2", 1e-3);
    row("mm/s^2", "m/s2", 1e-3);
    row("cm⁻¹", "1/cm", 1);
    row("1/cm", "1/m", 100);
    row("cm^-1", "m⁻¹", 100);
    row("cm-1", "1/mm", 0.1);
    row("kayser", "cm⁻¹", 1);
    row("deg", "rad", pi / 180);
    row("°", "mrad", pi / 0.18);
    row("mdeg", "deg", 1e-3);
    row("arcsec", "deg", 1.0 / 3600);
    row("deg/s", "rad/s", pi / 180);
    row("rpm", "deg/s", 6);
    row("rev", "deg", 360);
    row("K", "mK", 1e3);
    row("°C", "K", 274.15);
    row("℃", "K", 274.15);
    row("degC", "K", 274.15);
    row("celsius", "°C", 1);
    row("K", "°C", -272.15);
    row("°F", "°C", -155.0 / 9);
    row("K/min", "K/s", 1.0 / 60);
    row("°C/min", "K/min", 1);
    row("W/K", "mW/K", 1e3);
    row("Pa", "N/m²", 1);
    row("mbar", "Pa", 100);
    row("hPa", "mbar", 1);
    row("bar", "kPa", 100);
    row("Torr", "Pa", 101325.0 / 760);
    row("mTorr", "Torr", 1e-3);
    row("atm", "Torr", 760);
    row("mmHg", "Pa", 133.322387415);
    row("psi", "Pa", 6894.757293168361);
    row("T", "G", 1e4);
    row("mT", "G", 10);
    row("kG", "T", 0.1);
    row("gauss", "µT", 100);
    row("Oe", "A/m", 250 / pi);
    row("kOe", "kA/m", 250 / pi);
    row("A/m", "kA/m", 1e-3);
    row("emu", "A m^2", 1e-3);
    row("Wb", "V·s", 1);
    row("nV/√Hz", "V/√Hz", 1e-9);
    row("nV/sqrt(Hz)", "nV/rtHz", 1);
    row("V/√kHz", "V/√Hz", 1 / std::sqrt(1000.0));
    row("nV·Hz^-0.5", "nV/√Hz", 1);
    row("V/kHz^0.5", "V/√kHz", 1);
    row("fT/√Hz", "pT/√Hz", 1e-3);
    row("V²/Hz", "V^2/√Hz/√Hz", 1);
    row("%", "", 0.01);
    row("ppm", "%", 1e-4);
    row("ppb", "ppm", 1e-3);
    row("‰", "%", 0.1);
    row("dBm", "mW", std::pow(10, 0.1));
    row("mW", "dBm", 0);
    row("W", "dBm", 30);
    row("dBm", "dBW", -29);
    row("Vrms", "dBV", 0);
    row("dBµV", "Vrms", 1e-6 * std::pow(10, 0.05));
    row("dB", "dB", 1);
    row("dBm/Hz", "dBm/Hz", 1);
    row("dB/m", "dB/km", 1e3);
    row("mVrms", "Vrms", 1e-3);
    row("Vpp", "mVpp", 1e3);
    row("µVrms/√Hz", "nVrms/√Hz", 1e3);
    row("sccm", "slm", 1e-3);
    row("slpm", "sccm", 1e3);
    row("L/min", "mL/min", 1e3);
    row("cts/s", "cps", 1);
    row("counts", "kcts", 1e-3);
    row("counts/s", "counts/ms", 1e-3);
    row("px", "pixel", 1);
    row("Mpx", "px", 1e6);
    row("px/mm", "px/µm", 1e-3);
    row("arb", "a.u.", 1);
    row("arb. u.", "arb", 1);
    row("kSa/s", "Sa/s", 1e3);
    row("mW/cm²", "W/m²", 10);
    row("N·m", "Nm", 1);
    row("gf", "mN", 9.80665);
    row("mol/L", "mmol/mL", 1);
    row("lm", "cd·sr", 1);
    row("g", "mg", 1e3);
    row("amu", "Da", 1);
    row("1", "", 1);
}

void UnitTest::benchUnits()
{
    QFETCH(QString, symbol);
    QFETCH(QString, target);
    QFETCH(double, value);
    const Unit from(symbol);
    QVERIFY2(!from.isOpaque(), "opaque");
    QVERIFY2(!Unit(target).isOpaque(), "target opaque");
    QVERIFY(from.isConvertibleTo(Unit(target)));
    const auto there = from.convert(1, Unit(target));
    QVERIFY2(there, there ? "" : qPrintable(there.error().message));
    QVERIFY2(std::abs(there.value() - value) <= 1e-14 * std::max(1.0, std::abs(value)),
             qPrintable(numberToText(there.value()) + u" not "_s + numberToText(value)));
    const auto back = Unit(target).convert(there.value(), from);
    QVERIFY(back && std::abs(back.value() - 1) < 1e-12);
    QCOMPARE(from.symbol(), symbol);
}

void UnitTest::opaque_data()
{
    QTest::addColumn<QString>("symbol");
    for (const char *symbol : {"widgets",
                               "mv",
                               "KHZ",
                               "M",
                               "a",
                               "au",
                               "k",
                               "m/",
                               "V//A",
                               "(V",
                               "2000-01-01",
                               "s since 2000-01-01",
                               "lg(re 1 mW)",
                               "K @ 273.15",
                               "10 V",
                               "mkV",
                               "mmin",
                               "V^1.5",
                               "√V",
                               "V#",
                               "cmH2O",
                               "é",
                               "mh",
                               "()",
                               "/s",
                               "m^",
                               "V ref A",
                               "1e3",
                               "1.5",
                               "*",
                               "m^99999999999"})
        QTest::newRow(symbol) << QString::fromUtf8(symbol);
}

void UnitTest::opaque()
{
    QFETCH(QString, symbol);
    const Unit unit(symbol);
    QVERIFY(unit.isOpaque());
    QVERIFY(!unit.isDimensionless());
    QCOMPARE(unit.symbol(), symbol);
    QVERIFY(unit == Unit(symbol));
    QVERIFY(unit.isConvertibleTo(Unit(symbol)));
    const auto same = unit.convert(3, Unit(symbol));
    QVERIFY(same && same.value() == 3);
    QVERIFY(!(unit == Unit(u"V"_s)));
    QVERIFY(!unit.isConvertibleTo(Unit()));
    QVERIFY(!(unit == Unit(u"other opaque"_s)));
    const auto converted = unit.convert(3, Unit(u"V"_s));
    QVERIFY(!converted);
    QCOMPARE(converted.error().code, ErrorCode::BadInput);
}

/// Symbols that other readers take for something else.
void UnitTest::traps_data()
{
    QTest::addColumn<QString>("symbol");
    QTest::addColumn<QString>("means");
    const auto row = [](const char *symbol, const char *means) {
        QTest::newRow(symbol) << QString::fromUtf8(symbol) << QString::fromUtf8(means);
    };
    row("C", "A·s"); // not degrees
    row("F", "C/V");
    row("G", "mT");  // gauss, not giga or gravity
    row("m", "km");  // metre, not milli
    row("min", "s"); // minute, not milli-inch
    row("h", "s");
    row("d", "s");
    row("T", "V·s/m²"); // tesla, not tera
    row("t", "kg");
    row("u", "kg");
    row("g", "kg");
    row("cd", "lm/sr"); // candela, not centiday
    row("Pa", "mbar");  // not peta-are
    row("ppt", "");
    row("K", "°C");
    row("S", "A/V");
    row("H", "Wb/A");
    row("Gs", "T");         // gauss, not gigasecond
    row("a.u.", "arb");     // not are times atomic unit
    row("cps", "counts/s"); // not rotations
    row("ft", "m");         // foot, not femtotonne
    row("Nm", "J");
    row("nm", "m");
    row("dB", "dB");
}

void UnitTest::traps()
{
    QFETCH(QString, symbol);
    QFETCH(QString, means);
    QVERIFY(!Unit(symbol).isOpaque());
    QVERIFY(Unit(symbol).isConvertibleTo(Unit(means)));
}

void UnitTest::doNotFit_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    const auto row = [](const char *a, const char *b) {
        QTest::newRow(QByteArray(a) + " and " + b) << QString::fromUtf8(a) << QString::fromUtf8(b);
    };
    row("V", "A");
    row("s", "Hz");   // udunits converts a period to a frequency
    row("rpm", "Hz"); // udunits converts by 2 pi
    row("deg", "");   // an angle is no number here
    row("rad/s", "Hz");
    row("Vrms", "V"); // needs the waveform
    row("Vpp", "Vrms");
    row("dB", "");
    row("dBm", "dB"); // as readings
    row("dBm", "V");
    row("dBc", "dBm");
    row("counts", "");
    row("px", "m");
    row("arb", "counts");
    row("sccm", "L/min"); // standard, not actual, conditions
    row("nV/√Hz", "nV");
    row("nV/√Hz", "nV/Hz");
    row("Oe", "T"); // H is not B
    row("K/min", "K");
    row("V", "");
    row("kg", "N");
    row("mH", "mh");
}

void UnitTest::doNotFit()
{
    QFETCH(QString, a);
    QFETCH(QString, b);
    QVERIFY(!Unit(a).isConvertibleTo(Unit(b)));
    QVERIFY(!Unit(b).isConvertibleTo(Unit(a)));
    QVERIFY(!(Unit(a) == Unit(b)));
    const auto converted = Unit(a).convert(1, Unit(b));
    QVERIFY(!converted);
    QCOMPARE(converted.error().code, ErrorCode::BadInput);
    QVERIFY(converted.error().message.contains(Unit(b).isDimensionless() ? u"plain number"_s : b));
}

void UnitTest::sameUnitInTwoSpellings_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<bool>("isSame");
    const auto row = [](const char *a, const char *b, bool isSame) {
        QTest::newRow(QByteArray(a) + " and " + b)
            << QString::fromUtf8(a) << QString::fromUtf8(b) << isSame;
    };
    row("V", "volt", true);
    row("V", " V ", true);
    row("µV", "uV", true);
    row("mV/s", "V/ks", true);
    row("cm⁻¹", "1/cm", true);
    row("°C", "degC", true);
    row("", "1", true);
    row("G", "Gs", true);
    row("V", "mV", false);
    row("°C", "K", false);
    row("%", "", false);
    row("dBm", "dBW", false);
    row("dBm", "dBm", true);
    row("Hz", "Bq", true);
}

void UnitTest::sameUnitInTwoSpellings()
{
    QFETCH(QString, a);
    QFETCH(QString, b);
    QFETCH(bool, isSame);
    QCOMPARE(Unit(a) == Unit(b), isSame);
    QCOMPARE(Unit(b) == Unit(a), isSame);
}

void UnitTest::differences_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("converted"); // NaN: must be refused
    const auto row = [](const char *from, const char *to, double value, double converted) {
        QTest::newRow(QByteArray(from) + " to " + to)
            << QString::fromUtf8(from) << QString::fromUtf8(to) << value << converted;
    };
    row("°C", "K", 20, 20);
    row("K", "°C", 0.5, 0.5);
    row("mK", "°C", 100, 0.1);
    row("°F", "K", 9, 5);
    row("°C", "°F", 5, 9);
    row("mV", "V", 10, 0.01);
    row("dB", "dBm", 3, 3);
    row("dBm", "dB", -3, -3);
    row("dBm", "dBW", 3, 3);
    row("dBm", "mW", 3, qQNaN());
    row("mW", "dBm", 3, qQNaN());
    row("V", "K", 1, qQNaN());
}

void UnitTest::differences()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(double, value);
    QFETCH(double, converted);
    const auto result = Unit(from).convertDifference(value, Unit(to));
    QCOMPARE(bool(result), !qIsNaN(converted));
    if (result)
        QCOMPARE(numberToText(result.value()), numberToText(converted)); // to the last bit
}

void UnitTest::numberLinesDoNotRoundTwice()
{
    // Readings convert with one rounding: every milliunit is the double of its decimal.
    const Unit milli(u"mV"_s);
    const Unit volt(u"V"_s);
    const Unit celsius(u"°C"_s);
    const Unit kelvin(u"K"_s);
    for (int i = -5000; i <= 5000; ++i) {
        const QByteArray decimal = QByteArray::number(i) + "e-3";
        QCOMPARE(milli.convert(i, volt).value(), decimal.toDouble());
        QCOMPARE(volt.convert(decimal.toDouble(), milli).value(), double(i));
        const QByteArray warm = QByteArray::number(27315 + i) + "e-2";
        QCOMPARE(celsius.convert(i / 100.0, kelvin).value(), warm.toDouble());
    }
}

void UnitTest::nonFiniteValues()
{
    const Unit milli(u"mV"_s);
    const Unit volt(u"V"_s);
    QVERIFY(qIsNaN(milli.convert(qQNaN(), volt).value()));
    QCOMPARE(milli.convert(qInf(), volt).value(), qInf());
    QVERIFY(std::signbit(milli.convert(-0.0, volt).value()));
    QVERIFY(!volt.convert(std::numeric_limits<double>::max(), milli));
    QVERIFY(!Unit(u"mW"_s).convert(-1, Unit(u"dBm"_s)));
    QVERIFY(!Unit(u"mW"_s).convert(0, Unit(u"dBm"_s)));
}

void UnitTest::fourThreadsAgree()
{
    constexpr int kThreads = 4;
    constexpr int kRounds = 2000;
    std::barrier start(kThreads);
    std::array<int, kThreads> wrong{};
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            start.arrive_and_wait();
            for (int i = 0; i < kRounds; ++i) {
                // A symbol that no thread has seen, so that the parser runs, and a known one.
                const Unit fresh(u"mV/%1"_s.arg(QString(i % 40, u' ') + u"s"_s));
                const auto number = QString::number(t * kRounds + i);
                const Unit unknown(u"w%1x"_s.arg(number));
                const auto shared = Unit(u"kV"_s).convert(i, Unit(u"V"_s));
                const auto other = fresh.convert(i, Unit(u"V/s"_s));
                wrong[size_t(t)] += !unknown.isOpaque() || !shared ||
                                    shared.value() != i * 1000.0 || !other ||
                                    other.value() != i / 1000.0;
            }
        });
    }
    threads.clear();
    for (const int count : wrong)
        QCOMPARE(count, 0);
}

void UnitTest::localeDoesNotMatter()
{
    const char *german = std::setlocale(LC_ALL, "de_DE.UTF-8");
    if (!german)
        german = std::setlocale(LC_ALL, "C.UTF-8"); // not installed: still a locale set by a window
    QVERIFY(german);
    QCOMPARE(Unit(u"in*in"_s).convert(1, Unit(u"mm²"_s)).value(), 645.16);
    QCOMPARE(quantityFromText(u"2.5 mV"_s, Unit(u"V"_s)).value(), 0.0025);
    std::setlocale(LC_ALL, "C");
}

QTEST_GUILESS_MAIN(UnitTest)
#include "tst_unit.moc"
