#include "tests/app/test_bench.h"

#include "drivers/definition/bench_file.h"
#include "drivers/transport/trace_text.h"
#include "tests/support/scripted_server.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

/// `birchctl instruments find | add | move`, against instruments on real sockets.
class InstrumentVerbsTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { m_station = std::make_unique<TestStation>(); }
    void findTellsWhatItDid();
    void findRefuses_data();
    void findRefuses();
    void addAsksWhoItIs();
    void addMakesTheStationsOwnBench();
    void addRefuses_data();
    void addRefuses();
    void moveKeepsTheRest();
    void manyAtOnce();
    void newWritesADefinition();
    void newNamesTheOneThatFits();
    void newRefuses();
    void traceOfWhatWasSaid();
    void actAsksFirst();
    void statusAndLastSettings();
    void presets();
    void presetsWhileAScanRuns();
    void overdueCalibrations();

private:
    Outcome run(const QStringList &arguments) const
    {
        return m_station->run(QStringList{u"instruments"_s} + arguments);
    }
    BenchLoad bench(const QString &path) const
    {
        return loadBench(path,
                         {qEnvironmentVariable("BIRCH_SOURCE_DIR") + u"/resources/instruments"_s});
    }
    static QByteArray contents(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<TestStation> m_station;
};

namespace {
const QByteArray kBench = "name: B\n# left of the door\ninstruments:\n  smu: # the old one\n"
                          "    definition: demo-smu\n    address: TCPIP::192.0.2.9::5025::SOCKET\n";

ScriptedServer::Script answering(const std::string &identity)
{
    return responder(
        [identity](const std::string &line) { return line == "*IDN?" ? identity : std::string(); });
}
} // namespace

void InstrumentVerbsTest::findTellsWhatItDid()
{
    const QString file = m_station->write(u"lab.bench.yaml"_s, kBench);
    const Outcome found =
        run({u"find"_s, u"--seconds"_s, u"0.6"_s, u"--bench"_s, file, u"--json"_s});
    QCOMPARE(found.exitCode, 0);
    QVERIFY(found.json()[u"instruments"].isArray());
    QVERIFY(found.json()[u"notes"].isArray());
    for (const auto &one : found.json()[u"instruments"].toArray())
        QVERIFY(!one[u"addresses"].toArray().isEmpty());
}

void InstrumentVerbsTest::findRefuses_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("no range") << QStringList{u"--range"_s, u"lab"_s};
    QTest::newRow("too many") << QStringList{u"--range"_s, u"10.0.0.0/8"_s};
    QTest::newRow("no time") << QStringList{u"--seconds"_s, u"0"_s};
    QTest::newRow("no number") << QStringList{u"--seconds"_s, u"long"_s};
}

void InstrumentVerbsTest::findRefuses()
{
    QFETCH(QStringList, options);
    QCOMPARE(run(QStringList{u"find"_s} + options).exitCode, 2);
}

void InstrumentVerbsTest::addAsksWhoItIs()
{
    ScriptedServer server(Wire::Socket, answering("KEITHLEY INSTRUMENTS INC.,MODEL 2000,7,A20"));
    const QString file = m_station->write(u"lab.bench.yaml"_s, kBench);
    const QString address = QString::fromStdString(server.resource());
    const Outcome added =
        run({u"add"_s, address, u"--name"_s, u"meter"_s, u"--bench"_s, file, u"--json"_s});
    QVERIFY2(added.exitCode == 0, added.messages);
    QCOMPARE(added.json()[u"definition"].toString(), u"keithley-2000"_s);
    QVERIFY(contents(file).startsWith(kBench));
    const BenchLoad load = bench(file);
    QVERIFY(load.bench);
    QCOMPARE(load.bench->entries.size(), 2);
    QCOMPARE(load.bench->find(u"meter"_s)->address, address);
    QCOMPARE(server.received(), std::string("*IDN?\n")); // asked, and nothing set
    QVERIFY(!QFile::exists(file + u".lock"_s));
}

