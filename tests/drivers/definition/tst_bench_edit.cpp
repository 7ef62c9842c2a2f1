#include "drivers/definition/bench_edit.h"

#include "drivers/definition/bench_file.h"

#include <QRandomGenerator>
#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace birch;

class BenchEditTest : public QObject
{
    Q_OBJECT
private slots:
    void added_data();
    void added();
    void notAdded_data();
    void notAdded();
    void moved_data();
    void moved();
    void notMoved_data();
    void notMoved();
    void unusualTexts_data();
    void unusualTexts();
    void fromNothing();
    void changed_data();
    void changed();
    void calibrated();
    void notChanged_data();
    void notChanged();
    void inRandomOrder();
};

namespace {
const QString kFolder = qEnvironmentVariable("BIRCH_SOURCE_DIR") + u"/resources/instruments"_s;
const QString kNew = u"TCPIP0::192.0.2.7::5025::SOCKET"_s;
const QByteArray kEntry = "  meter:\n    definition: keithley-2000\n    address: "
                          "TCPIP0::192.0.2.7::5025::SOCKET\n";

BenchLoad load(const QByteArray &text)
{
    return loadBenchText(text, u"/nowhere/x.bench.yaml"_s, {kFolder});
}

const QByteArray kBench = "# What stands on the table.\n"
                          "name: B   # of the lab\n"
                          "instruments:\n"
                          "  # the old one\n"
                          "  smu:\n"
                          "    definition: demo-smu # not the new one\n"
                          "    address: TCPIP::a::1::SOCKET   # under the table\n"
                          "    movements:\n"
                          "      bias: {limits: [-1, 1]} # the sample breaks\n";
} // namespace

void BenchEditTest::added_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::newRow("at the end") << kBench << kBench + kEntry;
    QTest::newRow("without a last line end") << kBench.chopped(1) << kBench + kEntry;
    QTest::newRow("other keys follow") << kBench + "\n# how it begins\nseed: 4\n"
                                       << kBench + kEntry + "\n# how it begins\nseed: 4\n";
    QTest::newRow("a comment of the last one")
        << kBench + "    # to be replaced\nseed: 4\n"
        << kBench + "    # to be replaced\n" + kEntry + "seed: 4\n";
    QTest::newRow("a comment at the margin between two")
        << kBench + "# the other table\n  b:\n    definition: demo-heater\n    address: ASRL1\n"
        << kBench + "# the other table\n  b:\n    definition: demo-heater\n    address: ASRL1\n" +
               kEntry;
    QByteArray crlf = kBench;
    QByteArray crlfEntry = kEntry;
    QTest::newRow("line ends of another system")
        << crlf.replace("\n", "\r\n") << crlf + crlfEntry.replace("\n", "\r\n");
    QTest::newRow("deeper") << QByteArray(
                                   "name: B\ninstruments:\n    a:\n     definition: demo-smu\n"
                                   "     address: ASRL1\n")
                            << QByteArray(
                                   "name: B\ninstruments:\n    a:\n     definition: demo-smu\n"
                                   "     address: ASRL1\n    meter:\n        definition: "
                                   "keithley-2000\n        address: " +
                                   kNew.toUtf8() + '\n');
    QTest::newRow("entries in one line each")
        << QByteArray(
               "name: B\ninstruments:\n  a: {definition: demo-smu, address: ASRL1}\nseed: 1\n")
        << QByteArray("name: B\ninstruments:\n  a: {definition: demo-smu, address: ASRL1}\n" +
                      kEntry + "seed: 1\n");
    QTest::newRow("the first one")
        << QByteArray("name: B\n") << QByteArray("name: B\n\ninstruments:\n" + kEntry);
}

void BenchEditTest::added()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    const auto text = withInstrument(before, {u"meter"_s, u"keithley-2000"_s, kNew});
    QVERIFY2(text, text ? "" : qPrintable(text.error().message));
    QCOMPARE(text.value(), after);
    const BenchLoad bench = load(text.value());
    QVERIFY2(bench.bench, bench.bench ? "" : qPrintable(bench.problems.first().message));
    QCOMPARE(bench.bench->entries.last().nickname, u"meter"_s);
    QCOMPARE(bench.bench->entries.last().address, kNew);
}

