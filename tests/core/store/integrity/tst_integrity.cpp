#include "core/store/integrity/integrity_check.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/event_log.h"
#include "core/store/lab/attachment_store.h"
#include "core/store/sql_run_store.h"
#include "core/store/write_transaction.h"
#include "tests/core/store/event_fixture.h"
#include "tests/core/store/scan_fixture.h"

#include <QFile>
#include <QTemporaryFile>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

/// What somebody may have done to a database, and which check must say so.
struct Damage {
    enum Where : quint8 { Both, SqliteOnly, PostgresOnly };
    const char *name;
    QStringList sql; ///< {BAD}: some bytes
    const char *check;
    const char *table; ///< of the finding
    QStringList says;  ///< words of the finding
    bool isFull = false;
    Where where = Both;
};

const QString kPlain =
    u"measurement_object_id = (SELECT id FROM measurement_objects WHERE name = 'plain')"_s;

QList<Damage> logDamages()
{
    return {
        {"title of an event",
         {u"UPDATE event_log SET title = 'D-9' WHERE lab_id = 1 AND sequence = 2"_s},
         "events",
         "event_log",
         {u"chain of Lab, event 2"_s, u"altered"_s}},
        {"time of an event",
         {u"UPDATE event_log SET occurred_at = occurred_at + 1 WHERE lab_id = 0 AND sequence = 1"_s},
         "events",
         "event_log",
         {u"chain of the database, event 1"_s, u"altered"_s}},
        {"detail of an event",
         {u"UPDATE event_log SET changes = '{}' WHERE lab_id = 1 AND sequence = 3"_s},
         "events",
         "event_log",
         {u"event 3"_s, u"detail was altered"_s}},
        {"detail lost",
         {u"UPDATE event_log SET changes = NULL WHERE lab_id = 1 AND sequence = 3"_s},
         "events",
         "event_log",
         {u"event 3"_s, u"without having been purged"_s}},
        {"detail purged by hand",
         {u"UPDATE event_log SET changes = NULL, purged_at = 5 WHERE lab_id = 1 AND sequence = 3"_s},
         "events",
         "event_log",
         {u"event 3"_s, u"no event tells of that purge"_s}},
        {"detail written again",
         {u"UPDATE event_log SET changes = '{}' WHERE lab_id = 2 AND sequence = 1"_s},
         "events",
         "event_log",
         {u"chain of Other, event 1"_s, u"says that this was purged"_s}},
        {"event gone",
         {u"DELETE FROM event_log WHERE lab_id = 1 AND sequence = 2"_s},
         "events",
         "event_log",
         {u"event 2"_s, u"missing before event 3"_s}},
        {"first event gone",
         {u"DELETE FROM event_log WHERE lab_id = 1 AND sequence = 1"_s},
         "events",
         "event_log",
         {u"event 1"_s, u"missing"_s}},
        {"newest event gone",
         {u"DELETE FROM event_log WHERE lab_id = 1 AND sequence = (SELECT max(sequence) FROM event_log WHERE lab_id = 1)"_s},
         "events",
         "event_log",
         {u"ends before its head"_s}},
        {"event moved to another chain",
         {u"UPDATE event_log SET lab_id = 3, sequence = 1 WHERE lab_id = 1 AND sequence = 2"_s},
         "events",
         "event_log",
         {u"event 2"_s, u"missing"_s}},
        {"head set back",
         {u"UPDATE event_chains SET sequence = sequence - 1 WHERE lab_id = 1"_s},
         "events",
         "event_log",
         {u"lie behind the head"_s}},
        {"head gone",
         {u"DELETE FROM event_chains WHERE lab_id = 1"_s},
         "events",
         "event_log",
         {u"lab_id 1"_s, u"behind the head"_s}},
        {"head altered",
         {u"UPDATE event_chains SET hash = {BAD} WHERE lab_id = 1"_s},
         "events",
         "event_log",
         {u"the head of the chain names"_s}},
    };
}