void InstrumentVerbsTest::addMakesTheStationsOwnBench()
{
    const QStringList arguments{u"add"_s,          u"TCPIP::192.0.2.7::5025::SOCKET"_s,
                                u"--name"_s,       u"meter"_s,
                                u"--definition"_s, u"keithley-2000"_s,
                                u"--json"_s};
    const Outcome added = run(arguments); // not asked: nobody is at that address
    QVERIFY2(added.exitCode == 0, added.messages);
    const QString file = added.json()[u"bench"].toString();
    QVERIFY2(file.endsWith(u"/station.bench.yaml"), qPrintable(file));
    const Outcome listed = run({u"list"_s, u"--json"_s}); // without saying which bench
    QCOMPARE(listed.json()[u"instruments"].toArray().size(), 1);
    QCOMPARE(run(arguments).exitCode, 2); // the nickname is taken
    QVERIFY(QFile::remove(file));
}

void InstrumentVerbsTest::addRefuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *name, const char *arguments, const char *said) {
        QTest::newRow(name) << QString::fromLatin1(arguments).split(u' ') << QByteArray(said);
    };
    row("no nickname", "ASRL1 --definition demo-heater", "NICKNAME");
    row("no address", "--name a", "ADDRESS");
    row("an address that is none", "here --name a", "here");
    row("of a bus we do not know", "GPIB::8 --name a", "GPIB");
    row("the nickname is taken", "ASRL1 --name smu --definition demo-heater", "already");
    row("the address is taken", "TCPIP::192.0.2.9::5025::SOCKET --name b --definition demo-heater",
        "same address");
    row("an unknown definition", "ASRL1 --name b --definition acme-7", "acme-7");
    row("nobody answers", "TCPIP::127.0.0.1::1::SOCKET --name b", "--definition");
}

void InstrumentVerbsTest::addRefuses()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, said);
    const QString file = m_station->write(u"lab.bench.yaml"_s, kBench);
    const Outcome refused =
        run(QStringList{u"add"_s} + arguments + QStringList{u"--bench"_s, file});
    QVERIFY(refused.exitCode == 2 || refused.exitCode == 1);
    QVERIFY2(refused.messages.contains(said), refused.messages);
    QCOMPARE(contents(file), kBench);
}

void InstrumentVerbsTest::moveKeepsTheRest()
{
    const QString file = m_station->write(u"lab.bench.yaml"_s, kBench);
    QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup));
    const Outcome moved =
        run({u"move"_s, u"smu"_s, u"tcpip::192.0.2.77::hislip0"_s, u"--bench"_s, file});
    QVERIFY2(moved.exitCode == 0, moved.messages);
    QByteArray expected = kBench;
    QCOMPARE(contents(file), expected.replace("TCPIP::192.0.2.9::5025::SOCKET",
                                              "TCPIP0::192.0.2.77::hislip0::INSTR"));
    QVERIFY(!(QFile::permissions(file) & QFile::ReadOther));
    QCOMPARE(run({u"move"_s, u"meter"_s, u"ASRL1"_s, u"--bench"_s, file}).exitCode, 2);
    QCOMPARE(run({u"move"_s, u"smu"_s, u"--bench"_s, file}).exitCode, 2);
    QVERIFY(bench(file).bench);
}

void InstrumentVerbsTest::manyAtOnce()
{
    const QString file = m_station->write(u"lab.bench.yaml"_s, kBench);
    std::vector<std::unique_ptr<QProcess>> programs;
    for (int i = 0; i < 6; ++i)
        programs.push_back(m_station->start({u"instruments"_s, u"add"_s,
                                             u"TCPIP::192.0.2.%1::5025::SOCKET"_s.arg(i + 20),
                                             u"--name"_s, u"m%1"_s.arg(i), u"--definition"_s,
                                             u"keithley-2000"_s, u"--bench"_s, file}));
    for (const auto &program : programs) {
        const Outcome added = TestStation::await(*program);
        QVERIFY2(added.exitCode == 0, added.messages);
    }
    const BenchLoad load = bench(file);
    QVERIFY(load.bench);
    QCOMPARE(load.bench->entries.size(), 7);
}