void BenchEditTest::notAdded_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("nickname");
    QTest::addColumn<QString>("said");
    QTest::newRow("taken") << kBench << u"smu"_s << u"already"_s;
    QTest::newRow("no nickname") << kBench << u"my meter"_s << u"nickname"_s;
    QTest::newRow("empty nickname") << kBench << QString() << u"nickname"_s;
    QTest::newRow("all in one line")
        << QByteArray("name: B\ninstruments: {a: {definition: demo-smu, address: ASRL1}}\n")
        << u"meter"_s << u"one line"_s;
    QTest::newRow("no YAML") << QByteArray("name: [B\n") << u"meter"_s << u"YAML"_s;
    QTest::newRow("a list") << QByteArray("- a\n") << u"meter"_s << u"mapping"_s;
    QTest::newRow("instruments are a list")
        << QByteArray("name: B\ninstruments: [a]\n") << u"meter"_s << u"nicknames"_s;
    QTest::newRow("instruments are empty")
        << QByteArray("name: B\ninstruments:\n") << u"meter"_s << u"empty"_s;
}

void BenchEditTest::notAdded()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, nickname);
    QFETCH(QString, said);
    const auto changed = withInstrument(text, {nickname, u"keithley-2000"_s, kNew});
    QVERIFY(!changed);
    QVERIFY2(changed.error().message.contains(said), qPrintable(changed.error().message));
}

void BenchEditTest::moved_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char *name, QByteArray text) {
        QByteArray after = text;
        text.replace("@", "TCPIP::a::1::SOCKET");
        QTest::newRow(name) << text << after.replace("@", kNew.toUtf8());
    };
    QByteArray bench = kBench;
    row("with comments", bench.replace("TCPIP::a::1::SOCKET", "@"));
    row("at the end of the file",
        "name: B\ninstruments:\n  smu:\n    definition: demo-smu\n    address: @");
    QTest::newRow("in quotes")
        << QByteArray("name: B\ninstruments:\n  smu:\n    address: \"ASRL/dev/my port\" # old\n"
                      "    definition: demo-smu\n")
        << QByteArray("name: B\ninstruments:\n  smu:\n    address: " + kNew.toUtf8() +
                      " # old\n    definition: demo-smu\n");
    QTest::newRow("in one line")
        << QByteArray("name: B\ninstruments:\n  smu: {address: ASRL1, definition: demo-smu} # x\n")
        << QByteArray("name: B\ninstruments:\n  smu: {address: '" + kNew.toUtf8() +
                      "', definition: demo-smu} # x\n");
    QTest::newRow("of two that are alike")
        << QByteArray("name: B\ninstruments:\n  a:\n    definition: demo-smu\n    address: ASRL1\n"
                      "  smu:\n    definition: demo-smu\n    address: ASRL12\n")
        << QByteArray("name: B\ninstruments:\n  a:\n    definition: demo-smu\n    address: ASRL1\n"
                      "  smu:\n    definition: demo-smu\n    address: " +
                      kNew.toUtf8() + "\n");
}

void BenchEditTest::moved()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    const auto text = withAddress(before, u"smu"_s, kNew);
    QVERIFY2(text, text ? "" : qPrintable(text.error().message));
    QCOMPARE(text.value(), after);
    const BenchLoad bench = load(text.value());
    QVERIFY(bench.bench);
    QCOMPARE(bench.bench->find(u"smu"_s)->address, kNew);
}

void BenchEditTest::notMoved_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::newRow("nobody") << QByteArray("name: B\ninstruments:\n  a: {address: ASRL1}\n")
                            << int(ErrorCode::NotFound);
    QTest::newRow("no instruments") << QByteArray("name: B\n") << int(ErrorCode::NotFound);
    QTest::newRow("no address") << QByteArray("name: B\ninstruments:\n  smu: {definition: x}\n")
                                << int(ErrorCode::BadInput);
    QTest::newRow("over two lines")
        << QByteArray("name: B\ninstruments:\n  smu:\n    address: \"ASRL\\\n      1\"\n")
        << int(ErrorCode::BadInput);
    QTest::newRow("elsewhere") << QByteArray("name: B\nx: &a ASRL1\ninstruments:\n  smu:\n"
                                             "    address: >-\n      ASRL1\n")
                               << int(ErrorCode::BadInput);
}

