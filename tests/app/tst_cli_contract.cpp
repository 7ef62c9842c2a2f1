#include "core/store/connection.h"
#include "tests/app/test_bench.h"
#include "tests/support/postgres_server.h"

#include <QDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch::test;

namespace {

struct Promise {
    const char *name;
    QStringList arguments; ///< SCAN, UID, SAMPLE, BENCH, TREE and OUT are put in
    QStringList keys;      ///< that the JSON document has; "a.0.b" goes into lists
};

const QStringList kScanKeys{u"scan_id"_s,
                            u"uid"_s,
                            u"name"_s,
                            u"status"_s,
                            u"reason"_s,
                            u"sample"_s,
                            u"project"_s,
                            u"operator"_s,
                            u"progress"_s,
                            u"points"_s,
                            u"started"_s,
                            u"points_planned"_s,
                            u"ended"_s,
                            u"measurements.0.name"_s,
                            u"measurements.0.rows"_s,
                            u"measurements.0.columns.0.name"_s,
                            u"measurements.0.columns.0.unit"_s,
                            u"measurements.0.columns.0.type"_s,
                            u"measurements.0.columns.0.shape"_s};

QStringList under(const QString &prefix, const QStringList &keys)
{
    QStringList full;
    for (const QString &key : keys)
        full << prefix + key;
    return full;
}

bool holds(const QJsonValue &value, const QStringList &path)
{
    if (path.isEmpty())
        return !value.isUndefined();
    if (value.isArray())
        return holds(value.toArray().at(path.first().toInt()), path.mid(1));
    return value.toObject().contains(path.first()) &&
           holds(value.toObject()[path.first()], path.mid(1));
}

QList<Promise> promises()
{
    const QStringList page{u"total"_s, u"page"_s, u"per_page"_s};
    const QStringList listed = under(u"scans.0."_s, kScanKeys);
    return {
        {"check",
         {u"check"_s, u"TREE"_s, u"--bench"_s, u"BENCH"_s},
         {u"problems"_s, u"points"_s, u"duration_s"_s, u"bytes"_s, u"columns.0.name"_s}},
        {"run",
         {u"run"_s, u"TREE"_s, u"--bench"_s, u"BENCH"_s, u"--sample"_s, u"SAMPLE"_s},
         listed + QStringList{u"database"_s}},
        {"resume", {u"resume"_s}, {u"scans"_s}},
        {"scans", {u"scans"_s}, listed + page + QStringList{u"anchor"_s}},
        {"scans of a sample",
         {u"scans"_s, u"--sample"_s, u"SAMPLE"_s, u"--status"_s, u"completed"_s},
         listed},
        {"show",
         {u"show"_s, u"SCAN"_s},
         under(u"scan."_s, kScanKeys + QStringList{u"logs.0.message"_s, u"times.started"_s,
                                                   u"settings.smu"_s})},
        {"show by uid", {u"show"_s, u"UID"_s}, {u"scan.scan_id"_s}},
        {"show by the beginning of the uid", {u"show"_s, u"PREFIX"_s}, {u"scan.scan_id"_s}},
        {"data",
         {u"data"_s, u"SCAN"_s, u"--measurement"_s, u"iv"_s, u"--rows"_s, u"5:9"_s},
         {u"columns.0.name"_s, u"rows.3.0"_s, u"total"_s, u"from"_s, u"to"_s}},
        {"export",
         {u"export"_s, u"SCAN"_s, u"--format"_s, u"hdf5"_s, u"--output"_s, u"OUT"_s},
         {u"files.0"_s}},
        {"scans edit",
         {u"scans"_s, u"edit"_s, u"SCAN"_s, u"title=Again"_s, u"tags=a,b"_s},
         {u"scan.title"_s}},
        {"scans trash", {u"scans"_s, u"trash"_s, u"SCAN"_s}, {u"scan.trashed"_s}},
        {"scans restore", {u"scans"_s, u"restore"_s, u"SCAN"_s}, {u"scan.trashed"_s}},
        {"samples list", {u"samples"_s, u"list"_s}, page + QStringList{u"samples.0.sample_id"_s}},
        {"samples show",
         {u"samples"_s, u"show"_s, u"SAMPLE"_s},
         {u"sample.uid"_s, u"sample.material"_s}},
        {"samples add", {u"samples"_s, u"add"_s, u"name=B"_s}, {u"sample.sample_id"_s}},
        {"samples edit",
         {u"samples"_s, u"edit"_s, u"SAMPLE"_s, u"material=Ge"_s},
         {u"sample.revision"_s}},
        {"samples trash", {u"samples"_s, u"trash"_s, u"SAMPLE"_s}, {u"sample.trashed_at"_s}},
        {"samples restore", {u"samples"_s, u"restore"_s, u"SAMPLE"_s}, {u"sample.trashed_at"_s}},
        {"labs list", {u"labs"_s, u"list"_s}, page + QStringList{u"labs.0.name"_s}},
        {"projects add", {u"projects"_s, u"add"_s, u"name=P"_s}, {u"project.lab"_s}},
        {"projects list", {u"projects"_s, u"list"_s}, page + QStringList{u"projects.0.name"_s}},
        {"events",
         {u"events"_s, u"--kind"_s, u"samples"_s, u"--action"_s, u"changed"_s},
         page + QStringList{u"anchor"_s, u"events.0.at"_s, u"events.0.user"_s,
                            u"events.0.station"_s, u"events.0.title"_s, u"events.0.uid"_s,
                            u"events.0.changes.material.before"_s, u"events.0.hash"_s}},
        {"events of a scan",
         {u"events"_s, u"--object"_s, u"SCAN"_s, u"--action"_s, u"completed"_s},
         {u"events.0.changes.points"_s, u"events.0.changes.duration_s"_s}},
        {"config list", {u"config"_s, u"list"_s}, {u"settings.0.key"_s, u"settings.0.origin"_s}},
        {"config get", {u"config"_s, u"get"_s, u"spool.path"_s}, {u"value"_s, u"origin"_s}},
        {"config set", {u"config"_s, u"set"_s, u"log.files"_s, u"3"_s}, {u"value"_s}},
        {"config set shared",
         {u"config"_s, u"set"_s, u"flush.rows"_s, u"2048"_s, u"--shared"_s},
         {u"value"_s}},
        {"instruments list",
         {u"instruments"_s, u"list"_s, u"--bench"_s, u"BENCH"_s},
         {u"instruments.0.nickname"_s, u"instruments.0.address"_s}},
        {"instruments definitions",
         {u"instruments"_s, u"definitions"_s},
         {u"definitions.0.definition"_s, u"definitions.0.unverified"_s}},
        {"instruments identify",
         {u"instruments"_s, u"identify"_s, u"smu"_s, u"--bench"_s, u"BENCH"_s},
         {u"instruments.0.identity"_s}},
        {"instruments query",
         {u"instruments"_s, u"query"_s, u"smu"_s, u"*IDN?"_s, u"--bench"_s, u"BENCH"_s},
         {u"reply"_s}},
        {"safe", {u"safe"_s, u"--bench"_s, u"BENCH"_s}, {u"safe"_s, u"movements.0.readback"_s}},
        {"db status",
         {u"db"_s, u"status"_s},
         {u"database"_s, u"exists"_s, u"current"_s, u"head"_s, u"up_to_date"_s}},
        {"db current", {u"db"_s, u"current"_s}, {u"current"_s}},
        {"db upgrade", {u"db"_s, u"upgrade"_s}, {u"up_to_date"_s}},
        {"db history",
         {u"db"_s, u"history"_s},
         {u"migrations.0.version"_s, u"migrations.0.name"_s, u"migrations.0.checksum"_s,
          u"migrations.0.state"_s, u"migrations.0.applied_at"_s, u"migrations.0.program"_s}},
        {"db check", {u"db"_s, u"check"_s}, {u"ok"_s, u"differences"_s, u"remedy"_s}},
        {"db stats",
         {u"db"_s, u"stats"_s},
         {u"samples"_s, u"queues"_s, u"scans"_s, u"points"_s, u"bytes"_s}},
        {"db integrity",
         {u"db"_s, u"integrity"_s, u"--full"_s},
         {u"ok"_s, u"checks.0.name"_s, u"checks.0.examined"_s, u"checks.0.findings"_s,
          u"findings"_s, u"chains.0.hash"_s}},
    };
}

struct Mistake {
    const char *name;
    QStringList arguments;
    const char *said; ///< on stderr
};

QList<Mistake> mistakes()
{
    const QString b = u"--bench"_s;
    return {
        {"no such command", {u"scan"_s}, "scan"},
        {"no such option", {u"scans"_s, u"--nonsense"_s}, "nonsense"},
        {"missing file", {u"run"_s, u"nowhere.scan.json"_s, b, u"BENCH"_s}, "nowhere.scan.json"},
        {"nothing to run", {u"run"_s, b, u"BENCH"_s}, "files"},
        {"broken JSON", {u"run"_s, u"BROKEN"_s, b, u"BENCH"_s}, "broken.scan.json"},
        {"broken JSON checked", {u"check"_s, u"BROKEN"_s, b, u"BENCH"_s}, ""},
        {"unknown instrument", {u"run"_s, u"STRANGER"_s, b, u"BENCH"_s}, "laser"},
        {"missing bench", {u"run"_s, u"TREE"_s, b, u"nowhere.bench.yaml"_s}, "nowhere.bench.yaml"},
        {"unknown sample",
         {u"run"_s, u"TREE"_s, b, u"BENCH"_s, u"--sample"_s, u"Nobody"_s},
         "Nobody"},
        {"override of nothing", {u"run"_s, u"TREE"_s, b, u"BENCH"_s, u"--set"_s, u"x.y=1"_s}, "x"},
        {"unknown scan shown", {u"show"_s, u"RIG-000000-001"_s}, "RIG-000000-001"},
        {"unknown scan resumed",
         {u"resume"_s, u"RIG-000000-001"_s, b, u"BENCH"_s},
         "RIG-000000-001"},
        {"two scans shown", {u"show"_s, u"SCAN"_s, u"SCAN"_s}, "one scan"},
        {"two scans resumed", {u"resume"_s, u"SCAN"_s, u"SCAN"_s}, "one scan"},
        {"completed scan resumed", {u"resume"_s, u"SCAN"_s, b, u"BENCH"_s}, "completed"},
        {"completed scan closed", {u"scans"_s, u"close"_s, u"SCAN"_s}, "interrupted"},
        {"unknown measurement", {u"data"_s, u"SCAN"_s, u"--measurement"_s, u"ivv"_s}, "\"iv\""},
        {"no rows",
         {u"data"_s, u"SCAN"_s, u"--measurement"_s, u"iv"_s, u"--rows"_s, u"9:5"_s},
         "9:5"},
        {"unknown format",
         {u"export"_s, u"SCAN"_s, u"--format"_s, u"xls"_s, u"--output"_s, u"OUT"_s},
         "xls"},
        {"nowhere to export to",
         {u"export"_s, u"SCAN"_s, u"--output"_s, u"/nowhere/x/y.csv"_s},
         "/nowhere"},
        {"unknown state", {u"scans"_s, u"--status"_s, u"complete"_s}, "\"completed\""},
        {"no time", {u"scans"_s, u"--since"_s, u"yesterday"_s}, "yesterday"},
        {"no page", {u"scans"_s, u"--page"_s, u"0"_s}, "page"},
        {"unknown field", {u"samples"_s, u"add"_s, u"nam=x"_s}, "\"name\""},
        {"wrong value", {u"samples"_s, u"add"_s, u"name=x"_s, u"status=lost"_s}, "consumed"},
        {"lab of nobody", {u"samples"_s, u"add"_s, u"name=x"_s, u"lab=Nowhere"_s}, "Nowhere"},
        {"unknown setting", {u"config"_s, u"set"_s, u"log.lvl"_s, u"x"_s}, "\"log.level\""},
        {"wrong setting", {u"config"_s, u"set"_s, u"log.files"_s, u"many"_s}, "log.files"},
        {"password", {u"scans"_s, u"--database"_s, u"postgresql://me:secret@h/x"_s}, "password"},
        {"no such schema", {u"db"_s, u"upgrade"_s, u"99"_s}, "first_light"},
        {"too many schemas back", {u"db"_s, u"downgrade"_s, u"-99"_s}, "-99"},
        {"losing data unasked", {u"db"_s, u"downgrade"_s, u"1"_s}, "--yes"},
        {"other tables stamped", {u"db"_s, u"stamp"_s, u"1"_s}, "--force"},
        {"nothing new", {u"db"_s, u"new"_s, u"x y"_s, u"--directory"_s, u"."_s}, "x y"},
        {"a database there already", {u"db"_s, u"init"_s}, "already"},
        {"unknown instrument asked",
         {u"instruments"_s, u"query"_s, u"laser"_s, u"*IDN?"_s, b, u"BENCH"_s},
         "laser"},
        {"events of an unknown action", {u"events"_s, u"--action"_s, u"chnged"_s}, "changed"},
        {"events since never", {u"events"_s, u"--since"_s, u"soon"_s}, "2026-01-31"},
        {"unknown check", {u"db"_s, u"integrity"_s, u"--only"_s, u"rows"_s}, "chunks"},
        {"unknown instrument made safe", {u"safe"_s, u"laser"_s, b, u"BENCH"_s}, "laser"},
    };
}

} // namespace