QList<Damage> scanDamages()
{
    return {
        {"points",
         {u"UPDATE scans SET points = points + 1"_s},
         "scans",
         "scans",
         {u"bench-270115-001"_s, u"expected 20100"_s, u"found 20101"_s}},
        {"no end",
         {u"UPDATE scans SET ended_at = NULL"_s},
         "scans",
         "scans",
         {u"completed and has no time"_s}},
        {"ended and running",
         {u"UPDATE scans SET state = 'running'"_s},
         "scans",
         "scans",
         {u"running and has ended"_s}},
        {"no documents",
         {u"DELETE FROM scan_documents"_s},
         "scans",
         "scans",
         {u"tree, settings and instruments"_s}},
        {"never started",
         {u"UPDATE scans SET epoch = 0"_s},
         "scans",
         "scans",
         {u"never started"_s}},
        {"positions",
         {u"UPDATE measurement_objects SET position = 7 WHERE name = 'plain'"_s},
         "scans",
         "scans",
         {u"numbered 0 to 1"_s}},
        {"lab of a measurement",
         {u"UPDATE measurement_objects SET lab_id = 2 WHERE name = 'plain'"_s},
         "scans",
         "scans",
         {u"another lab"_s}},
        {"queue",
         {u"UPDATE queues SET state = 'running'"_s},
         "scans",
         "queues",
         {u"Night"_s, u"running and has ended"_s}},
        {"queue never started",
         {u"UPDATE queues SET state = 'paused', started_at = NULL, ended_at = NULL"_s},
         "scans",
         "queues",
         {u"never started"_s}},
    };
}

QList<Damage> chunkDamages()
{
    const QString update =
        u"UPDATE data_chunks SET %1 WHERE "_s + kPlain + u" AND first_row = %2"_s;
    return {
        {"first chunk gone",
         {u"DELETE FROM data_chunks WHERE first_row = 0 AND "_s + kPlain},
         "chunks",
         "data_chunks",
         {u"scan bench-270115-001, plain, column 0 (x)"_s, u"rows are missing"_s,
          u"rows 0 to 9999"_s}},
        {"last chunk gone",
         {u"DELETE FROM data_chunks WHERE first_row = 10000 AND "_s + kPlain},
         "chunks",
         "data_chunks",
         {u"missing at the end"_s, u"rows 10000 to 19999"_s}},
        {"overlap",
         {update.arg(u"first_row = first_row - 5"_s, u"10000"_s)},
         "chunks",
         "data_chunks",
         {u"stored twice"_s, u"rows 9995 to 9999"_s}},
        {"gap",
         {update.arg(u"first_row = first_row + 5"_s, u"10000"_s)},
         "chunks",
         "data_chunks",
         {u"rows are missing"_s, u"rows 10000 to 10004"_s}},
        {"row count",
         {update.arg(u"row_count = row_count + 1"_s, u"10000"_s)},
         "chunks",
         "data_chunks",
         {u"after the last one"_s, u"rows 20000"_s}},
        {"no rows",
         {update.arg(u"row_count = 0"_s, u"10000"_s)},
         "chunks",
         "data_chunks",
         {u"chunk without rows"_s}},
        {"rows stored",
         {u"UPDATE measurement_objects SET rows_stored = 20001 WHERE name = 'plain'"_s},
         "chunks",
         "data_chunks",
         {u"missing at the end"_s, u"expected 20001 rows"_s}},
        {"unknown column",
         {update.arg(u"column_index = 9"_s, u"10000"_s)},
         "chunks",
         "data_chunks",
         {u"no such column"_s}},
        {"lab of a chunk",
         {update.arg(u"lab_id = 2"_s, u"10000"_s)},
         "chunks",
         "data_chunks",
         {u"another lab"_s, u"expected 1"_s, u"found 2"_s}},
        {"count of flagged values",
         {update.arg(u"flagged_count = 3"_s, u"0"_s)},
         "chunks",
         "data_chunks",
         {u"flagged values does not fit"_s}},
        {"flags gone",
         {u"UPDATE data_chunks SET flags = NULL WHERE flagged_count > 0"_s},
         "chunks",
         "data_chunks",
         {u"all, column 1"_s, u"flagged values does not fit"_s}},
        {"columns of a measurement",
         {u"UPDATE measurement_objects SET columns = '{}' WHERE name = 'plain'"_s},
         "chunks",
         "measurement_objects",
         {u"plain"_s, u"can not be read"_s}},
        {"payload",
         {update.arg(u"payload = {BAD}"_s, u"0"_s)},
         "chunks",
         "data_chunks",
         {u"do not read back"_s, u"rows 0 to 9999"_s},
         true},
        {"codec",
         {update.arg(u"codec = 7"_s, u"0"_s)},
         "chunks",
         "data_chunks",
         {u"do not read back"_s},
         true},
        {"minimum",
         {update.arg(u"min_value = max_value"_s, u"10000"_s)},
         "chunks",
         "data_chunks",
         {u"minimum and maximum"_s, u"rows 10000 to 19999"_s},
         true},
        {"one flag too few",
         {u"UPDATE data_chunks SET flagged_count = flagged_count - 1 WHERE flagged_count > 1"_s},
         "chunks",
         "data_chunks",
         {u"flagged values is not theirs"_s},
         true},
    };
}