void BenchEditTest::notMoved()
{
    QFETCH(QByteArray, text);
    QFETCH(int, code);
    const auto changed = withAddress(text, u"smu"_s, kNew);
    QVERIFY(!changed);
    QCOMPARE(int(changed.error().code), code);
}

void BenchEditTest::unusualTexts_data()
{
    QTest::addColumn<QString>("address");
    QTest::newRow("IPv6") << u"TCPIP0::[fd00::1]::5025::SOCKET"_s;
    QTest::newRow("port behind a comma") << u"TCPIP0::192.0.2.7,1024::inst0::INSTR"_s;
    QTest::newRow("a blank") << u"ASRL/dev/my port::INSTR"_s;
    QTest::newRow("what YAML takes for a comment") << u"ASRL/dev/a #b::INSTR"_s;
    QTest::newRow("a quote") << u"ASRL/dev/it's::INSTR"_s;
    QTest::newRow("not of this alphabet") << u"ASRL/dev/größe::INSTR"_s;
}

void BenchEditTest::unusualTexts()
{
    QFETCH(QString, address);
    const auto added = withInstrument(kBench, {u"meter"_s, u"keithley-2000"_s, address});
    QVERIFY(added);
    const BenchLoad bench = load(added.value());
    QVERIFY2(bench.bench, bench.bench ? "" : qPrintable(bench.problems.first().message));
    QCOMPARE(bench.bench->find(u"meter"_s)->address, address);
    const auto back = withAddress(added.value(), u"meter"_s, kNew);
    QVERIFY2(back, back ? "" : qPrintable(back.error().message));
    QCOMPARE(load(back.value()).bench->find(u"meter"_s)->address, kNew);
}

void BenchEditTest::fromNothing()
{
    const auto text =
        withInstrument(emptyBench(u"Bench: of O'Neill"_s), {u"meter"_s, u"keithley-2000"_s, kNew});
    QVERIFY(text);
    const BenchLoad bench = load(text.value());
    QVERIFY2(bench.bench, bench.bench ? "" : qPrintable(bench.problems.first().message));
    QCOMPARE(bench.bench->name, u"Bench: of O'Neill"_s);
}

namespace {
using Edit = std::function<Result<QByteArray>(const QByteArray &)>;
} // namespace
Q_DECLARE_METATYPE(Edit)

