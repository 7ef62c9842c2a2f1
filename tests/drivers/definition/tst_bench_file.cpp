#include "drivers/definition/bench_file.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
const QByteArray kValid = R"(name: Probe bench
station: LAB7
simulate: false
seed: 5
world: {temperature: 77}
instruments:
  smu:
    definition: demo-smu
    address: TCPIP::10.0.0.5::5025::SOCKET
    movements:
      bias:
        limits: [-5, 5]
        safe: {value: 1, order: 3}
        tolerance: 0.01
        ramp_rate: 2
  heater:
    definition: demo-heater
    address: ASRL/dev/ttyUSB0::INSTR
    link: {lock: false, serial: {baud: 9600, dtr: off, rts: on}}
)";

QString describe(const Problems &problems)
{
    QString text;
    for (const Problem &p : problems)
        text += u"%1: %2: %3 (%4)\n"_s.arg(p.line).arg(p.field, p.message, p.remedy);
    return text;
}

BenchLoad load(const QByteArray &text, const QString &path = u"/nonexistent/a.bench.yaml"_s)
{
    const QString folder =
        QString::fromLocal8Bit(qgetenv("BIRCH_SOURCE_DIR") + "/resources/instruments");
    return loadBenchText(text, path, {folder});
}
} // namespace

class BenchFileTest : public QObject
{
    Q_OBJECT
private slots:
    void sentinelRule_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("wrong"); // "": it is right
        QTest::addColumn<int>("enabled");   // -1: not said
        QTest::addColumn<int>("beatMs");
        QTest::addColumn<int>("missed");
        QTest::newRow("absent") << QByteArray() << QString() << -1 << 1000 << 3;
        QTest::newRow("whole") << "sentinel: {enabled: true, beat: 200 ms, missed: 5}\n"_ba
                               << QString() << 1 << 200 << 5;
        QTest::newRow("off") << "sentinel: {enabled: false}\n"_ba << QString() << 0 << 1000 << 3;
        QTest::newRow("never kills")
            << "sentinel: {missed: 0}\n"_ba << QString() << -1 << 1000 << 0;
        QTest::newRow("too fast") << "sentinel: {beat: 1 ms}\n"_ba << u"sentinel.beat"_s << -1 << 0
                                  << 0;
        QTest::newRow("too slow") << "sentinel: {beat: 1 h}\n"_ba << u"sentinel.beat"_s << -1 << 0
                                  << 0;
        QTest::newRow("negative") << "sentinel: {missed: -1}\n"_ba << u"sentinel.missed"_s << -1
                                  << 0 << 0;
        QTest::newRow("unknown key")
            << "sentinel: {beats: 1 s}\n"_ba << u"sentinel.beats"_s << -1 << 0 << 0;
    }
    void sentinelRule()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, wrong);
        QFETCH(int, enabled);
        QFETCH(int, beatMs);
        QFETCH(int, missed);
        const BenchLoad loaded = load(kValid + line);
        if (!wrong.isEmpty()) {
            QVERIFY(!loaded.bench);
            QCOMPARE(loaded.problems.first().field, wrong);
            QVERIFY(!loaded.problems.first().remedy.isEmpty());
            return;
        }
        QVERIFY2(loaded.bench, qPrintable(describe(loaded.problems)));
        const SentinelRule &rule = loaded.bench->sentinel;
        QCOMPARE(rule.isEnabled ? int(*rule.isEnabled) : -1, enabled);
        QVERIFY(rule.beat == std::chrono::milliseconds(beatMs));
        QCOMPARE(rule.missed, missed);
    }

    void emptyBenchWaitsForItsFirst()
    {
        for (const QByteArray &text :
             {"name: Lab\ninstruments:\n"_ba, "name: Lab\ninstruments: {}\n"_ba}) {
            const BenchLoad loaded = load(text);
            QVERIFY2(loaded.bench, qPrintable(describe(loaded.problems)));
            QVERIFY(loaded.bench->entries.isEmpty());
        }
        const BenchLoad none = load("name: Lab\n"_ba);
        QVERIFY(!none.bench);
        QCOMPARE(none.problems.first().field, u"instruments"_s);
    }

    void overrides()
    {
        const BenchLoad loaded = load(kValid);
        QVERIFY2(loaded.bench, qPrintable(describe(loaded.problems)));
        const BenchFile &bench = *loaded.bench;
        QCOMPARE(bench.name, u"Probe bench"_s);
        QCOMPARE(bench.station, u"LAB7"_s);
        QVERIFY(!bench.isSimulated);
        QCOMPARE(bench.seed, quint64(5));
        QCOMPARE(bench.world.value(u"temperature"_s), 77.0);
        QCOMPARE(bench.version.size(), 64);
        const BenchEntry *smu = bench.find(u"smu"_s);
        QVERIFY(smu);
        QCOMPARE(smu->address, u"TCPIP0::10.0.0.5::5025::SOCKET"_s);
        const MovementSpec &bias = smu->spec.movements.first();
        QCOMPARE(bias.limits, (Limits{-5, 5}));
        QCOMPARE(bias.safeValue, std::optional(1.0));
        QCOMPARE(bias.safeOrder, 3);
        QCOMPARE(bias.settle.tolerance, 0.01);
        QCOMPARE(bias.rampRate, std::optional(2.0));
        QCOMPARE(smu->definition->spec.movements.first().limits, (Limits{-10, 10})); // as written
        const BenchEntry *heater = bench.find(u"heater"_s);
        QCOMPARE(heater->definition->link.serial.baud, 9600);
        QCOMPARE(heater->definition->link.serial.dtr, LinePolicy::Off);
        QCOMPARE(heater->definition->link.serial.rts, LinePolicy::On);
        QVERIFY(!heater->definition->link.usesLock);
        QCOMPARE(heater->definition->link.readTerminator, "\r\n"); // untouched
        QVERIFY(!bench.find(u"nobody"_s));
    }

    void brokenText_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("field");
        const auto row = [](const char *name, const char *from, const char *to, int line,
                            const char *field) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << line
                                << QString::fromLatin1(field);
        };
        row("unknown key", "seed: 5", "sead: 5", 4, "sead");
        row("no name", "name: Probe bench\n", "", 1, "name");
        row("simulate is no bool", "simulate: false", "simulate: maybe", 3, "simulate");
        row("negative seed", "seed: 5", "seed: -5", 4, "seed");
        row("unknown world quantity", "temperature: 77", "pressure: 77", 5, "world.pressure");
        row("no definition", "    definition: demo-smu\n", "", 8, "instruments.smu.definition");
        row("unknown definition", "demo-smu", "demo-smo", 8, "instruments.smu.definition");
        row("no address", "    address: TCPIP::10.0.0.5::5025::SOCKET\n", "", 8,
            "instruments.smu.address");
        row("broken address", "5025::SOCKET", "99999::SOCKET", 9, "instruments.smu.address");
        row("one address twice", "ASRL/dev/ttyUSB0::INSTR", "tcpip0::10.0.0.5::5025::socket", 18,
            "instruments.heater.address");
        row("bad nickname", "  smu:", "  my-smu:", 7, "instruments.my-smu");
        row("unknown movement", "      bias:", "      level:", 12,
            "instruments.smu.movements.level");
        row("wider limits", "[-5, 5]", "[-50, 5]", 12, "instruments.smu.movements.bias.limits");
        row("safe outside", "value: 1,", "value: 7,", 13,
            "instruments.smu.movements.bias.safe.value");
        row("definition's safe outside", "limits: [-5, 5]\n        safe: {value: 1, order: 3}",
            "limits: [2, 5]", 12, "instruments.smu.movements.bias.safe");
        row("safe beside the grid", "    definition: demo-heater\n",
            "    definition: lakeshore-335\n"
            "    movements: {heater_range_1: {safe: {value: 0.5}}}\n",
            18, "instruments.heater.movements.heater_range_1.safe");
        row("safe value of a setting that is not there", "    definition: demo-heater\n",
            "    definition: lakeshore-335\n    parameters: {colour: {safe: {value: 1}}}\n", 18,
            "instruments.heater.parameters.colour");
        row("negative ramp", "ramp_rate: 2", "ramp_rate: -2", 15,
            "instruments.smu.movements.bias.ramp_rate");
        row("unknown movement key", "ramp_rate: 2", "ramp: 2", 15,
            "instruments.smu.movements.bias.ramp");
        row("bad baud", "baud: 9600", "baud: fast", 19, "instruments.heater.link.serial.baud");
        row("not YAML", "simulate: false", "simulate: {false", 3, "");
    }
    void brokenText()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(int, line);
        QFETCH(QString, field);
        QByteArray text = kValid;
        const qsizetype at = text.indexOf(from);
        QVERIFY(at >= 0);
        text.replace(at, from.size(), to);
        const BenchLoad loaded = load(text);
        QVERIFY(!loaded.bench);
        const Problem &first = loaded.problems.first();
        QVERIFY2(first.line == line && first.field == field, qPrintable(describe(loaded.problems)));
        QVERIFY(!first.message.isEmpty() && !first.remedy.isEmpty());
        QCOMPARE(first.file, u"/nonexistent/a.bench.yaml"_s);
    }

    void calibrations_data()
    {
        QTest::addColumn<QByteArray>("text");   // below instruments.smu
        QTest::addColumn<QString>("wrong");     // field; "": it is right
        QTest::addColumn<QString>("current");   // factor, offset, date of what is read; "": raw
        QTest::addColumn<QStringList>("dates"); // column, date, due of each
        const auto row = [](const char *name, const QByteArray &calibration, const char *wrong,
                            const char *current = "", const QStringList &dates = {}) {
            QTest::newRow(name) << "    calibration: " + calibration + '\n'
                                << (*wrong ? u"instruments.smu.calibration"_s : QString()) +
                                       QString::fromLatin1(wrong)
                                << QString::fromLatin1(current) << dates;
        };
        row("of the instrument", "{date: 2026-01-15, due: 2027-01-15, by: PTB, certificate: 7}", "",
            "", {u", 2026-01-15, 2027-01-15"_s});
        row("an interval", "{date: 2024-02-29, interval_days: 365}", "", "",
            {u", 2024-02-29, 2025-02-28"_s});
        row("of a column", "{columns: {current: {date: 2026-05-31, factor: 1.5, offset: -2e-9}}}",
            "", "1.5, -2e-09, 2026-05-31", {u"current, 2026-05-31, "_s});
        row("named in full", "{columns: {iv.current: {factor: 2}}}", "", "2, 0, ",
            {u"iv.current, , "_s});
        row("a column takes from the instrument",
            "{date: 2026-01-15, due: 2027-01-15, columns: {current: {offset: 1}}}", "",
            "1, 1, 2026-01-15",
            {u", 2026-01-15, 2027-01-15"_s, u"current, 2026-01-15, 2027-01-15"_s});
        row("its own date has its own end",
            "{date: 2026-01-15, due: 2027-01-15, columns: {current: {date: 2027-02-01}}}", "",
            "1, 0, 2027-02-01", {u", 2026-01-15, 2027-01-15"_s, u"current, 2027-02-01, "_s});
        row("no date", "{date: soon}", ".date");
        row("no such day", "{date: 2026-02-30}", ".date");
        row("due before", "{date: 2026-05-31, due: 2026-05-30}", ".due");
        row("interval from nothing", "{interval_days: 10}", ".interval_days");
        row("no interval", "{date: 2026-05-31, interval_days: 0}", ".interval_days");
        row("both", "{date: 2026-05-31, due: 2027-05-30, interval_days: 3}", ".interval_days");
        row("no such column", "{columns: {power: {factor: 2}}}", ".columns.power");
        row("no such measurement", "{columns: {vi.current: {factor: 2}}}", ".columns.vi.current");
        row("three parts", "{columns: {iv.current.x: {factor: 2}}}", ".columns.iv.current.x");
        row("nothing is left", "{columns: {current: {factor: 0}}}", ".columns.current.factor");
        row("not a number", "{columns: {current: {factor: .nan}}}", ".columns.current.factor");
        row("no factor of an instrument", "{factor: 2}", ".factor");
        row("twice", "{columns: {current: {factor: 2}, iv.current: {factor: 3}}}",
            ".columns.iv.current");
        row("unknown key", "{columns: {current: {faktor: 2}}}", ".columns.current.faktor");
    }
    void calibrations()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, wrong);
        QFETCH(QString, current);
        QFETCH(QStringList, dates);
        QByteArray bench = kValid;
        bench.replace("  heater:", text + "  heater:");
        const BenchLoad loaded = load(bench);
        if (!wrong.isEmpty()) {
            QVERIFY(!loaded.bench);
            const Problem &first = loaded.problems.first();
            QVERIFY2(first.field == wrong && first.line == 16,
                     qPrintable(describe(loaded.problems)));
            QVERIFY(!first.remedy.isEmpty());
            return;
        }
        QVERIFY2(loaded.bench, qPrintable(describe(loaded.problems)));
        const InstrumentSpec &spec = loaded.bench->find(u"smu"_s)->spec;
        QStringList read;
        for (const Calibration &one : spec.calibrations)
            read << u"%1, %2, %3"_s.arg(one.column, one.date.toString(Qt::ISODate),
                                        one.due.toString(Qt::ISODate));
        QCOMPARE(read, dates);
        const ColumnSpec &column = spec.measurements.first().columns[1];
        QCOMPARE(column.unit, u"A"_s);
        const auto &made = column.calibration;
        QCOMPARE(made ? u"%1, %2, %3"_s.arg(made->factor).arg(made->offset).arg(made->date)
                      : QString(),
                 current);
        QVERIFY(!spec.measurements.first().columns[0].calibration);
    }
    void overdue()
    {
        Calibration calibration;
        QVERIFY(!calibration.isOverdue(QDate(2200, 1, 1)));
        calibration.due = QDate(2026, 5, 31);
        QVERIFY(!calibration.isOverdue(QDate(2026, 5, 31)));
        QVERIFY(calibration.isOverdue(QDate(2026, 6, 1)));
    }

    void noInstruments()
    {
        const BenchLoad loaded = load("name: empty\n");
        QVERIFY(!loaded.bench);
        QCOMPARE(loaded.problems.first().field, u"instruments"_s);
    }

    void brokenDefinitionsAreReportedWithTheirOwnLine()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(u"mine.instrument.yaml"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("schema: 1\nid: mine\nmanufacturer: M\nmodel: 1\ncolour: red\n"
                   "identity: {query: \"*IDN?\", pattern: 'x'}\n");
        file.close();
        const BenchLoad loaded =
            load("name: b\ninstruments:\n  a: {definition: mine, address: \"ASRL1::INSTR\"}\n",
                 folder.filePath(u"a.bench.yaml"_s));
        QVERIFY(!loaded.bench);
        bool isFound = false;
        for (const Problem &problem : loaded.problems)
            isFound = isFound || (problem.file == file.fileName() && problem.line == 5);
        QVERIFY2(isFound, qPrintable(describe(loaded.problems)));
    }

    void definitionBesideTheBenchComesFirst()
    {
        QTemporaryDir folder;
        const QByteArray source = qgetenv("BIRCH_SOURCE_DIR") + "/resources/instruments/";
        QFile original(QString::fromLocal8Bit(source + "demo-smu.instrument.yaml"));
        QVERIFY(original.open(QIODevice::ReadOnly));
        QFile own(folder.filePath(u"demo-smu.instrument.yaml"_s));
        QVERIFY(own.open(QIODevice::WriteOnly));
        own.write(original.readAll().replace("model: Demo SMU", "model: My SMU"));
        own.close();
        const BenchLoad loaded = load(kValid, folder.filePath(u"a.bench.yaml"_s));
        QVERIFY2(loaded.bench, qPrintable(describe(loaded.problems)));
        QCOMPARE(loaded.bench->find(u"smu"_s)->spec.model, u"My SMU"_s);
    }

    void unusableAddressShowsWhenOpened()
    {
        const BenchLoad loaded = load(kValid);
        const auto made = makeInstrument(loaded.bench->entries.first(), u"GPIB0::24::INSTR"_s);
        const Status opened = made->open(Call::within(std::chrono::seconds(1)));
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::BadInput);
        QCOMPARE(made->address(), u"GPIB0::24::INSTR"_s);
    }

    void missingFile()
    {
        const BenchLoad loaded = loadBench(u"/nonexistent/b.bench.yaml"_s, {});
        QVERIFY(!loaded.bench);
        QVERIFY(!loaded.problems.first().message.isEmpty());
    }
};

QTEST_GUILESS_MAIN(BenchFileTest)
#include "tst_bench_file.moc"
