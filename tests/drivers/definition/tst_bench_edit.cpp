#include "drivers/definition/bench_edit.h"

#include "drivers/definition/bench_file.h"

#include <QTest>

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

QTEST_GUILESS_MAIN(BenchEditTest)
#include "tst_bench_edit.moc"
