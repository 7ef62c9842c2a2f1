#include "core/exchange/import/pybirch_scans.h"

#include "core/base/id.h"
#include "core/exchange/file_names.h"
#include "core/exchange/import/pybirch_queues.h"
#include "core/exchange/import/source_values.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kNsPerUs = 1000;
const QString kPoints = u"measurement_data_points"_s;
const QString kArrays = u"measurement_data_arrays"_s;
const QString kObjects = u"measurement_objects"_s;
} // namespace

TableReport &PybirchScans::report(const QString &table)
{
    const SourceTable *found = m_source.table(table);
    return m_report.table(table,
                          table == kObjects || table == u"scans"_s || table == u"scan_logs"_s
                              ? table
                              : u"data_chunks"_s,
                          found ? found->rows : 0);
}

Status PybirchScans::import(const std::function<void(qint64, qint64)> &told,
                            const std::stop_token &stop)
{
    const SourceTable *scans = m_source.table(u"scans"_s);
    if (!scans || scans->rows == 0)
        return ok();
    bool wasMade = false;
    const auto station = stationUid(m_target, u"PyBirch"_s, m_context.onlyLab, &wasMade);
    if (!station)
        return station.error();
    if (wasMade)
        m_report.note(tr("PyBirch does not say on which computer a scan ran: a station \"PyBirch\" "
                         "was made for them."));
    const auto row = rowOfUid(m_target.connection, u"stations"_s, station.value());
    if (!row)
        return row.error();
    m_stationRow = row.value().toLongLong();
    qint64 done = 0;
    return m_source.each(u"scans"_s, {u"id"_s}, [&](const SourceRow &scan) {
        if (stop.stop_requested())
            return Status(Error{ErrorCode::Cancelled,
                                tr("Stopped after %1 scans: what was imported stays; run it again "
                                   "to go on")
                                    .arg(done)});
        const Status imported = importScan(scan);
        if (told)
            told(++done, scans->rows);
        return imported
                   ? ok()
                   : Status(imported.error().within(tr("Scan %1").arg(scan.text(u"scan_id"_s))));
    });
}

Status PybirchScans::importScan(const SourceRow &row)
{
    const qint64 id = row.integer(u"id"_s);
    const QString uid = importedUid(u"scans/%1/%2"_s.arg(id).arg(row.text(u"created_at"_s)));
    m_context.ids.add(u"scans"_s, id, uid);
    m_context.ids.addName(u"scan"_s, row.text(u"scan_id"_s), uid);
    const auto stored = storedSource(m_target.connection, u"scans"_s, uid);
    if (!stored)
        return stored.error();
    if (stored.value())
        return reportExisting(row, *stored.value());
    auto scan = describe(row);
    if (!scan)
        return scan.error();
    scan.value().uid = QUuid::fromString(uid);
    return create(row, std::move(scan).value());
}

Status PybirchScans::create(const SourceRow &row, FinishedScan scan)
{
    auto objects = objectsOf(row.integer(u"id"_s));
    if (!objects)
        return objects.error();
    const auto lines = linesOf(row.integer(u"id"_s));
    if (!lines)
        return lines.error();
    addTables(objects.value(), &scan);
    auto transaction = WriteTransaction::begin(m_target.connection);
    if (!transaction)
        return transaction.error();
    const QString wanted = scan.scanId;
    for (int number = 2;; ++number) {
        const auto taken =
            m_target.connection.firstRow(u"SELECT 1 FROM scans WHERE scan_id = ?"_s, {scan.scanId});
        if (!taken)
            return taken.error();
        if (!taken.value())
            break;
        scan.scanId = u"%1 (%2)"_s.arg(wanted).arg(number);
    }
    FinishedScanWriter writer(m_target.connection);
    if (Status done = writer.begin(m_target.session, scan); !done)
        return done;
    if (Status done = fill(writer, objects.value(), scan); !done)
        return done;
    QList<ScanLogEntry> log;
    for (const Line &line : lines.value())
        log << line.entry;
    if (Status done = writer.finish(m_target.session, log); !done)
        return done;
    if (Status done = transaction.value().commit(); !done)
        return done;
    report(u"scans"_s).add(RowFate::Created);
    if (scan.scanId != wanted)
        report(u"scans"_s).note(tr("there was another scan of this id: it was renamed"), wanted);
    for (const Object &object : objects.value())
        count(object, RowFate::Created, {});
    if (!log.isEmpty())
        report(u"scan_logs"_s).add(RowFate::Created, {}, {}, log.size());
    return ok();
}

