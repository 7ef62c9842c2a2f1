#include "core/store/stored_scan.h"

#include "core/base/id.h"
#include "core/data/table_schema_json.h"
#include "core/store/store_json.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("StoredScan", text);
}
} // namespace

Result<std::vector<StoredObject>> loadObjects(Connection &connection, qint64 scanRow)
{
    std::vector<StoredObject> objects;
    std::optional<Error> damage;
    const Status done = connection.select(
        u"SELECT id, columns, rows_stored FROM measurement_objects WHERE scan_id = ? "
        "AND side_epoch IS NULL ORDER BY position"_s,
        {scanRow}, [&objects, &damage](const SqlRow &row) {
            auto schema = tableSchemaFromJson(jsonObject(row.text(1)));
            if (!schema)
                damage = schema.error();
            else
                objects.push_back({row.integer(0), std::move(schema).value(), row.integer(2)});
        });
    if (!done)
        return done.error();
    if (damage)
        return damage->within(tr("The stored columns of a scan"));
    return objects;
}

Result<StoredScan> loadScan(Connection &connection, const QUuid &uid)
{
    const auto row = connection.firstRow(
        u"SELECT id, lab_id, scan_id, epoch, state, position_cursor FROM scans WHERE uid = ?"_s,
        {uidText(uid)});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound,
                     tr("Scan %1 is not in this database: open the one it was recorded to")
                         .arg(uidText(uid))};
    const QVariantList &columns = *row.value();
    StoredScan scan;
    scan.id = columns[0].toLongLong();
    scan.labId = columns[1].toLongLong();
    scan.uid = uid;
    scan.scanId = columns[2].toString();
    scan.epoch = columns[3].toInt();
    scan.state = scanStateFromName(columns[4].toString()).value_or(ScanState::Failed);
    scan.cursor = jsonObject(columns[5].toString());
    auto objects = loadObjects(connection, scan.id);
    if (!objects)
        return objects.error();
    scan.objects = std::move(objects).value();
    return scan;
}

} // namespace birch
