#include "core/exchange/import/pybirch_import.h"

#include "core/exchange/import/pybirch_tables.h"
#include "core/exchange/import/sqlite_source.h"
#include "core/exchange/stored_scan_source.h"
#include "core/store/entity/entity_repository.h"
#include "tests/core/exchange/import/source_file.h"
#include "tests/core/exchange/import/target_state.h"
#include "tests/core/store/store_fixture.h"

#include <QJsonArray>

#include <cmath>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

namespace {

const QStringList kOlder{u"pybirch_54_tables"_s};
const QStringList kNewer{u"pybirch_69_tables"_s};
const QStringList kEvery{u"pybirch_69_tables"_s, u"pybirch_every_table"_s};
const Session kAdmin{u"ada"_s, Role::Admin};

ImportOptions plainly()
{
    return {};
}

qint64 countOf(Connection &connection, const QString &table)
{
    return connection.firstRow(u"SELECT count(*) FROM "_s + table).value()->first().toLongLong();
}

} // namespace

class PybirchImportTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_older = m_fixture.path(u"older.db"_s);
        m_newer = m_fixture.path(u"newer.db"_s);
        m_every = m_fixture.path(u"every.db"_s);
        makeSourceFile(m_older, kOlder);
        makeSourceFile(m_newer, kNewer);
        makeSourceFile(m_every, kEvery);
    }

    /// Each of our maps names fields that there are, and tables in an order in which they work.
    void declarations()
    {
        QStringList seen{u"scan of measurement_objects"_s, u"measurement_objects"_s, u"scans"_s};
        for (const SourceMap &map : pybirchTables()) {
            const EntitySpec *spec = entityByTable(map.entity());
            QVERIFY2(spec, qPrintable(map.entity()));
            seen << map.table();
            QStringList fields = map.knownBy() + map.constants().keys();
            for (const SourceColumn &column : map.columns()) {
                if (column.take != Take::Tags)
                    fields << column.field;
                QVERIFY2(column.references.isEmpty() || seen.contains(column.references),
                         qPrintable(map.table() + u": "_s + column.references));
            }
            if (!map.pairField().isEmpty())
                fields << map.pairField();
            for (const QString &field : fields)
                QVERIFY2(spec->field(field), qPrintable(map.table() + u": "_s + field));
        }
    }

    void everyRowIsAccountedFor_data() { addFiles(); }
    void everyRowIsAccountedFor()
    {
        QFETCH(bool, isPostgres);
        QFETCH(QString, file);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        auto report = importPybirch(*connection, kAdmin, source(file), plainly());
        BIRCH_VERIFY(report);
        const auto opened = SqliteSource::open(source(file));
        QVERIFY(opened);
        QCOMPARE(report.value().tables().size(), opened.value()->tables().size());
        for (const TableReport &table : report.value().tables()) {
            QVERIFY2(table.accounted() == table.rows(), qPrintable(table.table()));
            QCOMPARE(table.rows(), opened.value()->table(table.table())->rows);
        }
        QCOMPARE(report.value().missing(), 0);
        for (const QString &table : {u"equipment"_s, u"samples"_s, u"precursors"_s, u"scans"_s,
                                     u"queues"_s, u"fabrication_runs"_s, u"user_pins"_s}) {
            const TableReport &row = report.value().table(table, {}, 0);
            QCOMPARE(row.count(RowFate::Created) + row.count(RowFate::NotUnderstood), row.rows());
            QCOMPARE(countOf(*connection, table), row.count(RowFate::Created));
        }
        QCOMPARE(countOf(*connection, u"measurement_objects"_s),
                 report.value().table(u"measurement_objects"_s, {}, 0).count(RowFate::Created));
        const auto stored =
            connection->firstRow(u"SELECT sum(rows_stored) FROM measurement_objects"_s);
        QCOMPARE(
            stored.value()->first().toLongLong(),
            report.value().table(u"measurement_data_points"_s, {}, 0).count(RowFate::Created) +
                report.value().table(u"measurement_data_arrays"_s, {}, 0).count(RowFate::Created));
    }

    void twiceChangesNothing_data() { addFiles(); }
    void twiceChangesNothing()
    {
        QFETCH(bool, isPostgres);
        QFETCH(QString, file);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        BIRCH_VERIFY(importPybirch(*connection, kAdmin, source(file), plainly()));
        const auto before = targetState(*connection);
        const qint64 events = countOf(*connection, u"event_log"_s);
        const auto again = importPybirch(*connection, kAdmin, source(file), plainly());
        BIRCH_VERIFY(again);
        QCOMPARE(again.value().count(RowFate::Created), 0);
        QCOMPARE(again.value().missing(), 0);
        QCOMPARE(targetState(*connection), before);
        QCOMPARE(countOf(*connection, u"event_log"_s), events);
    }

    /// The file went on living: what is new comes, what has changed is named and left alone.
    void olderThenNewer_data() { StoreFixture::addEngines(); }
    void olderThenNewer()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        BIRCH_VERIFY(importPybirch(*connection, kAdmin, m_older, plainly()));
        auto report = importPybirch(*connection, kAdmin, m_newer, plainly());
        BIRCH_VERIFY(report);
        QCOMPARE(countOf(*connection, u"samples"_s), 5);
        QCOMPARE(report.value().table(u"samples"_s, {}, 0).count(RowFate::Unchanged), 5);
        QCOMPARE(report.value().table(u"issue_updates"_s, {}, 0).count(RowFate::Created), 6);
        QCOMPARE(report.value().table(u"issues"_s, {}, 0).count(RowFate::Skipped), 1);
        QCOMPARE(report.value().table(u"drivers"_s, {}, 0).count(RowFate::Unchanged), 1);
    }

    /// The same report as of the import that follows, and not a byte of difference.
    void dryRun_data() { addFiles(); }
    void dryRun()
    {
        QFETCH(bool, isPostgres);
        QFETCH(QString, file);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto empty = targetState(*database->connect().value());
        const QString path = isPostgres ? QString() : database->url().path();
        const QByteArray before = isPostgres ? QByteArray() : readFile(path).value();
        ImportOptions options;
        options.isDryRun = true;
        QJsonObject trial;
        {
            const auto connection = database->connect().value();
            auto report = importPybirch(*connection, kAdmin, source(file), options);
            BIRCH_VERIFY(report);
            trial = report.value().toJson();
            QCOMPARE(targetState(*connection), empty);
            QCOMPARE(countOf(*connection, u"event_log"_s), 0);
        }
        if (!isPostgres)
            QVERIFY(readFile(path).value() == before);
        const auto connection = database->connect().value();
        auto report = importPybirch(*connection, kAdmin, source(file), plainly());
        BIRCH_VERIFY(report);
        QJsonObject real = report.value().toJson();
        QCOMPARE(trial.take(u"dry_run"_s), QJsonValue(true));
        QCOMPARE(real.take(u"dry_run"_s), QJsonValue(false));
        QCOMPARE(trial, real);
    }

    /// Stopped after every scan, it goes on where it was.
    void stoppedAndContinued_data() { StoreFixture::addEngines(); }
    void stoppedAndContinued()
    {
        QFETCH(bool, isPostgres);
        const auto whole = m_fixture.newDatabase(isPostgres);
        const auto wholeConnection = whole->connect().value();
        BIRCH_VERIFY(importPybirch(*wholeConnection, kAdmin, m_every, plainly()));
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        int runs = 0;
        for (bool isDone = false; !isDone; ++runs) {
            std::stop_source stop;
            qint64 created = 0;
            ImportOptions options;
            options.stop = stop.get_token();
            options.told = [&](const QString &what, qint64 done, qint64) {
                if (what == u"scans"_s && done > 4 * runs)
                    stop.request_stop();
                created += done;
            };
            auto report = importPybirch(*connection, kAdmin, m_every, options);
            isDone = bool(report);
            QVERIFY(report || report.error().code == ErrorCode::Cancelled);
            QVERIFY(runs < 50);
        }
        QVERIFY(runs > 2);
        const auto expected = targetState(*wholeConnection);
        const auto found = targetState(*connection);
        for (const QString &table : expected.keys())
            QVERIFY2(found[table].size() == expected[table].size(), qPrintable(table));
        // Each database has its own first lab and user.
        for (const QString &table : expected.keys())
            QVERIFY2(table == u"labs"_s || table == u"users"_s || found[table] == expected[table],
                     qPrintable(table));
    }

    void entities_data() { StoreFixture::addEngines(); }
    void entities()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        BIRCH_VERIFY(importPybirch(*connection, kAdmin, m_every, plainly()));
        const auto sample =
            EntityRepository(*connection, sampleSpec()).find(kAdmin, u"AU_TF_001"_s);
        BIRCH_VERIFY(sample);
        QCOMPARE(sample.value().text(u"material"_s), u"Au"_s);
        QCOMPARE(sample.value().text(u"lab"_s), u"default_lab"_s);
        QCOMPARE(sample.value().extraData.value(u"legacy_id"_s).toInt(), 1);
        QCOMPARE(sample.value().extraData.value(u"legacy_table"_s).toString(), u"samples"_s);
        QCOMPARE(sample.value().extraData.value(u"batch"_s).toInt(), 7);
        QCOMPARE(sample.value().extraData.value(u"legacy"_s)[u"colour"_s].toString(), u"golden"_s);
        QCOMPARE(sample.value().createdUs, 1767633514570508);
        QCOMPARE(sample.value().createdBy, u"test_script"_s);
        const auto child = EntityRepository(*connection, sampleSpec()).find(kAdmin, u"CHILD"_s);
        BIRCH_VERIFY(child);
        QCOMPARE(child.value().text(u"parent"_s), u"PARENT"_s);
        const auto parent = EntityRepository(*connection, sampleSpec()).find(kAdmin, u"PARENT"_s);
        QVERIFY(parent.value().trashedUs);
        const auto update = connection->firstRow(
            u"SELECT count(*) FROM issue_updates u JOIN issues i ON i.id = u.issue_id "
            "JOIN objects o ON o.id = i.about_object_id WHERE o.kind = 'equipment'"_s);
        BIRCH_VERIFY(update);
        QCOMPARE(update.value()->first().toInt(), 1);
        const auto pins = connection->firstRow(
            u"SELECT count(*) FROM user_pins p JOIN objects o ON o.id = p.object_id "
            "JOIN scans s ON s.id = o.row_id WHERE o.kind = 'scans'"_s);
        BIRCH_VERIFY(pins);
        QCOMPARE(pins.value()->first().toInt(), 1);
        const auto placed = connection->firstRow(
            u"SELECT count(*) FROM placements p JOIN objects o ON o.id = p.object_id "
            "JOIN locations l ON l.id = p.location_id WHERE o.kind = 'samples'"_s);
        BIRCH_VERIFY(placed);
        QCOMPARE(placed.value()->first().toInt(), 3);
        const auto over = connection->firstRow(
            u"SELECT count(*) FROM placements p JOIN placements n ON n.placed_at = p.removed_at "
            "AND n.object_id = p.object_id AND n.removed_at IS NULL"_s);
        BIRCH_VERIFY(over);
        QCOMPARE(over.value()->first().toInt(), 1);
        const auto form = EntityRepository(*connection, *entityByTable(u"templates"_s))
                              .find(kAdmin, u"Gold Thin Film"_s);
        BIRCH_VERIFY(form);
        QCOMPARE(form.value().text(u"entity_type"_s), u"samples"_s);
        QVERIFY(form.value().values.value(u"prefill"_s).toJsonValue()[u"tags"_s].isArray());
    }

    /// Nobody gets in by an import, and no secret comes along.
    void secrets_data() { StoreFixture::addEngines(); }
    void secrets()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        BIRCH_VERIFY(importPybirch(*connection, kAdmin, m_every, plainly()));
        QStringList tables{u"scans"_s, u"queues"_s, u"event_log"_s};
        for (const EntitySpec &spec : entitySpecs())
            tables << spec.table;
        for (const QString &table : tables) {
            const QString all =
                isPostgres ? u"SELECT t::text FROM %1 t"_s.arg(table) : u"SELECT * FROM "_s + table;
            QStringList found;
            QVERIFY(connection->select(all, {}, [&](const SqlRow &row) {
                const int columns = isPostgres ? 1 : 40;
                for (int i = 0; i < columns; ++i) {
                    if (row.text(i).contains(u"SECRET"_s))
                        found << row.text(i);
                }
            }));
            QVERIFY2(found.isEmpty(), qPrintable(table + u": "_s + found.join(u' ')));
        }
        for (const QString &name : {u"operator1"_s, u"boss"_s}) {
            const auto user =
                EntityRepository(*connection, *entityByTable(u"users"_s)).find(kAdmin, name);
            BIRCH_VERIFY(user);
            QCOMPARE(user.value().values.value(u"is_active"_s).toBool(), false);
            QVERIFY(user.value().text(u"password_hash"_s).isEmpty());
        }
    }

    void scans_data() { StoreFixture::addEngines(); }
    void scans()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        BIRCH_VERIFY(importPybirch(*connection, kAdmin, m_every, plainly()));
        const auto first =
            StoredScanSource::open(*connection, kAdmin, u"SCAN_20260105_121834_91e90279"_s);
        BIRCH_VERIFY(first);
        const ExportedScan &scan = first.value()->scan();
        QCOMPARE(scan.state, ScanState::Completed);
        QCOMPARE(scan.sample.value(u"sample_id"_s).toString(), u"AU_TF_001"_s);
        QCOMPARE(scan.startedUs, 1767633514577918); // this one was in UTC
        QCOMPARE(scan.log.size(), 1);
        QCOMPARE(scan.log[0].level, u"warning"_s);
        QCOMPARE(scan.objects[0].schema.columns[1].name, u"Voltage"_s);
        QCOMPARE(scan.objects[0].schema.columns[1].unit, u"V"_s);
        const auto volts = first.value()->read(0, 1, 0, 4);
        QCOMPARE(volts.value().doubleAt(1), 0.1);
        QCOMPARE(volts.value().doubleAt(3), 0.3);
        // 13:42:25 in the lab, five hours behind.
        const auto map = connection->firstRow(
            u"SELECT uid, started_at, ended_at, queue_id FROM scans WHERE started_at > "
            "1767811345000000 AND started_at < 1767811346000000"_s);
        QVERIFY(map.value());
        const auto second =
            StoredScanSource::open(*connection, kAdmin, map.value()->at(0).toString());
        const TableSchema &stage = second.value()->scan().objects[0].schema;
        QCOMPARE(stage.columns[4].name, u"x position"_s);
        QCOMPARE(stage.columns[4].unit, u"mm"_s);
        QCOMPARE(stage.columns[4].role, ColumnRole::Setpoint);
        QCOMPARE(second.value()->read(0, 0, 0, 1).value().intAt(0) / 1'000'000'000, 1767811345);
        const auto states = connection->firstRow(
            u"SELECT count(*) FROM scans WHERE state NOT IN ('completed', 'aborted', 'failed') "
            "OR ended_at IS NULL OR ended_at < started_at"_s);
        QCOMPARE(states.value()->first().toInt(), 0);
    }

    void awkwardData_data() { StoreFixture::addEngines(); }
    void awkwardData()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        BIRCH_VERIFY(importPybirch(*connection, kAdmin, m_every, plainly()));
        const auto source = StoredScanSource::open(*connection, kAdmin, u"AWKWARD"_s);
        BIRCH_VERIFY(source);
        QCOMPARE(source.value()->scan().state, ScanState::Aborted);
        QVERIFY(source.value()->scan().reason.contains(u"sleeping"_s));
        const auto numbers = source.value()->read(0, 1, 0, 5); // in the order of their sequence
        QCOMPARE(numbers.value().doubleAt(0), 0.1);
        QCOMPARE(numbers.value().stateAt(1), ValueState::NotANumber);
        QVERIFY(std::isinf(numbers.value().doubleAt(2)));
        QCOMPARE(numbers.value().stateAt(3), ValueState::Skipped);
        QCOMPARE(numbers.value().stateAt(4), ValueState::Ok);
        const QList<ColumnSpec> kinds = source.value()->scan().objects[1].schema.columns;
        QStringList names;
        for (const ColumnSpec &column : kinds)
            names << column.name + u':' + columnTypeName(column.type);
        QCOMPARE(names,
                 (QStringList{u"sequence:int64"_s, u"big:int64"_s, u"list:float64"_s,
                              u"note:utf8"_s, u"on:bool"_s, u"late:utf8"_s, u"extra_data:utf8"_s}));
        QCOMPARE(source.value()->read(1, 1, 0, 1).value().intAt(0), 9007199254740993);
        QCOMPARE(kinds[2].shape, QList<qint64>{2});
        QCOMPARE(source.value()->scan().objects[2].schema.columns[2].unit, u"counts"_s);
        const auto spectrum = source.value()->read(2, 2, 0, 2);
        QCOMPARE(spectrum.value().doubleAt(2), 3.0);
        QCOMPARE(spectrum.value().stateAt(3), ValueState::NotANumber);
        QCOMPARE(source.value()->scan().objects[3].schema.name, u"kinds_2"_s);
    }

    /// Somebody has the names already: theirs stay, people and labs are taken for the same.
    void namesThatAreTaken_data() { StoreFixture::addEngines(); }
    void namesThatAreTaken()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        const auto own =
            EntityRepository(*connection, sampleSpec())
                .insert(kAdmin, {{u"sample_id"_s, u"AU_TF_001"_s}, {u"material"_s, u"Fe"_s}});
        BIRCH_VERIFY(own);
        BIRCH_VERIFY(EntityRepository(*connection, labSpec())
                         .insert(kAdmin, {{u"name"_s, u"default_lab"_s}}));
        auto report = importPybirch(*connection, kAdmin, m_newer, plainly());
        BIRCH_VERIFY(report);
        QCOMPARE(report.value().table(u"labs"_s, {}, 0).count(RowFate::Unchanged), 1);
        QCOMPARE(countOf(*connection, u"samples"_s), 6);
        EntityRepository samples(*connection, sampleSpec());
        QCOMPARE(samples.find(kAdmin, u"AU_TF_001"_s).value().text(u"material"_s), u"Fe"_s);
        QCOMPARE(samples.find(kAdmin, u"AU_TF_001 (2)"_s).value().text(u"material"_s), u"Au"_s);
        BIRCH_VERIFY(importPybirch(*connection, kAdmin, m_newer, plainly()));
        QCOMPARE(countOf(*connection, u"samples"_s), 6);
    }

    void files_data() { StoreFixture::addEngines(); }
    void files()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkpath(u"deep/down"_s));
        const QString path = folder.filePath(u"deep/down/aa01_notes.txt"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("noted");
        file.close();
        ImportOptions options;
        options.filesFolder = folder.path();
        auto report = importPybirch(*connection, kAdmin, m_newer, options);
        BIRCH_VERIFY(report);
        const TableReport &table = report.value().table(u"attachments"_s, {}, 0);
        QCOMPARE(table.count(RowFate::Created), 1);
        QCOMPARE(table.count(RowFate::Skipped), 1);
        const auto row =
            connection->firstRow(u"SELECT a.name, a.size, a.sha256, o.kind FROM attachments a "
                                 "JOIN objects o ON o.id = a.object_id"_s);
        QCOMPARE(row.value()->at(0).toString(), u"Notes"_s);
        QCOMPARE(row.value()->at(1).toInt(), 5);
        QCOMPARE(row.value()->at(2).toString().size(), 64);
        QCOMPARE(row.value()->at(3).toString(), u"samples"_s);
    }

    void refused_data()
    {
        QTest::addColumn<QString>("make");
        QTest::addColumn<QString>("says");
        QTest::newRow("of somebody else")
            << u"CREATE TABLE recipes (id INTEGER)"_s << u"none of PyBirch's"_s;
        QTest::newRow("of Birch") << u"CREATE TABLE database_info (id INTEGER); "
                                     "CREATE TABLE objects (id INTEGER)"_s
                                  << u"db copy"_s;
        QTest::newRow("cut off") << u"cut"_s << u"damaged"_s;
    }
    void refused()
    {
        QFETCH(QString, make);
        QFETCH(QString, says);
        const QString path = m_fixture.path(u"refused.db"_s);
        if (make == u"cut"_s) {
            makeSourceFile(path, kNewer);
            QFile file(path);
            QVERIFY(file.resize(file.size() / 2));
        } else {
            QFile::remove(path);
            changeSourceFile(path, make);
        }
        const auto database = m_fixture.newDatabase(false);
        const auto connection = database->connect().value();
        const auto before = targetState(*connection);
        auto report = importPybirch(*connection, kAdmin, path, plainly());
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::BadInput);
        QVERIFY2(report.error().message.contains(says), qPrintable(report.error().message));
        QCOMPARE(targetState(*connection), before);
    }

    void onlyForAdministrators()
    {
        const auto database = m_fixture.newDatabase(false);
        const auto connection = database->connect().value();
        const auto report =
            importPybirch(*connection, {u"bob"_s, Role::Operator}, m_newer, plainly());
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Denied);
    }

    /// PyBirch has it open and writes on.
    void beingWritten()
    {
        const QString path = m_fixture.path(u"live.db"_s);
        makeSourceFile(path, kNewer);
        const auto writer = Connection::open(DatabaseUrl::sqliteFile(path)).value();
        QVERIFY(writer->script(u"INSERT INTO tags (id, name) VALUES (50, 'in the log')"_s));
        const auto database = m_fixture.newDatabase(false);
        const auto connection = database->connect().value();
        ImportOptions options;
        bool wasWritten = false;
        options.told = [&](const QString &, qint64, qint64) {
            if (!wasWritten)
                wasWritten =
                    bool(writer->script(u"INSERT INTO tags (id, name) VALUES (51, 'meanwhile')"_s));
        };
        auto report = importPybirch(*connection, kAdmin, path, options);
        BIRCH_VERIFY(report);
        QVERIFY(wasWritten);
        QCOMPARE(report.value().table(u"tags"_s, {}, 0).count(RowFate::Created), 3);
    }

    /// Real files, where there are some: every one in the folder.
    void realFiles_data() { StoreFixture::addEngines(); }
    void realFiles()
    {
        QFETCH(bool, isPostgres);
        const QString folder = qEnvironmentVariable("BIRCH_PYBIRCH_FILES");
        const QStringList files = QDir(folder).entryList({u"*.db"_s}, QDir::Files);
        if (folder.isEmpty() || files.isEmpty())
            QSKIP("no folder with PyBirch files: configure with -DBIRCH_PYBIRCH_FILES=FOLDER");
        for (const QString &file : files) {
            const auto database = m_fixture.newDatabase(isPostgres);
            const auto connection = database->connect().value();
            const QString path = folder + u'/' + file;
            auto report = importPybirch(*connection, kAdmin, path, plainly());
            BIRCH_VERIFY(report);
            QCOMPARE(report.value().missing(), 0);
            QCOMPARE(report.value().count(RowFate::NotUnderstood), 0);
            const auto before = targetState(*connection);
            const auto again = importPybirch(*connection, kAdmin, path, plainly());
            BIRCH_VERIFY(again);
            QCOMPARE(again.value().count(RowFate::Created), 0);
            QCOMPARE(targetState(*connection), before);
        }
    }

private:
    static void addFiles()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<QString>("file");
        for (const char *file : {"older", "newer", "every"}) {
            QTest::addRow("SQLite, %s", file) << false << QString::fromLatin1(file);
        }
        for (const char *file : {"older", "every"})
            QTest::addRow("PostgreSQL, %s", file) << true << QString::fromLatin1(file);
    }
    QString source(const QString &name) const { return m_fixture.path(name + u".db"_s); }

    StoreFixture m_fixture;
    QString m_older;
    QString m_newer;
    QString m_every;
};

QTEST_GUILESS_MAIN(PybirchImportTest)
#include "tst_pybirch_import.moc"