QList<Damage> overviewDamages()
{
    const QString level = kPlain + u" AND level = %1"_s;
    return {
        {"overview gone",
         {u"DELETE FROM data_overviews WHERE "_s + level.arg(2)},
         "overviews",
         "data_overviews",
         {u"plain, column 0 (x), level 2"_s, u"expected 19 blocks"_s, u"found 0"_s}},
        {"overview cut",
         {u"UPDATE data_overviews SET payload = {BAD} WHERE "_s + level.arg(1)},
         "overviews",
         "data_overviews",
         {u"do not follow each other"_s}},
        {"overview moved",
         {u"UPDATE data_overviews SET first_block = 256 WHERE "_s + level.arg(1)},
         "overviews",
         "data_overviews",
         {u"do not follow each other"_s, u"from block 256"_s}},
        {"overview of another lab",
         {u"UPDATE data_overviews SET lab_id = 2 WHERE "_s + level.arg(1)},
         "overviews",
         "data_overviews",
         {u"another lab"_s}},
        {"overview of a text",
         {u"UPDATE data_overviews SET column_index = 7 WHERE "_s + level.arg(1)},
         "overviews",
         "data_overviews",
         {u"no such overview"_s}},
        {"overview of other values",
         {u"UPDATE data_overviews SET payload = (SELECT payload FROM other_blocks) WHERE "_s +
          level.arg(1)},
         "overviews",
         "data_overviews",
         {u"level 1"_s, u"do not show the values"_s},
         true},
    };
}

QList<Damage> objectDamages()
{
    const QString sample = u" WHERE kind = 'samples' AND row_id = (SELECT min(id) FROM samples)"_s;
    return {
        {"not registered",
         {u"DELETE FROM objects"_s + sample},
         "objects",
         "samples",
         {u"not in the registry"_s}},
        {"registered otherwise",
         {u"UPDATE objects SET uid = 'f' "_s + sample},
         "objects",
         "samples",
         {u"otherwise"_s, u"found f"_s}},
        {"registered in another lab",
         {u"UPDATE objects SET lab_id = 2"_s + sample},
         "objects",
         "samples",
         {u"otherwise"_s, u"lab 2"_s}},
        {"registered as trash",
         {u"UPDATE objects SET trashed_at = 1"_s + sample},
         "objects",
         "samples",
         {u"otherwise"_s, u"in the trash"_s}},
        {"registered and gone",
         {u"INSERT INTO objects (kind, row_id, uid) VALUES ('samples', 999, 'f')"_s},
         "objects",
         "objects",
         {u"is gone"_s, u"row of samples with id 999"_s}},
        {"of no kind",
         {u"INSERT INTO objects (kind, row_id, uid) VALUES ('ghosts', 1, 'f')"_s},
         "objects",
         "objects",
         {u"ghosts"_s}},
    };
}

