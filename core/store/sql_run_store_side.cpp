// Rows of SqlRunStore that came too late: beside the scan, never between its own.
#include "core/base/id.h"
#include "core/data/side_rows.h"
#include "core/data/table_schema_json.h"
#include "core/store/sql_run_store.h"
#include "core/store/store_json.h"
#include "core/store/write_transaction.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QList<qint64> takenOverAt(const QJsonObject &extraData, int epoch)
{
    QList<qint64> rows;
    const QJsonValue taken = extraData[u"takeovers"_s][QString::number(epoch)];
    for (const QJsonValue &count : taken.toArray())
        rows << count.toInteger();
    return rows;
}
} // namespace

Result<QList<qint64>> SqlRunStore::rowsAtTakeover(const QUuid &scan, int epoch)
{
    const auto row =
        m_connection->firstRow(u"SELECT extra_data FROM scans WHERE uid = ?"_s, {uidText(scan)});
    if (!row)
        return row.error();
    if (!row.value())
        return QList<qint64>();
    return takenOverAt(jsonObject(row.value()->first().toString()), epoch);
}

Result<std::vector<StoredObject>> SqlRunStore::sideObjects(const StoredScan &scan, int epoch)
{
    std::vector<StoredObject> objects;
    const Status read = m_connection->select(
        u"SELECT id, columns, rows_stored FROM measurement_objects WHERE scan_id = ? AND "
        "side_epoch = ? ORDER BY position"_s,
        {scan.id, epoch}, [&objects](const SqlRow &row) {
            auto schema = tableSchemaFromJson(jsonObject(row.text(1)));
            if (schema)
                objects.push_back({row.integer(0), std::move(schema).value(), row.integer(2)});
        });
    if (!read)
        return read.error();
    return objects;
}

Result<SideRows> SqlRunStore::openSide(const QUuid &uid, int epoch, const QString &station)
{
    auto transaction = WriteTransaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    const auto scan = loadScan(*m_connection, uid);
    if (!scan)
        return scan.error();
    const auto base = rowsAtTakeover(uid, epoch);
    if (!base)
        return base.error();
    if (base.value().size() != qsizetype(scan.value().objects.size()))
        return Error{ErrorCode::Conflict,
                     tr("Scan %1 was not taken over from there: nothing was stored")
                         .arg(scan.value().scanId)};
    auto objects = sideObjects(scan.value(), epoch);
    if (!objects)
        return objects.error();
    if (objects.value().empty()) {
        for (const StoredObject &object : scan.value().objects) {
            TableSchema schema = object.schema;
            schema.name = tr("%1 (%2, start %3)").arg(schema.name, station).arg(epoch);
            const auto made = m_connection->firstRow(
                u"INSERT INTO measurement_objects (uid, scan_id, lab_id, position, node_uid, "
                "name, columns, side_epoch) VALUES (?, ?, ?, (SELECT max(position) + 1 FROM "
                "measurement_objects WHERE scan_id = ?), ?, ?, ?, ?) RETURNING id"_s,
                {uidText(newUid()), scan.value().id, scan.value().labId, scan.value().id,
                 uidText(schema.nodeId), schema.name, jsonText(tableSchemaToJson(schema)), epoch});
            if (!made)
                return made.error();
            objects.value().push_back({made.value()->first().toLongLong(), schema, 0});
        }
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    SideRows side{uid, epoch, base.value(), base.value()};
    for (qsizetype i = 0; i < side.rowsStored.size(); ++i)
        side.rowsStored[i] += objects.value()[size_t(i)].rowsStored;
    return side;
}

Status SqlRunStore::commitSide(const ScanCommit &commit, const SideRows &side)
{
    auto transaction = WriteTransaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    const auto scan = loadScan(*m_connection, side.scan);
    if (!scan)
        return scan.error();
    const auto objects = sideObjects(scan.value(), side.epoch);
    if (!objects)
        return objects.error();
    for (size_t i = 0; i < objects.value().size(); ++i) {
        const qint64 base = side.base[qsizetype(i)];
        const qint64 before = commit.rowsBefore[qsizetype(i)] - base;
        const qint64 after = commit.rowsAfter[qsizetype(i)] - base;
        if (before == after)
            continue;
        StoredObject object = objects.value()[i];
        const auto grown = m_connection->executeCounting(
            u"UPDATE measurement_objects SET rows_stored = ? WHERE id = ? AND rows_stored = ?"_s,
            {after, object.id, before});
        if (!grown)
            return grown.error();
        if (grown.value() != 1)
            return Error{ErrorCode::Conflict,
                         tr("Another program brings the late rows of scan %1 already: wait for it")
                             .arg(scan.value().scanId)};
        std::vector<Chunk> chunks;
        for (Chunk chunk : commit.chunks) {
            if (size_t(chunk.object) != i)
                continue;
            chunk.firstRow -= base;
            if (Status done = m_chunks.insert({object.id, scan.value().labId}, chunk); !done)
                return done;
            chunks.push_back(std::move(chunk));
        }
        object.rowsStored = after;
        if (Status done =
                m_overviews.update({object, scan.value().labId, before, chunks}, commit.isDurable);
            !done)
            return done;
    }
    return transaction.value().commit();
}

} // namespace birch
