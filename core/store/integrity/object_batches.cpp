#include "core/store/integrity/object_batches.h"

#include "core/data/table_schema_json.h"
#include "core/store/integrity/read_snapshot.h"
#include "core/store/store_json.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kObjects = 1000;
// Of data behind one snapshot: seconds, so that SQLite's write-ahead log can be reset in between.
constexpr qint64 kRows = 10'000'000;

QString tr(const char *text)
{
    return QCoreApplication::translate("Integrity", text);
}

CheckedObject objectOf(const SqlRow &row)
{
    CheckedObject checked;
    checked.object.id = row.integer(0);
    checked.lab = row.integer(1);
    checked.object.rowsStored = row.integer(2);
    checked.scanId = row.text(5);
    const auto state = scanStateFromName(row.text(6));
    checked.isEnded = state && (isFinal(*state) || *state == ScanState::Interrupted);
    auto schema = tableSchemaFromJson(jsonObject(row.text(4)));
    if (schema)
        checked.object.schema = std::move(schema).value();
    else
        checked.schemaProblem = schema.error().message;
    if (schema && checked.object.schema.columns.isEmpty())
        checked.schemaProblem = tr("there are none");
    checked.object.schema.name = row.text(3);
    return checked;
}

Result<ObjectBatch> readBatch(Connection &connection, qint64 after)
{
    ObjectBatch batch;
    qint64 rows = 0;
    const Status done = connection.select(
        u"SELECT m.id, m.lab_id, m.rows_stored, m.name, m.columns, s.scan_id, s.state "
        "FROM measurement_objects m JOIN scans s ON s.id = m.scan_id WHERE m.id > ? "
        "ORDER BY m.id LIMIT ?"_s,
        {after, kObjects}, [&batch, &rows](const SqlRow &row) {
            if (rows >= kRows)
                return;
            rows += row.integer(2);
            batch.lastRow = row.integer(0);
            if (batch.objects.empty())
                batch.firstRow = batch.lastRow;
            batch.objects.emplace(batch.lastRow, objectOf(row));
        });
    if (!done)
        return done.error();
    return batch;
}
} // namespace

QString CheckedObject::place() const
{
    return tr("scan %1, %2").arg(scanId, object.schema.name);
}

QString CheckedObject::place(int column) const
{
    const bool isKnown = column >= 0 && column < object.schema.columns.size();
    const QString text = place() + u", "_s + tr("column %1").arg(column);
    return isKnown ? text + u" (%1)"_s.arg(object.schema.columns[column].name) : text;
}

Status forEachObjectBatch(IntegrityContext &context,
                          const std::function<Status(const ObjectBatch &)> &look)
{
    const auto total = context.connection.firstRow(u"SELECT count(*) FROM measurement_objects"_s);
    if (!total)
        return total.error();
    qint64 done = 0;
    for (qint64 after = 0;;) {
        const auto snapshot = ReadSnapshot::begin(context.connection);
        if (!snapshot)
            return snapshot.error();
        const auto batch = readBatch(context.connection, after);
        if (!batch)
            return batch.error();
        if (batch.value().objects.empty())
            return ok();
        if (Status looked = look(batch.value()); !looked)
            return looked;
        after = batch.value().lastRow;
        done += qint64(batch.value().objects.size());
        context.progress(done, total.value().value().first().toLongLong());
    }
}

} // namespace birch