/// What a program that calls birchctl may rely on: streams, keys, exit codes.
class CliContractTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QString problem;
        m_server = PostgresServer::start(&problem);
        QVERIFY2(m_server, qPrintable(problem));
        for (const QString &database : {QString(), m_server->url(u"contract"_s)}) {
            Place place;
            place.station = std::make_unique<TestStation>(database);
            place.bench = std::make_unique<TestBench>(*place.station);
            QVERIFY2(place.bench->problem().isEmpty(), qPrintable(place.bench->problem()));
            prepare(place);
            m_places.push_back(std::move(place));
        }
    }

    void keeps_data() { addRows(promises()); }
    void keeps()
    {
        QFETCH(int, place);
        QFETCH(int, row);
        const Promise promise = promises().at(row);
        const Outcome outcome =
            m_places[size_t(place)].station->run(filled(promise.arguments, place) << u"--json"_s);
        QVERIFY2(outcome.exitCode == 0, outcome.messages.right(2000) + outcome.output.right(2000));
        QCOMPARE(outcome.output.count('\n'), 1);
        for (const QString &key : promise.keys)
            QVERIFY2(holds(outcome.json(), key.split(u'.')),
                     qPrintable(key + u" is not in "_s + QString::fromUtf8(outcome.output)));
    }

    void refuses_data() { addRows(mistakes()); }
    void refuses()
    {
        QFETCH(int, place);
        QFETCH(int, row);
        const Mistake mistake = mistakes().at(row);
        const TestStation &station = *m_places[size_t(place)].station;
        const QByteArray before = counts(station);
        const Outcome outcome = station.run(filled(mistake.arguments, place) << u"--json"_s);
        QVERIFY2(outcome.exitCode == 2, outcome.messages.right(2000) + outcome.output);
        QVERIFY2(outcome.messages.contains(mistake.said), outcome.messages);
        QVERIFY2(outcome.output.isEmpty() || !outcome.json().isEmpty(), outcome.output);
        QCOMPARE(counts(station), before);
    }

    void everyCommandExplainsItself()
    {
        const TestStation &station = *m_places[0].station;
        const Outcome overview = station.run({u"--help"_s});
        QCOMPARE(overview.exitCode, 0);
        for (const QString &command :
             {u"check"_s, u"run"_s, u"resume"_s, u"scans"_s, u"show"_s, u"data"_s, u"export"_s,
              u"config"_s, u"events"_s, u"samples"_s, u"labs"_s, u"projects"_s, u"instruments"_s,
              u"safe"_s, u"db"_s, u"demo"_s}) {
            QVERIFY2(overview.output.contains(command.toUtf8()), qPrintable(command));
            const Outcome help = station.run({command, u"--help"_s});
            QCOMPARE(help.exitCode, 0);
            QVERIFY2(help.output.contains("--json") && help.messages.isEmpty(), help.output);
        }
    }

    /// Rows come as they were read, whichever slice is asked for.
    void slicesJoin()
    {
        const TestStation &station = *m_places[0].station;
        const auto lines = [&](const QString &range) {
            return station
                .run({u"data"_s, m_places[0].scan, u"--measurement"_s, u"iv"_s, u"--rows"_s, range})
                .output.split('\n')
                .mid(1);
        };
        QByteArrayList joined = lines(u":7"_s);
        joined.removeLast();
        joined += lines(u"7:"_s);
        QCOMPARE(joined, lines(u"0:1000000"_s));
        QCOMPARE(joined.size(), 41); // and the empty end
        QCOMPARE(lines(u"7"_s).first(), joined[7]);
    }

    /// Damage is told exactly, on the standard output, and the exit code says that there is some.
    void damageIsTold()
    {
        TestStation station;
        QCOMPARE(station.run({u"samples"_s, u"add"_s, u"sample_id=D-1"_s}).exitCode, 0);
        QCOMPARE(station.run({u"db"_s, u"integrity"_s}).exitCode, 0);
        {
            const auto connection =
                birch::Connection::open(birch::DatabaseUrl::sqliteFile(station.database()));
            QVERIFY(bool(connection));
            QVERIFY(bool(connection.value()->script(u"UPDATE event_log SET title = 'D-2'"_s)));
        }
        const Outcome told = station.run({u"db"_s, u"integrity"_s});
        QCOMPARE(told.exitCode, 1);
        QVERIFY2(told.output.contains("events: event_log: chain of Lab, event 1: it was altered"),
                 told.output);
        QVERIFY2(told.messages.contains("chunks: "), told.messages);
        const Outcome json = station.run({u"db"_s, u"integrity"_s, u"--json"_s});
        QCOMPARE(json.exitCode, 1);
        QCOMPARE(json.json()[u"findings"][0][u"table"].toString(), u"event_log"_s);
    }

    /// A server's database is made on purpose only; a file is made by itself, and said so.
    void missingDatabases()
    {
        TestStation server(m_server->url(u"nobody_made_me"_s));
        const Outcome refused = server.run({u"scans"_s, u"--json"_s});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.messages.contains("db init"), refused.messages);
        TestStation file;
        QVERIFY(!file.run({u"db"_s, u"status"_s, u"--json"_s}).json()[u"exists"].toBool(true));
        QVERIFY(!QFile::exists(file.database()));
        const Outcome made = file.run({u"scans"_s, u"--json"_s});
        QCOMPARE(made.exitCode, 0);
        QVERIFY2(made.messages.contains("birch.sqlite"), made.messages);
        QCOMPARE(made.json()[u"total"].toInt(-1), 0);
    }

    /// Made for people: the demo says what to do with what it has measured.
    void demoOnPostgres()
    {
        TestStation station(m_server->url(u"demo"_s));
        QCOMPARE(station.run({u"db"_s, u"init"_s}).exitCode, 0);
        const Outcome demo = station.run({u"demo"_s});
        QVERIFY2(demo.exitCode == 0, demo.messages.right(2000));
        QVERIFY2(demo.output.contains("/demo?host="), demo.output);
        QVERIFY2(demo.output.contains("RIG-"), demo.output); // the setting, not the bench's DEMO
        const QStringList said = QString::fromUtf8(demo.output).split(u' ', Qt::SkipEmptyParts);
        const qsizetype at = said.indexOf(u"export"_s);
        QVERIFY2(at > 0, demo.output);
        QCOMPARE(station.run({u"export"_s, said[at + 1], u"--output"_s, u"first.csv"_s}).exitCode,
                 0);
        QVERIFY(QFile::exists(station.path(u"first.csv"_s)));
    }