void InstrumentVerbsTest::newWritesADefinition()
{
    ScriptedServer server(Wire::Socket, responder([](const std::string &line) -> std::string {
                              if (line == "*IDN?")
                                  return "ACME,SOURCE-7,4711,1.0";
                              if (line == "SYST:ERR?")
                                  return "0,\"No error\"";
                              return line == "SOUR:VOLT?" ? "0.25" : "1";
                          }));
    const QString address = QString::fromStdString(server.resource());
    const QString file = m_station->path(u"acme-7.instrument.yaml"_s);
    const Outcome made =
        run({u"new"_s, u"--identify"_s, address, u"--output"_s, file, u"--json"_s});
    QVERIFY2(made.exitCode == 0, made.messages);
    QCOMPARE(made.json()[u"definition"].toString(), u"acme-7"_s);
    // A bench beside it finds it by the answer alone, and it can be read at once.
    const QString benchFile = m_station->path(u"lab.bench.yaml"_s);
    const Outcome added =
        run({u"add"_s, address, u"--name"_s, u"source"_s, u"--bench"_s, benchFile, u"--json"_s});
    QVERIFY2(added.exitCode == 0, added.messages);
    QCOMPARE(added.json()[u"definition"].toString(), u"acme-7"_s);
    const QString tree = m_station->write(u"first.scan.json"_s, R"({
        "format": "birch.scan", "version": 1, "name": "First",
        "root": {"kind": "sequence", "id": "01935a00-0000-7000-8001-000000000000", "children": [
          {"kind": "measure", "label": "out", "id": "01935a00-0000-7000-8001-000000000002",
           "fields": {"measurements": ["source.setpoints"]}}]}})");
    const Outcome ran = m_station->run({u"run"_s, tree, u"--bench"_s, benchFile, u"--json"_s});
    QVERIFY2(ran.exitCode == 0, ran.messages);
    const QString scan = ran.json()[u"scans"][0][u"scan_id"].toString();
    const Table table = m_station->table(scan, u"out"_s);
    QCOMPARE(table.rows.size(), 1);
    QVERIFY2(table.rows[0].contains("0.25"), table.rows[0]);
}

void InstrumentVerbsTest::newNamesTheOneThatFits()
{
    ScriptedServer server(Wire::Socket, answering("LSCI,MODEL335,77,1.0"));
    const QString file = m_station->path(u"my-335.instrument.yaml"_s);
    const Outcome made = run({u"new"_s, u"--identify"_s, QString::fromStdString(server.resource()),
                              u"--output"_s, file});
    QVERIFY2(made.exitCode == 0, made.messages);
    QVERIFY2(made.output.contains("lakeshore-335"), made.output);
    QVERIFY(!QFile::exists(file));
}

void InstrumentVerbsTest::newRefuses()
{
    const QString there = m_station->write(u"a.instrument.yaml"_s, "mine");
    const QString address = u"TCPIP::127.0.0.1::1::SOCKET"_s; // never reached
    for (const QString &file :
         {there, m_station->path(u"Big.instrument.yaml"_s), m_station->path(u"a.yaml"_s)})
        QCOMPARE(run({u"new"_s, u"--identify"_s, address, u"--output"_s, file}).exitCode, 2);
    QCOMPARE(contents(there), QByteArray("mine"));
    QCOMPARE(run({u"new"_s}).exitCode, 2);
    QVERIFY(run({u"new"_s, u"--identify"_s, address}).messages.contains("refuses the connection"));
}