void BenchEditTest::changed_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<Edit>("edit");
    const auto row = [](const char *name, QByteArray from, QByteArray to, Edit edit) {
        QByteArray after = kBench;
        Q_ASSERT(after.contains(from));
        QTest::newRow(name) << kBench << after.replace(from, to) << std::move(edit);
    };
    row("another nickname", "  smu:\n", "  source:\n",
        [](const QByteArray &text) { return withNickname(text, u"smu"_s, u"source"_s); });
    row("another definition", "definition: demo-smu #", "definition: demo-smu-x #",
        [](const QByteArray &text) { return withDefinition(text, u"smu"_s, u"demo-smu-x"_s); });
    row("other limits", "[-1, 1]", "[-0.5, 1e-06]", [](const QByteArray &text) {
        return withLimits(text, u"smu"_s, u"bias"_s, Limits{-0.5, 1e-6});
    });
    row("no limits of its own",
        "    movements:\n      bias: {limits: [-1, 1]} # the sample breaks\n", "",
        [](const QByteArray &text) { return withLimits(text, u"smu"_s, u"bias"_s, {}); });
    row("no limits that were none", "name: B", "name: B",
        [](const QByteArray &text) { return withLimits(text, u"smu"_s, u"compliance"_s, {}); });
    row("a safe value", "{limits: [-1, 1]}", "{limits: [-1, 1], safe: {value: 0.25, order: 2}}",
        [](const QByteArray &text) {
            return withSafeValue(text, u"smu"_s, u"bias"_s, BenchTarget{0.25, 2});
        });
    row("a pause value of another movement", "      bias: {limits: [-1, 1]} # the sample breaks\n",
        "      bias: {limits: [-1, 1]} # the sample breaks\n      compliance:\n        pause: "
        "{value: 0.25, order: 0}\n",
        [](const QByteArray &text) {
            return withPauseValue(text, u"smu"_s, u"compliance"_s, BenchTarget{0.25, 0});
        });
    const QByteArray two = kBench + "  # the new one\n  b: {definition: demo-heater, address: "
                                    "ASRL1} # lent\n# what follows\nseed: 3\n";
    QTest::newRow("the first one goes")
        << two
        << QByteArray("# What stands on the table.\nname: B   # of the lab\ninstruments:\n"
                      "  # the old one\n  # the new one\n  b: {definition: demo-heater, address: "
                      "ASRL1} # lent\n# what follows\nseed: 3\n")
        << Edit([](const QByteArray &text) { return withoutInstrument(text, u"smu"_s); });
    QTest::newRow("the last one goes")
        << two << kBench + "  # the new one\n# what follows\nseed: 3\n"
        << Edit([](const QByteArray &text) { return withoutInstrument(text, u"b"_s); });
    QTest::newRow("movements of one in a line")
        << two
        << QByteArray(two).replace("address: ASRL1}", "address: ASRL1, movements: {power: "
                                                      "{limits: [0, 5]}}}")
        << Edit([](const QByteArray &text) {
               return withLimits(text, u"b"_s, u"power"_s, Limits{0, 5});
           });
    QByteArray crlf = kBench;
    crlf.replace("\n", "\r\n");
    QTest::newRow("line ends of another system")
        << crlf << QByteArray(crlf).chopped(0) + "    calibration:\r\n      date: 2026-05-31\r\n"
        << Edit([](const QByteArray &text) {
               Calibration calibration;
               calibration.date = QDate(2026, 5, 31);
               return withCalibration(text, u"smu"_s, {}, calibration);
           });
    QTest::newRow("limits below each other")
        << QByteArray("instruments:\n  smu:\n    movements:\n      bias:\n        limits:\n"
                      "        - -1\n        - 1\n        after: hold # x\n")
        << QByteArray("instruments:\n  smu:\n    movements:\n      bias:\n        limits: [0, 2]\n"
                      "        after: hold # x\n")
        << Edit([](const QByteArray &text) {
               return withLimits(text, u"smu"_s, u"bias"_s, Limits{0, 2});
           });
    QTest::newRow("behind letters of another alphabet")
        << QByteArray("instruments: {größe: {address: 'é', definition: demo-smu}}\n")
        << QByteArray("instruments: {größe: {address: 'é', definition: new}}\n")
        << Edit([](const QByteArray &text) { return withDefinition(text, u"größe"_s, u"new"_s); });
}

void BenchEditTest::changed()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(Edit, edit);
    const auto text = edit(before);
    QVERIFY2(text, text ? "" : qPrintable(text.error().message));
    QCOMPARE(text.value(), after);
}

void BenchEditTest::calibrated()
{
    Calibration of;
    of.date = QDate(2026, 1, 15);
    of.due = QDate(2027, 1, 15);
    of.by = u"PTB: room #3"_s;
    of.certificate = u"no"_s; // which YAML takes for a truth value
    auto text = withCalibration(kBench, u"smu"_s, {}, of);
    QVERIFY2(text, text ? "" : qPrintable(text.error().message));
    Calibration column = of;
    column.column = u"current"_s;
    column.due = {};
    column.factor = 1.000325;
    column.offset = -2.5e-12;
    text = withCalibration(text.value(), u"smu"_s, column.column, column);
    QVERIFY2(text, text ? "" : qPrintable(text.error().message));
    const BenchLoad bench = load(text.value());
    QVERIFY2(bench.bench, bench.bench ? "" : qPrintable(bench.problems.first().message));
    const QList<Calibration> read = bench.bench->entries.first().spec.calibrations;
    QCOMPARE(read.size(), 2);
    QCOMPARE(read[0], of);
    QCOMPARE(read[1], column);
    QVERIFY(text.value().startsWith(kBench));

    text = withCalibration(text.value(), u"smu"_s, u"current"_s, {});
    QVERIFY(text);
    QCOMPARE(load(text.value()).bench->entries.first().spec.calibrations, QList{of});
    text = withCalibration(text.value(), u"smu"_s, {}, {});
    QVERIFY(text);
    QCOMPARE(text.value(), kBench);
}