private:
    struct Place {
        std::unique_ptr<TestStation> station;
        std::unique_ptr<TestBench> bench;
        QString scan, uid, sample;
    };

    template<typename Row>
    static void addRows(const QList<Row> &rows)
    {
        QTest::addColumn<int>("place");
        QTest::addColumn<int>("row");
        for (int place = 0; place < 2; ++place) {
            for (int row = 0; row < rows.size(); ++row)
                QTest::addRow("%s: %s", place == 0 ? "SQLite" : "PostgreSQL", rows[row].name)
                    << place << row;
        }
    }

    static void prepare(Place &place)
    {
        const TestStation &station = *place.station;
        const Outcome made = station.run({u"db"_s, u"init"_s, u"--json"_s});
        QVERIFY2(made.exitCode == 0, made.messages);
        QVERIFY(made.json()[u"up_to_date"].toBool());
        const Outcome sample =
            station.run({u"samples"_s, u"add"_s, u"name=A"_s, u"material=Si"_s, u"--json"_s});
        QVERIFY2(sample.exitCode == 0, sample.messages);
        place.sample = sample.json()[u"sample"][u"sample_id"].toString();
        const QByteArray tree = killTree(2, 20);
        station.write(u"broken.scan.json"_s, tree.left(tree.size() / 2));
        station.write(u"stranger.scan.json"_s, QByteArray(tree).replace("smu.", "laser."));
        const Outcome run = station.run({u"run"_s, station.write(u"tree.scan.json"_s, tree),
                                         u"--bench"_s, place.bench->file(), u"--json"_s});
        QVERIFY2(run.exitCode == 0, run.messages.right(2000));
        QCOMPARE(run.pointsTold(), 42);
        const QJsonValue scan = run.json()[u"scans"][0];
        place.scan = scan[u"scan_id"].toString();
        place.uid = scan[u"uid"].toString();
    }

    QStringList filled(const QStringList &arguments, int index) const
    {
        const Place &place = m_places[size_t(index)];
        const auto path = [&](const QString &name) { return place.station->path(name); };
        const QMap<QString, QString> words{
            {u"SCAN"_s, place.scan},
            {u"UID"_s, place.uid},
            {u"PREFIX"_s, place.uid.left(23)},
            {u"SAMPLE"_s, place.sample},
            {u"BENCH"_s, place.bench->file()},
            {u"TREE"_s, path(u"tree.scan.json"_s)},
            {u"BROKEN"_s, path(u"broken.scan.json"_s)},
            {u"STRANGER"_s, path(u"stranger.scan.json"_s)},
            {u"OUT"_s, path(u"out.h5"_s)},
        };
        QStringList filled;
        for (const QString &argument : arguments)
            filled << words.value(argument, argument);
        return filled;
    }

    /// What must not change by a mistake.
    static QByteArray counts(const TestStation &station)
    {
        const QJsonObject stats = station.run({u"db"_s, u"stats"_s, u"--json"_s}).json();
        return QByteArray::number(stats[u"scans"].toInteger(-1)) + ' ' +
               QByteArray::number(stats[u"samples"].toInteger(-1)) + ' ' +
               QByteArray::number(stats[u"points"].toInteger(-1)) + ' ' +
               QByteArray::number(stats[u"queues"].toInteger(-1));
    }

    std::unique_ptr<PostgresServer> m_server;
    std::vector<Place> m_places; // SQLite, PostgreSQL
};

QTEST_GUILESS_MAIN(CliContractTest)
#include "tst_cli_contract.moc"