QList<Damage> blobDamages()
{
    return {{"attached bytes altered",
             {u"INSERT INTO blobs (lab_id, sha256, size, created_at, used_at) "
              "VALUES (1, 'ab', 3, 1, 1)"_s,
              u"INSERT INTO blob_chunks (blob_id, position, lab_id, payload) "
              "SELECT id, 0, 1, {BAD} FROM blobs WHERE sha256 = 'ab'"_s},
             "blobs",
             "blobs",
             {u"damaged"_s, u"expected 3 bytes, SHA-256 ab"_s, u"found"_s}}};
}

QList<Damage> definitionDamages()
{
    return {{"text of a definition altered",
             {u"UPDATE definition_texts SET content = {BAD} WHERE definition = 'own'"_s},
             "definitions",
             "definition_texts",
             {u"own"_s, u"damaged"_s}},
            {"what it extends lost",
             {u"UPDATE definition_texts SET base_id = NULL WHERE definition = 'own'"_s},
             "definitions",
             "definition_texts",
             {u"own"_s, u"damaged"_s}},
            {"it extends itself",
             {u"UPDATE definition_texts SET base_id = id WHERE definition = 'own'"_s},
             "definitions",
             "definition_texts",
             {u"own"_s, u"damaged"_s}}};
}

QList<Damage> engineDamages()
{
    return {
        {"reference to nothing",
         {u"UPDATE scans SET project_id = 999"_s},
         "foreign_keys",
         "scans",
         {u"project_id"_s, u"refer"_s}},
        {"chunk of nothing",
         {u"INSERT INTO data_chunks (measurement_object_id, column_index, first_row, lab_id, "
          "row_count, codec, flagged_count, payload) VALUES (999, 0, 0, 1, 1, 0, 0, {BAD})"_s},
         "foreign_keys",
         "data_chunks",
         {u"measurement_objects"_s, u"refer"_s}},
        {"index that does not fit",
         {u"PRAGMA writable_schema = ON"_s,
          u"UPDATE sqlite_master SET sql = 'CREATE INDEX samples_status ON samples (name)' WHERE name = 'samples_status'"_s,
          u"PRAGMA writable_schema = RESET"_s},
         "engine",
         "file",
         {u"samples_status"_s},
         false,
         Damage::SqliteOnly},
        {"reference not looked at",
         {u"ALTER TABLE queue_logs DROP CONSTRAINT queue_logs_queue_id_fkey"_s,
          u"ALTER TABLE queue_logs ADD CONSTRAINT late FOREIGN KEY (queue_id) REFERENCES queues (id) NOT VALID"_s},
         "foreign_keys",
         "queue_logs",
         {u"constraint late"_s},
         false,
         Damage::PostgresOnly},
        {"trigger off",
         {u"ALTER TABLE samples DISABLE TRIGGER USER"_s},
         "engine",
         "samples",
         {u"trigger samples_object"_s, u"switched off"_s},
         false,
         Damage::PostgresOnly},
        {"index not valid",
         {u"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'samples_status'::regclass"_s},
         "engine",
         "samples",
         {u"index samples_status"_s},
         false,
         Damage::PostgresOnly},
    };
}

QList<Damage> damages()
{
    return logDamages() + scanDamages() + chunkDamages() + overviewDamages() + objectDamages() +
           blobDamages() + definitionDamages() + engineDamages();
}

QString described(const IntegrityReport &report)
{
    QStringList lines;
    for (const IntegrityFinding &finding : report.findings)
        lines << finding.check + u": "_s + finding.text();
    return lines.join(u'\n');
}
} // namespace

