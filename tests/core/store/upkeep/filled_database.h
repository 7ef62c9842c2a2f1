#pragma once

#include "core/store/integrity/integrity_run.h"
#include "core/store/sql_run_store.h"
#include "core/store/upkeep/row_reader.h"
#include "tests/core/store/entity_examples.h"
#include "tests/core/store/scan_fixture.h"

#include <QCryptographicHash>

namespace birch::test {

/// One finished scan with \a rows in its first object and one in its second; its human id.
inline QString addScan(const Database &database, qint64 rows, qint64 startedUs = 0)
{
    const auto store = SqlRunStore::open(database, u"ada"_s, u"bench"_s);
    if (!store)
        qFatal("%s", qPrintable(store.error().message));
    NewScan scan = newScan();
    if (startedUs != 0)
        scan.startedUs = startedUs;
    OpenedScan opened = store.value()->createScan(scan).value();
    ScanCommit commit = rowsCommit(scan, opened, 0, rows);
    commit.rowsAfter[1] = 1;
    ChunkEncoder encoder;
    const auto plain = rowsOf(scan.objects[1], 0, 1);
    commit.chunks.push_back(encoder.encode(1, 0, 0, plain[0]));
    commit.log.push_back({scan.startedUs * 1000, u"info"_s, u"Ω 'quoted' \"twice\"\n%_"_s});
    commit.state = ScanState::Completed;
    commit.endedUs = scan.startedUs + 60'000'000;
    commit.timing = ScanTiming{50, {{{}, {}, QStringLiteral("smu.iv"), TimePart::Read, 3, 50, 20}}};
    if (const Status done = store.value()->commit(commit); !done)
        qFatal("%s", qPrintable(done.error().message));
    return opened.scanId;
}

/// Rows in every table that has an entity or belongs to a scan.
inline void fillEverything(const Database &database)
{
    addScan(database, 300);
    const auto store = SqlRunStore::open(database, u"ada"_s, u"bench"_s);
    if (!store.value()->createQueue(u"night"_s, u"serial"_s))
        qFatal("no queue");
    const auto connection = database.connect().value();
    for (const QString &sql :
         {u"INSERT INTO queue_logs (queue_id, sequence, logged_at, level, message) "
          "SELECT id, 1, 2, 'info', 'begun' FROM queues"_s,
          u"INSERT INTO settings (scope, name, value, updated_at, updated_by) "
          "VALUES ('t', 'a', '1', 0, 'ada')"_s,
          u"INSERT INTO queue_items (uid, lab_id, queue_id, position, name, tree, created_at, "
          "created_by, updated_at, updated_by) SELECT '0190', lab_id, id, 1, 'next', '{}', 1, "
          "'ada', 1, 'ada' FROM queues"_s,
          u"INSERT INTO queue_item_instruments (item_id, nickname, definition) "
          "SELECT id, 'smu', 'keithley-2400' FROM queue_items"_s}) {
        if (const Status done = connection->execute(sql); !done)
            qFatal("%s", qPrintable(done.error().message));
    }
    const Session session = openSession(*connection, u"ada"_s).value();
    EntityExamples examples(*connection, session);
    for (const EntitySpec &spec : entitySpecs()) {
        const auto made = examples.add(spec);
        if (!made)
            qFatal("%s: %s", qPrintable(spec.table), qPrintable(made.error().message));
    }
    // The example of an attachment gets bytes, so that its hash is true.
    const QByteArray bytes("birch");
    const QString hash =
        QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
    for (const auto &[sql, values] : QList<std::pair<QString, QVariantList>>{
             {u"UPDATE attachments SET path = NULL, sha256 = ?, size = ?"_s, {hash, bytes.size()}},
             {u"INSERT INTO blobs (lab_id, sha256, size, created_at, used_at) "
              "SELECT DISTINCT lab_id, sha256, size, 1, 1 FROM attachments"_s,
              {}},
             {u"INSERT INTO blob_chunks (blob_id, position, lab_id, payload) "
              "SELECT id, 0, lab_id, ? FROM blobs"_s,
              {bytes}}}) {
        if (const Status done = connection->execute(sql, values); !done)
            qFatal("%s", qPrintable(done.error().message));
    }
    const QString awkward = u"{\"b\": 1.0, \"a\": [1e-9, -0.0, null, \"Ω\\n\"], \"ü\": {}}"_s;
    if (const auto done = connection->execute(u"UPDATE samples SET extra_data = ?, "
                                              "description = ?"_s,
                                              {awkward, u"tab\t'quote' \\ %_ 试样"_s});
        !done)
        qFatal("%s", qPrintable(done.error().message));
}

/// For what takes a database over.
inline std::unique_ptr<Database> opened(const DatabaseUrl &url)
{
    auto database = Database::open(url, u"ada"_s);
    if (!database)
        qFatal("%s", qPrintable(database.error().message));
    return std::move(database).value();
}

/// What is in it, by table, comparable between engines.
inline QMap<QString, TableDigest> contents(Connection &connection)
{
    QMap<QString, TableDigest> digests;
    const auto catalogue = TableCatalogue::read(connection);
    if (!catalogue)
        qFatal("%s", qPrintable(catalogue.error().message));
    for (const CatalogueTable &table : catalogue.value().tables()) {
        QList<CellType> types = table.columnTypes();
        for (CellType &type : types) { // SQLite does not say what is JSON
            if (type == CellType::Text)
                type = CellType::Json;
        }
        const auto digest = digestTable(connection, table, types);
        if (!digest)
            qFatal("%s", qPrintable(digest.error().message));
        digests.insert(table.name, digest.value());
    }
    return digests;
}

inline QMap<QString, TableDigest> contents(const DatabaseUrl &url)
{
    const auto connection = Connection::open(url);
    if (!connection)
        qFatal("%s", qPrintable(connection.error().message));
    return contents(*connection.value());
}

/// What `db integrity` says of it.
inline QStringList damage(const DatabaseUrl &url)
{
    const auto connection = Connection::open(url);
    if (!connection)
        return {connection.error().message};
    const auto report = checkIntegrity(*connection.value(), {.isFull = true});
    if (!report)
        return {report.error().message};
    QStringList lines;
    for (const IntegrityFinding &finding : report.value().findings)
        lines << finding.text();
    return lines;
}

} // namespace birch::test