void InstrumentVerbsTest::traceOfWhatWasSaid()
{
    ScriptedServer server(Wire::Socket, answering("LSCI,MODEL335,77,1.0"));
    const QString address = QString::fromStdString(server.resource());
    const QString trace = m_station->write(u"one.trace"_s, "an older one that all may read");
    QVERIFY(QFile::setPermissions(trace, QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther));
    const Outcome made = run({u"new"_s, u"--identify"_s, address, u"--trace"_s, trace});
    QVERIFY2(made.exitCode == 0, made.messages);
    QCOMPARE(QFile::permissions(trace) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
    const auto traces = traceFromText(contents(trace));
    QVERIFY2(traces, traces ? "" : qPrintable(traces.error().message));
    QCOMPARE(traces.value().size(), 1);
    QCOMPARE(traces.value()[0].address, address);
    QVERIFY(contents(trace).contains("> \"*IDN?\\n\""));
    QVERIFY(contents(trace).contains("< \"LSCI,MODEL335,77,1.0\\n\""));
    // Told before anybody is asked.
    const std::string before = server.received();
    const Outcome refused =
        run({u"new"_s, u"--identify"_s, address, u"--trace"_s, u"/nowhere/one.trace"_s});
    QCOMPARE(refused.exitCode, 2);
    QCOMPARE(server.received(), before);
}

void InstrumentVerbsTest::actAsksFirst()
{
    const QString path =
        m_station->write(u"stage.bench.yaml"_s,
                         "name: B\nsimulate: true\ninstruments:\n  stage: {definition: demo-stage, "
                         "address: TCPIP0::10.0.0.2::4001::SOCKET}\n");
    const QStringList act{u"act"_s, u"stage"_s, u"--bench"_s, path};
    const Outcome list = run(act);
    QVERIFY2(list.exitCode == 0, list.messages);
    QVERIFY2(list.output.contains("home_x") && list.output.contains("Home Y"), list.output);
    const Outcome unasked = run(QStringList(act) << u"home_x"_s);
    QCOMPARE(unasked.exitCode, 1);
    QVERIFY2(unasked.messages.contains("travels to 0") && unasked.messages.contains("--yes"),
             unasked.messages);
    const Outcome done = run(QStringList(act) << u"home_x"_s << u"--yes"_s);
    QVERIFY2(done.exitCode == 0, done.messages);
    QVERIFY2(done.output.contains("stage: Home X done"), done.output);
    const Outcome unknown = run(QStringList(act) << u"dance"_s);
    QCOMPARE(unknown.exitCode, 2);
    QVERIFY2(unknown.messages.contains("instruments act stage lists them"), unknown.messages);
}

/// What a scan has left behind of its instruments.
void InstrumentVerbsTest::statusAndLastSettings()
{
    TestBench bench(*m_station);
    QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
    const QStringList on{u"--bench"_s, bench.file(), u"--json"_s};
    QCOMPARE(run(QStringList{u"status"_s, u"smu"_s} + on).json()[u"history"].toArray().size(), 0);
    const Outcome unknown = run(QStringList{u"last-settings"_s, u"smu"_s} + on);
    QCOMPARE(unknown.exitCode, 2);
    QCOMPARE(bench.ask(u"smu"_s, "SENS:CURR:PROT 0.03;*OPC?"), "1");
    const QString tree = m_station->write(u"a.scan.json"_s, slowTree(2, u"1 ms"_s));
    const Outcome ran = m_station->run({u"run"_s, tree, u"--bench"_s, bench.file()});
    QVERIFY2(ran.exitCode == 0, ran.messages);

    const Outcome all = run(QStringList{u"status"_s, u"smu"_s, u"--history"_s} + on);
    QStringList events;
    for (const QJsonValue &entry : all.json()[u"history"].toArray())
        events << entry[u"event"].toString();
    QCOMPARE(events, (QStringList{u"connecting"_s, u"ready"_s, u"offline"_s}));
    const QJsonArray latest =
        run(QStringList{u"status"_s, u"smu"_s} + on).json()[u"history"].toArray();
    QCOMPARE(latest.size(), 1);
    QCOMPARE(latest[0][u"event"].toString(), u"offline"_s);
    QCOMPARE(
        run(QStringList{u"status"_s, u"smu"_s, u"--history"_s, u"--since"_s, u"2100-01-01"_s} + on)
            .json()[u"history"]
            .toArray()
            .size(),
        0);
    QCOMPARE(run(QStringList{u"status"_s, u"smu"_s, u"--since"_s, u"soon"_s} + on).exitCode, 2);

    const Outcome last = run(QStringList{u"last-settings"_s, u"smu"_s} + on);
    QVERIFY2(last.exitCode == 0, last.messages);
    QCOMPARE(last.json()[u"settings"][u"compliance"].toDouble(), 0.03);
    QCOMPARE(bench.ask(u"smu"_s, "SENS:CURR:PROT 0.5;*OPC?"), "1");
    const Outcome back =
        run(QStringList{u"last-settings"_s, u"smu"_s, u"--apply"_s, u"--yes"_s} + on);
    QVERIFY2(back.exitCode == 0, back.messages);
    QVERIFY(back.json()[u"applied"].toBool());
    QCOMPARE(bench.ask(u"smu"_s, "SENS:CURR:PROT?").toDouble(), 0.03);
}

void InstrumentVerbsTest::presets()
{
    TestBench bench(*m_station);
    QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
    const auto presets = [&](const QStringList &arguments) {
        return run(QStringList{u"presets"_s} + arguments +
                   QStringList{u"--bench"_s, bench.file(), u"--json"_s});
    };
    QCOMPARE(bench.ask(u"smu"_s, "SENS:CURR:PROT 0.02;*OPC?"), "1");
    const Outcome saved = presets({u"save"_s, u"smu"_s, u"low current"_s});
    QVERIFY2(saved.exitCode == 0, saved.messages);
    QCOMPARE(saved.json()[u"settings"][u"compliance"].toDouble(), 0.02);
    QCOMPARE(presets({u"save"_s, u"smu"_s, u"low current"_s}).exitCode, 2);
    QCOMPARE(presets({u"save"_s, u"smu"_s, u"low current"_s, u"--replace"_s}).exitCode, 0);
    // They are the model's: the other one of the same definition has them as well.
    const QJsonArray listed = presets({u"list"_s, u"spare"_s}).json()[u"presets"].toArray();
    QCOMPARE(listed.size(), 1);
    QCOMPARE(listed[0][u"name"].toString(), u"low current"_s);
    QCOMPARE(presets({u"list"_s, u"stage"_s}).json()[u"presets"].toArray().size(), 0);

    QCOMPARE(bench.ask(u"smu"_s, "SENS:CURR:PROT 0.7;*OPC?"), "1");
    const Outcome asked = presets({u"apply"_s, u"smu"_s, u"low current"_s});
    QVERIFY2(asked.exitCode == 0, asked.messages);
    QVERIFY(!asked.json()[u"applied"].toBool());
    QCOMPARE(asked.json()[u"differences"].toArray().size(), 1);
    QCOMPARE(asked.json()[u"differences"][0][u"now"].toDouble(), 0.7);
    QCOMPARE(asked.json()[u"differences"][0][u"proposed"].toDouble(), 0.02);
    QCOMPARE(bench.ask(u"smu"_s, "SENS:CURR:PROT?").toDouble(), 0.7);
    const Outcome applied = presets({u"apply"_s, u"smu"_s, u"low current"_s, u"--yes"_s});
    QVERIFY2(applied.json()[u"applied"].toBool(), applied.messages);
    QCOMPARE(bench.ask(u"smu"_s, "SENS:CURR:PROT?").toDouble(), 0.02);

    QCOMPARE(presets({u"delete"_s, u"smu"_s, u"low current"_s}).exitCode, 0);
    QCOMPARE(presets({u"apply"_s, u"smu"_s, u"low current"_s}).exitCode, 2);
    QCOMPARE(presets({u"apply"_s, u"nobody"_s, u"x"_s}).exitCode, 2);
    QCOMPARE(presets({u"paint"_s, u"smu"_s, u"x"_s}).exitCode, 2);
}

void InstrumentVerbsTest::presetsWhileAScanRuns()
{
    TestBench bench(*m_station);
    QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
    const QStringList on{u"--bench"_s, bench.file(), u"--json"_s};
    QCOMPARE(run(QStringList{u"presets"_s, u"save"_s, u"smu"_s, u"p"_s} + on).exitCode, 0);
    const QString tree = m_station->write(u"a.scan.json"_s, slowTree(600, u"100 ms"_s));
    const auto scan = m_station->start({u"run"_s, tree, u"--bench"_s, bench.file(), u"--json"_s});
    const QString id = TestStation::awaitPoints(*scan, 1);
    QVERIFY(!id.isEmpty());
    const Outcome refused =
        run(QStringList{u"presets"_s, u"apply"_s, u"smu"_s, u"p"_s, u"--yes"_s} + on);
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.messages.contains(id.toUtf8()), refused.messages);
    // One that it does not use is free.
    QCOMPARE(
        run(QStringList{u"presets"_s, u"apply"_s, u"spare"_s, u"p"_s, u"--yes"_s} + on).exitCode,
        0);
    scan->terminate();
    QVERIFY(scan->waitForFinished(30'000));
}

void InstrumentVerbsTest::overdueCalibrations()
{
    TestBench bench(*m_station);
    QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
    QByteArray text = contents(bench.file());
    text.replace("  smu:\n",
                 "  smu:\n    calibration: {date: 2019-01-01, due: 2020-01-01, columns: "
                 "{current: {factor: 1.5, due: 2200-01-01}}}\n");
    text.replace("  spare:\n", "  spare:\n    calibration: {due: 2020-01-01}\n"); // not used
    const QString file = m_station->write(u"calibrated.bench.yaml"_s, text);
    const QString tree = m_station->write(u"a.scan.json"_s, slowTree(2, u"1 ms"_s));
    const Outcome checked = m_station->run({u"check"_s, tree, u"--bench"_s, file, u"--json"_s});
    QVERIFY2(checked.exitCode == 0, checked.output);
    const QJsonArray warnings = checked.json()[u"warnings"].toArray();
    QCOMPARE(warnings.size(), 1);
    QCOMPARE(warnings[0][u"field"].toString(), u"smu"_s);
    QVERIFY(warnings[0][u"message"].toString().contains(u"2020-01-01"_s));

    const Outcome ran = m_station->run({u"run"_s, tree, u"--bench"_s, file, u"--json"_s});
    QVERIFY2(ran.exitCode == 0, ran.messages);
    QVERIFY2(ran.messages.contains("2020-01-01"), ran.messages);
    const QString scan = ran.json()[u"scans"][0][u"scan_id"].toString();
    for (const QJsonValue &column :
         m_station->show(scan)[u"measurements"][0][u"columns"].toArray()) {
        const bool isCurrent = column[u"name"].toString() == u"smu.current";
        QCOMPARE(column[u"calibration"].isObject(), isCurrent);
        if (isCurrent)
            QCOMPARE(column[u"calibration"][u"factor"].toDouble(), 1.5);
    }

    // The table knows of another one, once the instrument is known.
    const Outcome added =
        m_station->run({u"instruments"_s, u"status"_s, u"smu"_s, u"--bench"_s, file, u"--json"_s});
    const QString serial = added.json()[u"history"][0][u"serial_number"].toString();
    QVERIFY2(!serial.isEmpty(), added.output);
}

QTEST_GUILESS_MAIN(InstrumentVerbsTest)
#include "tst_instrument_verbs.moc"