/// Every check sees its damage and says where it is; a sound database passes. On both engines.
class IntegrityTest : public QObject
{
    Q_OBJECT
private slots:
    void soundOnes_data() { test::StoreFixture::addEngines(); }
    void soundOnes()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        expectSound(*database->connect().value()); // nothing in it yet
        const auto filled = copyOfFilled(isPostgres);
        const auto connection = filled->connect().value();
        expectSound(*connection);
        const auto report = checkIntegrity(*connection, {});
        BIRCH_VERIFY(report);
        QMap<QString, qint64> examined;
        for (const CheckOutcome &check : report.value().checks)
            examined.insert(check.name, check.examined);
        for (auto it = examined.begin(); it != examined.end(); ++it)
            QVERIFY2(it.value() > 0, qPrintable(it.key()));
        QCOMPARE(report.value().chains.size(), 3);
        QCOMPARE(report.value().chains[2].purged, 1);
        QCOMPARE(report.value().chains[2].hash, test::storedEvents(*connection).last().hash);
    }

    void damageIsFound_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<qsizetype>("index");
        const QList<Damage> all = damages();
        for (qsizetype i = 0; i < all.size(); ++i) {
            if (all[i].where != Damage::PostgresOnly)
                QTest::addRow("SQLite: %s", all[i].name) << false << i;
            if (all[i].where != Damage::SqliteOnly)
                QTest::addRow("PostgreSQL: %s", all[i].name) << true << i;
        }
    }
    void damageIsFound()
    {
        QFETCH(bool, isPostgres);
        QFETCH(qsizetype, index);
        const Damage damage = damages()[index];
        Damaged damaged = damagedDatabase(isPostgres);
        Connection *connection = damaged.connection.get();
        for (QString sql : damage.sql) {
            sql.replace(u"{BAD}"_s, isPostgres ? u"'\\x2801'::bytea"_s : u"X'2801'"_s);
            BIRCH_VERIFY(withoutReferences(*connection, sql));
        }
        IntegrityOptions options;
        options.isFull = damage.isFull;
        options.checks = {QString::fromLatin1(damage.check)};
        if (damage.isFull)
            options.checks << u"overviews"_s; // reads what is damaged, too
        options.checks.removeDuplicates();
        const auto report = checkIntegrity(*connection, options);
        BIRCH_VERIFY(report);
        QVERIFY(!report.value().isSound());
        const auto names = [&damage](const IntegrityFinding &finding) {
            return finding.check == QLatin1StringView(damage.check) &&
                   finding.table == QLatin1StringView(damage.table) &&
                   std::ranges::all_of(damage.says, [&finding](const QString &word) {
                       return finding.text().contains(word);
                   });
        };
        QVERIFY2(std::ranges::any_of(report.value().findings, names),
                 qPrintable(described(report.value())));
        QVERIFY2(!described(report.value()).contains(u"could not be looked at"_s),
                 qPrintable(described(report.value())));
        const QJsonObject json = report.value().toJson();
        QCOMPARE(json[u"ok"_s].toBool(true), false);
    }

    /// Who alters an event and makes its hash fit breaks the next link instead.
    void forgedEventBreaksTheChain_data() { test::StoreFixture::addEngines(); }
    void forgedEventBreaksTheChain()
    {
        QFETCH(bool, isPostgres);
        Damaged damaged = damagedDatabase(isPostgres);
        Connection *connection = damaged.connection.get();
        for (test::StoredEvent event : test::storedEvents(*connection)) {
            if (event.link.lab != 1 || event.link.sequence != 2)
                continue;
            event.link.user = u"mallory"_s;
            BIRCH_VERIFY(connection->execute(
                u"UPDATE event_log SET user_name = ?, hash = ? WHERE lab_id = 1 AND sequence = 2"_s,
                {event.link.user, eventHash(event.link)}));
        }
        IntegrityOptions options;
        options.checks = {u"events"_s};
        const auto report = checkIntegrity(*connection, options);
        BIRCH_VERIFY(report);
        QCOMPARE(report.value().findings.size(), 1);
        QVERIFY2(described(report.value()).contains(u"event 3: it does not follow"_s),
                 qPrintable(described(report.value())));
    }

    void manyFindingsAreCounted()
    {
        const auto database = copyOfFilled(false);
        const auto connection = database->connect().value();
        BIRCH_VERIFY(connection->script(
            u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
            "INSERT INTO objects (kind, row_id, uid) SELECT 'ghost' || i, i, 'u' || i FROM n"_s));
        const auto report = checkIntegrity(*connection, {});
        BIRCH_VERIFY(report);
        QCOMPARE(report.value().findings.size(), IntegrityReport::kMaxFindings);
        QCOMPARE(outcomeOf(report.value(), u"objects"_s).findings, 500);
        IntegrityOptions unknown;
        unknown.checks = {u"chunk"_s};
        QCOMPARE(checkIntegrity(*connection, unknown).error().code, ErrorCode::BadInput);
    }

    /// A scan that is being stored is no damage.
    void soundWhileAScanIsStored_data() { test::StoreFixture::addEngines(); }
    void soundWhileAScanIsStored()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        auto store = SqlRunStore::open(*database, u"ada"_s, u"bench"_s).value();
        const auto connection = database->connect().value();
        const NewScan scan = test::newScan();
        OpenedScan opened = store->createScan(scan).value();
        for (int i = 0; i < 30; ++i) {
            BIRCH_VERIFY(store->commit(test::rowsCommit(scan, opened, 1, 3000)));
            opened.rowsStored[1] += 3000;
            if (i % 5 == 0)
                expectSound(*connection);
        }
    }