void BenchEditTest::notChanged_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("said");
    QTest::addColumn<Edit>("edit");
    const Edit rename = [](const QByteArray &text) { return withNickname(text, u"smu"_s, u"b"_s); };
    QTest::newRow("nobody") << QByteArray("name: B\n") << int(ErrorCode::NotFound) << u"smu"_s
                            << rename;
    QTest::newRow("a name that is taken")
        << kBench + "  b: {definition: demo-heater, address: ASRL1}\n"
        << int(ErrorCode::Conflict) << u"\"b\" already"_s << rename;
    QTest::newRow("no nickname") << kBench << int(ErrorCode::BadInput) << u"nickname"_s
                                 << Edit([](const QByteArray &text) {
                                        return withNickname(text, u"smu"_s, u"a b"_s);
                                    });
    const Edit limit = [](const QByteArray &text) {
        return withLimits(text, u"smu"_s, u"bias"_s, Limits{0, 2});
    };
    QTest::newRow("a comment would be lost")
        << QByteArray("instruments:\n  smu:\n    movements:\n      bias:\n        limits:\n"
                      "        - -1 # not less\n        - 1\n")
        << int(ErrorCode::BadInput) << u"line 5"_s << limit;
    QTest::newRow("what is shared with others")
        << QByteArray("x: &m {bias: {limits: [0, 1]}}\ninstruments:\n  smu:\n    movements: *m\n")
        << int(ErrorCode::BadInput) << u"by hand"_s << limit;
    QTest::newRow("movements are empty")
        << QByteArray("instruments:\n  smu:\n    movements:\n    address: a\n")
        << int(ErrorCode::BadInput) << u"line 3"_s << limit;
    QTest::newRow("no YAML") << QByteArray("instruments: [\n") << int(ErrorCode::BadInput)
                             << u"YAML"_s << limit;
}

void BenchEditTest::notChanged()
{
    QFETCH(QByteArray, before);
    QFETCH(int, code);
    QFETCH(QString, said);
    QFETCH(Edit, edit);
    const auto text = edit(before);
    QVERIFY2(!text, text ? text.value().constData() : "");
    QCOMPARE(int(text.error().code), code);
    QVERIFY2(text.error().message.contains(said), qPrintable(text.error().message));
}

/// Whatever is done to one of two, the other one and every comment stay.
void BenchEditTest::inRandomOrder()
{
    const QByteArray other = "  b: # lent\n    address: ASRL1 # left\n    definition: demo-heater\n"
                             "# between\n";
    QByteArray text = "name: B\ninstruments:\n" + other +
                      "  smu:\n    definition: demo-smu # one\n    address: ASRL2 # two\n";
    QRandomGenerator random(7);
    Calibration calibration;
    for (int i = 0; i < 400; ++i) {
        const double x = random.generateDouble();
        calibration.date = QDate(2026, 1, 1 + random.bounded(28));
        calibration.factor = 1 + x;
        const QString movement = random.bounded(2) ? u"bias"_s : u"compliance"_s;
        const QString column = random.bounded(2) ? u"current"_s : QString();
        const bool isSet = random.bounded(2);
        Result<QByteArray> changed = text;
        switch (random.bounded(4)) {
        case 0:
            changed = withLimits(text, u"smu"_s, movement,
                                 isSet ? std::optional(Limits{-x, x}) : std::nullopt);
            break;
        case 1:
            changed = withSafeValue(text, u"smu"_s, movement,
                                    isSet ? std::optional(BenchTarget{x, 1}) : std::nullopt);
            break;
        case 2:
            changed = withCalibration(text, u"smu"_s, column,
                                      isSet ? std::optional(calibration) : std::nullopt);
            break;
        case 3:
            changed = withAddress(text, u"smu"_s, u"ASRL%1"_s.arg(random.bounded(9) + 2));
            break;
        }
        QVERIFY2(changed,
                 changed ? ""
                         : qPrintable(changed.error().message + u'\n' + QString::fromUtf8(text)));
        text = changed.value();
        QVERIFY2(text.contains(other) && text.contains("# one\n") && text.contains("# two\n"),
                 text.constData());
    }
}

QTEST_GUILESS_MAIN(BenchEditTest)
#include "tst_bench_edit.moc"