Status PybirchScans::reportExisting(const SourceRow &row, const StoredSource &stored)
{
    const QString hash = rowHash(row, *m_source.table(u"scans"_s));
    const QString changed = tr("it was imported before and has changed in the file since: what is "
                               "here was left as it is");
    if (hash == stored.hash)
        report(u"scans"_s).add(RowFate::Unchanged);
    else
        report(u"scans"_s).add(RowFate::Skipped, changed, row.text(u"scan_id"_s));
    auto objects = objectsOf(row.integer(u"id"_s));
    if (!objects)
        return objects.error();
    for (const Object &object : objects.value()) {
        const auto found = m_target.connection.firstRow(
            u"SELECT rows_stored FROM measurement_objects WHERE uid = ?"_s, {object.uid});
        if (!found)
            return found.error();
        const qint64 rows =
            object.points ? object.points->counts().good : object.arrays->counts().good;
        const bool isSame = found.value() && found.value()->first().toLongLong() == rows;
        count(object, isSame ? RowFate::Unchanged : RowFate::Skipped,
              isSame ? QString()
                     : tr("its scan was imported before and has got more data in the file since: "
                          "what is here was left as it is"));
    }
    const auto lines = linesOf(row.integer(u"id"_s));
    if (!lines)
        return lines.error();
    const auto kept = m_target.connection.firstRow(
        u"SELECT count(*) FROM scan_logs WHERE scan_id = ?"_s, {stored.row});
    if (!kept)
        return kept.error();
    const qint64 same = std::min(kept.value()->first().toLongLong(), qint64(lines.value().size()));
    if (same > 0)
        report(u"scan_logs"_s).add(RowFate::Unchanged, {}, {}, same);
    if (const qint64 more = qint64(lines.value().size()) - same; more > 0)
        report(u"scan_logs"_s).add(RowFate::Skipped, changed, row.text(u"scan_id"_s), more);
    return ok();
}

void PybirchScans::addTables(std::vector<Object> &objects, FinishedScan *scan) const
{
    QStringList names;
    QJsonObject about;
    for (const Object &object : objects) {
        TableSchema schema;
        schema.nodeId = QUuid::fromString(importedUid(object.uid + u"/node"_s));
        schema.name = uniqueName(object.name, &names);
        schema.columns = object.points ? object.points->columns() : object.arrays->columns();
        scan->objects.append(schema);
        scan->objectUids.append(object.uid);
        about.insert(schema.name, object.about);
    }
    if (!about.isEmpty())
        scan->extraData.insert(u"measurements"_s, about);
}

Status PybirchScans::fill(FinishedScanWriter &writer, std::vector<Object> &objects,
                          const FinishedScan &scan) const
{
    for (size_t i = 0; i < objects.size(); ++i) {
        const auto append = [&writer, i](const std::vector<ColumnValues> &columns) {
            return writer.append(int(i), columns);
        };
        const Status read =
            objects[i].points
                ? objects[i].points->read(
                      FinishedScanWriter::rowsPerChunk(scan.objects[qsizetype(i)]), append)
                : objects[i].arrays->read(append);
        if (!read)
            return read;
    }
    return ok();
}

void PybirchScans::count(const Object &object, RowFate fate, const QString &why)
{
    const QString id = QString::number(object.id);
    if (!object.isExtra)
        report(kObjects).add(fate, why, id);
    if (object.points) {
        const PybirchPoints::Counts &points = object.points->counts();
        if (points.good > 0)
            report(kPoints).add(fate, why, id, points.good);
        for (auto it = points.bad.begin(); it != points.bad.end(); ++it)
            report(kPoints).add(RowFate::NotUnderstood, it.key(), it.value().join(u' '),
                                points.badCount);
        return;
    }
    const PybirchArrays::Counts &arrays = object.arrays->counts();
    if (arrays.good > 0)
        report(kArrays).add(fate, why, id, arrays.good);
    for (auto it = arrays.bad.begin(); it != arrays.bad.end(); ++it) {
        for (const QString &each : it.value())
            report(kArrays).add(RowFate::NotUnderstood, it.key(), each);
    }
}

} // namespace birch