private:
    /// Filled, and as it was again afterwards: a file of its own, or a transaction that is never
    /// committed.
    struct Damaged {
        std::unique_ptr<Database> database;
        std::unique_ptr<Connection> connection;
        std::optional<WriteTransaction> transaction;
    };
    Damaged damagedDatabase(bool isPostgres)
    {
        Damaged damaged;
        if (!isPostgres || !m_server)
            damaged.database = copyOfFilled(isPostgres);
        if (isPostgres && !m_server)
            m_server = std::move(damaged.database);
        damaged.connection = (isPostgres ? *m_server : *damaged.database).connect().value();
        if (isPostgres)
            damaged.transaction.emplace(WriteTransaction::begin(*damaged.connection).value());
        return damaged;
    }
    void expectSound(Connection &connection)
    {
        IntegrityOptions options;
        options.isFull = true;
        const auto report = checkIntegrity(connection, options);
        BIRCH_VERIFY(report);
        QVERIFY2(report.value().isSound(), qPrintable(described(report.value())));
    }

    static CheckOutcome outcomeOf(const IntegrityReport &report, const QString &check)
    {
        return *std::ranges::find(report.checks, check, &CheckOutcome::name);
    }

    /// As somebody who knows how to get round foreign keys.
    Status withoutReferences(Connection &connection, const QString &sql)
    {
        const bool isPostgres = connection.dialect().isPostgres();
        if (Status off = connection.script(isPostgres ? u"SET session_replication_role = replica"_s
                                                      : u"PRAGMA foreign_keys = OFF"_s);
            !off)
            return off;
        if (Status done = connection.script(sql); !done)
            return done;
        return connection.script(isPostgres ? u"RESET session_replication_role"_s
                                            : u"PRAGMA foreign_keys = ON"_s);
    }

    void fill(const Database &database)
    {
        const auto connection = database.connect().value();
        const Session session{u"ada"_s, Role::Admin, u"bench"_s};
        EntityRepository labs(*connection, labSpec());
        EntityRepository samples(*connection, sampleSpec());
        BIRCH_VERIFY(labs.insert(session, {{u"name"_s, u"Other"_s}}));
        BIRCH_VERIFY(EventLog(*connection).purgeDetails(session, 9'000'000'000'000'000));
        BIRCH_VERIFY(samples.insert(session, {{u"sample_id"_s, u"D-1"_s}}));
        BIRCH_VERIFY(samples.insert(session, {{u"sample_id"_s, u"D-2"_s}, {u"lab"_s, u"Other"_s}}));
        BIRCH_VERIFY(samples.update(session, u"D-1"_s, {{u"name"_s, u"first"_s}}, 1));
        BIRCH_VERIFY(samples.setTrashed(session, u"D-2"_s, true));
        QTemporaryFile photo;
        QVERIFY(photo.open() && photo.write("light") == 5 && photo.flush());
        BIRCH_VERIFY(AttachmentStore(*connection)
                         .attach(session, {.file = photo.fileName(), .object = u"samples:D-1"_s}));
        auto transaction = WriteTransaction::begin(*connection);
        BIRCH_VERIFY(transaction);
        BIRCH_VERIFY(EventLog(*connection).record(session, {.kind = u"users"_s}));
        BIRCH_VERIFY(transaction.value().commit());
        storeScan(database);
        // Blocks of the right size, of other values: for the check to compare with.
        BIRCH_VERIFY(connection->script(
            u"CREATE TABLE other_blocks AS SELECT payload FROM data_overviews LIMIT 1"_s));
        BIRCH_VERIFY(forgeOtherBlocks(*connection));
    }
    void storeScan(const Database &database)
    {
        auto store = SqlRunStore::open(database, u"ada"_s, u"bench"_s).value();
        NewScan scan = test::newScan();
        scan.queueUid = store->createQueue(u"Night"_s, u"serial"_s).value();
        BIRCH_VERIFY(store->setQueueState(scan.queueUid, QueueState::Running));
        OpenedScan opened = store->createScan(scan).value();
        for (const auto &[object, rows] :
             {std::pair(0, 60), std::pair(0, 40), std::pair(1, 10'000), std::pair(1, 10'000)}) {
            BIRCH_VERIFY(store->commit(test::rowsCommit(scan, opened, object, rows)));
            opened.rowsStored[object] += rows;
        }
        ScanCommit end = test::rowsCommit(scan, opened, 0, 0);
        end.chunks.clear();
        end.state = ScanState::Completed;
        end.endedUs = scan.startedUs + 1;
        BIRCH_VERIFY(store->commit(end));
        BIRCH_VERIFY(store->setQueueState(scan.queueUid, QueueState::Idle));
    }
    static Status forgeOtherBlocks(Connection &connection)
    {
        const auto payload = connection.firstRow(
            u"SELECT payload FROM data_overviews WHERE level = 1 AND "_s + kPlain);
        if (!payload)
            return payload.error();
        QByteArray bytes = payload.value().value().first().toByteArray();
        bytes[3] = char(bytes[3] ^ 1);
        return connection.execute(u"UPDATE other_blocks SET payload = ?"_s, {bytes});
    }

    /// Its own copy of a database with something in every table that is looked at.
    std::unique_ptr<Database> copyOfFilled(bool isPostgres)
    {
        std::optional<DatabaseUrl> &original = m_filled[isPostgres];
        if (!original) {
            const auto database = m_fixture.newDatabase(isPostgres);
            fill(*database);
            original = database->url();
        }
        const DatabaseUrl url = m_fixture.newUrl(isPostgres);
        if (!isPostgres) {
            if (!QFile::copy(original->path(), url.path()))
                qFatal("the filled database can not be copied");
        } else {
            const auto server = Connection::open(url.withName(u"postgres"_s)).value();
            const Status made = server->script(
                u"CREATE DATABASE \"%1\" TEMPLATE \"%2\""_s.arg(url.name(), original->name()));
            if (!made)
                qFatal("%s", qPrintable(made.error().message));
        }
        auto database = Database::open(url, u"ada"_s);
        if (!database)
            qFatal("%s", qPrintable(database.error().message));
        return std::move(database).value();
    }

    test::StoreFixture m_fixture;
    std::map<bool, std::optional<DatabaseUrl>> m_filled;
    std::unique_ptr<Database> m_server; ///< filled, on PostgreSQL
};

QTEST_GUILESS_MAIN(IntegrityTest)
#include "tst_integrity.moc"
