#include "core/exchange/import/pybirch_job.h"

#include "core/exchange/import/pybirch_files.h"
#include "core/exchange/import/pybirch_folded.h"
#include "core/exchange/import/pybirch_queues.h"
#include "core/exchange/import/pybirch_scans.h"
#include "core/exchange/import/pybirch_tables.h"
#include "core/exchange/import/source_values.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Every generation of PyBirch's files has these.
const QStringList kAlways{u"samples"_s, u"scans"_s, u"queues"_s, u"measurement_objects"_s,
                          u"measurement_data_points"_s};
/// Tables that are not entities and have code of their own, and what becomes of them.
const QMap<QString, QString> kOwn{{u"queues"_s, u"queues"_s},
                                  {u"queue_logs"_s, u"queue_logs"_s},
                                  {u"scans"_s, u"scans"_s},
                                  {u"scan_logs"_s, u"scan_logs"_s},
                                  {u"measurement_objects"_s, u"measurement_objects"_s},
                                  {u"measurement_data_points"_s, u"data_chunks"_s},
                                  {u"measurement_data_arrays"_s, u"data_chunks"_s}};
} // namespace

PybirchJob::PybirchJob(Connection &connection, const Session &session, const ImportOptions &options,
                       std::unique_ptr<SqliteSource> source)
    : m_target{connection, session}
    , m_options(options)
    , m_source(std::move(source))
{
    m_report.source = m_source->path();
    m_report.kind = u"pybirch"_s;
    m_report.isDryRun = options.isDryRun;
}

void PybirchJob::tell(const QString &what, qint64 done, qint64 total) const
{
    if (m_options.told)
        m_options.told(what, done, total);
}

Status PybirchJob::checkKind() const
{
    if (m_source->table(u"database_info"_s) && m_source->table(u"objects"_s))
        return Error{ErrorCode::BadInput,
                     tr("%1 is a database of Birch's own: birchctl db copy brings it into another")
                         .arg(m_source->path())};
    QStringList missing;
    for (const QString &table : kAlways) {
        if (!m_source->table(table))
            missing << table;
    }
    if (missing.isEmpty())
        return ok();
    return Error{
        ErrorCode::BadInput,
        tr("%1 is a SQLite file, but none of PyBirch's: it has no table %2. Give PyBirch's "
           "own file, usually pybirch.db")
            .arg(m_source->path(), missing.join(u", "_s))};
}

void PybirchJob::beginReport()
{
    for (const SourceTable &table : m_source->tables()) {
        QString into = kOwn.value(table.name, entityOfPybirchTable(table.name));
        if (isPybirchFileTable(table.name))
            into = u"attachments"_s;
        else if (isPybirchFolded(table.name))
            into = u"users"_s;
        (void)m_report.table(table.name, into, table.rows);
    }
    std::optional<QString> earliest;
    for (const QString &table : {u"labs"_s, u"users"_s, u"samples"_s, u"templates"_s,
                                 u"equipment"_s, u"queues"_s, u"scans"_s}) {
        const auto found = m_source->smallest(table, u"created_at"_s);
        if (found && (!earliest || *found < *earliest))
            earliest = found;
    }
    m_context.source = importedUid(u"file/"_s + earliest.value_or(QString()));
}

Status PybirchJob::learnClock()
{
    for (const QString &table : {u"scans"_s, u"queues"_s}) {
        const Status read = m_source->each(table, {u"id"_s}, [this](const SourceRow &row) {
            const auto created = timeWithoutZone(row.text(u"created_at"_s));
            const auto started = timeWithoutZone(row.text(u"started_at"_s));
            if (created && started)
                m_context.clock.learn(*created, *started);
            return ok();
        });
        if (!read)
            return read;
    }
    QStringList zones;
    for (int minutes : m_context.clock.offsetsMinutes())
        zones << u"UTC%1%2:%3"_s.arg(minutes < 0 ? u"-"_s : u"+"_s)
                     .arg(std::abs(minutes) / 60, 2, 10, QChar(u'0'))
                     .arg(std::abs(minutes) % 60, 2, 10, QChar(u'0'));
    if (!zones.isEmpty())
        m_report.note(tr("PyBirch wrote some times in local time; by the scans that was %1. They "
                         "are in UTC here.")
                          .arg(zones.join(u", "_s)));
    return ok();
}

Status PybirchJob::run()
{
    if (Status may = m_target.session.mayAdminister(); !may)
        return may;
    if (Status kind = checkKind(); !kind)
        return kind;
    beginReport();
    if (Status learned = learnClock(); !learned)
        return learned;
    if (Status done = importTables(false); !done)
        return done;
    PybirchQueues queues(m_target, *m_source, m_context, m_report);
    if (Status done = queues.importQueues(); !done)
        return done;
    PybirchScans scans(m_target, *m_source, m_context, m_report);
    const auto told = [this](qint64 done, qint64 total) { tell(u"scans"_s, done, total); };
    if (Status done = scans.import(told, m_options.stop); !done)
        return done;
    if (Status done = scans.reportOrphans(); !done)
        return done;
    if (Status done = queues.importLogs(); !done)
        return done;
    if (Status done = importTables(true); !done)
        return done;
    PybirchFiles files(m_target, *m_source, m_context, m_report, m_options.filesFolder);
    if (Status done = files.import(); !done)
        return done;
    if (Status done = foldPybirchTables(m_target, *m_source, m_context, m_report); !done)
        return done;
    if (Status done = leaveOut(); !done)
        return done;
    return m_source->checkUnchanged();
}

Status PybirchJob::importTables(bool isAfterScans)
{
    for (const SourceMap &map : pybirchTables()) {
        if (map.isAfterScans() != isAfterScans || !m_source->table(map.table()))
            continue;
        if (m_options.stop.stop_requested())
            return Error{ErrorCode::Cancelled,
                         tr("Stopped: what was imported stays; run it again to go on")};
        Status prepared = ok();
        if (map.table() == u"computer_bindings")
            prepared = addStations();
        else if (map.table() == u"object_locations")
            prepared = findPlacementEnds();
        if (!prepared)
            return prepared;
        if (Status done = importTable(map); !done)
            return done.error().within(map.table());
        if (map.table() == u"labs")
            findOnlyLab();
    }
    return ok();
}

void PybirchJob::findOnlyLab()
{
    if (m_source->table(u"labs"_s)->rows != 1)
        return;
    (void)m_source->each(u"labs"_s, {}, [this](const SourceRow &row) {
        m_context.onlyLab = m_context.ids.find(u"labs"_s, row.integer(u"id"_s));
        return ok();
    });
}

/// PyBirch marks a placement that is over, but does not say since when: since the next one.
Status PybirchJob::findPlacementEnds()
{
    const QStringList order{u"object_type"_s, u"object_id"_s, u"placed_at"_s, u"id"_s};
    QString object;
    QList<qint64> open; // earlier ones of the same object
    return m_source->each(u"object_locations"_s, order, [&](const SourceRow &row) {
        const QString each = row.text(u"object_type"_s) + u'/' + row.text(u"object_id"_s);
        if (each != object)
            open.clear();
        object = each;
        const auto placed = timeWithoutZone(row.text(u"placed_at"_s));
        for (qint64 id : std::as_const(open))
            m_context.placementEnds.insert(id, placed.value_or(m_context.placementEnds.value(id)));
        open.clear();
        const QVariant isCurrent = row.value(u"is_current"_s);
        if (isCurrent.isValid() && !isCurrent.toBool() && placed) {
            open << row.integer(u"id"_s);
            m_context.placementEnds.insert(row.integer(u"id"_s), *placed);
        }
        return ok();
    });
}

/// A binding names its computer; older files have no table of them.
Status PybirchJob::addStations()
{
    return m_source->each(u"computer_bindings"_s, {u"id"_s}, [this](const SourceRow &row) {
        const QString name = row.text(u"computer_name"_s).trimmed();
        if (name.isEmpty() || !m_context.ids.byName(u"station"_s, name).isEmpty())
            return ok();
        bool wasMade = false;
        const auto uid = stationUid(m_target, name, m_context.onlyLab, &wasMade);
        if (!uid)
            return Status(uid.error());
        m_context.ids.addName(u"station"_s, name, uid.value());
        if (wasMade)
            m_report.note(tr("The computer %1 is in no table of its own: a station was made of it.")
                              .arg(name));
        return ok();
    });
}

Status PybirchJob::importTable(const SourceMap &map)
{
    const SourceTable &table = *m_source->table(map.table());
    const EntitySpec *spec = entityByTable(map.entity());
    const SourceConverter converter(map, *spec, table, m_context);
    EntityImport import(m_target.connection, m_target.session, *spec, map.knownBy());
    auto transaction = WriteTransaction::begin(m_target.connection);
    if (!transaction)
        return transaction.error();
    std::vector<std::pair<SourceRecord, QString>> waiting;
    qint64 done = 0;
    const Status read = m_source->each(map.table(), {u"id"_s}, [&](const SourceRow &row) {
        const QString name = map.nameColumn().isEmpty() ? QString() : row.text(map.nameColumn());
        SourceRecord record = converter.convert(row);
        tell(map.table(), ++done, table.rows);
        if (record.waits.isEmpty())
            return putRow(map, import, record, name);
        waiting.emplace_back(std::move(record), name);
        return ok();
    });
    if (!read)
        return read;
    if (Status put = putWaiting(map, import, std::move(waiting)); !put)
        return put;
    return transaction.value().commit();
}

void PybirchJob::leaveEmpty(const QString &field, qint64 id, SourceRecord *record)
{
    record->notes << tr("%1 is a row that is not in the file, or one that comes of this one: left "
                        "empty; its id is kept in extra_data")
                         .arg(field);
    QJsonObject legacy = record->extraData.value(u"legacy"_s).toObject();
    legacy.insert(field, id);
    record->extraData.insert(u"legacy"_s, legacy);
}

Status PybirchJob::putWaiting(const SourceMap &map, EntityImport &import,
                              std::vector<std::pair<SourceRecord, QString>> waiting)
{
    for (bool isProgress = true; !waiting.empty();) {
        std::vector<std::pair<SourceRecord, QString>> still;
        for (auto &[record, name] : waiting) {
            const QMap<QString, qint64> waits = record.waits;
            for (auto it = waits.begin(); it != waits.end(); ++it) {
                const QString uid = m_context.ids.find(map.table(), it.value());
                if (!uid.isEmpty())
                    record.values.insert(it.key(), uid);
                if (uid.isEmpty() && !isProgress)
                    leaveEmpty(it.key(), it.value(), &record);
                if (!uid.isEmpty() || !isProgress)
                    record.waits.remove(it.key());
            }
            if (!record.waits.isEmpty()) {
                still.emplace_back(std::move(record), name);
                continue;
            }
            if (Status put = putRow(map, import, record, name); !put)
                return put;
        }
        isProgress = still.size() < waiting.size();
        waiting = std::move(still);
    }
    return ok();
}

Status PybirchJob::putRow(const SourceMap &map, EntityImport &import, const SourceRecord &record,
                          const QString &name)
{
    const auto outcome = import.put(record);
    const QString id = QString::number(record.id);
    if (!outcome)
        return outcome.error().within(tr("Row %1").arg(id));
    TableReport &report = m_report.table(map.table(), map.entity(), 0);
    report.add(outcome.value().fate, outcome.value().why, id);
    if (outcome.value().uid.isEmpty())
        return ok();
    m_context.ids.add(map.table(), record.id, outcome.value().uid);
    if (!name.isEmpty())
        m_context.ids.addName(map.nameKind(), name, outcome.value().uid);
    if (outcome.value().fate != RowFate::Created)
        return ok();
    for (const QString &note : record.notes)
        report.note(note, id);
    if (!outcome.value().note.isEmpty())
        report.note(outcome.value().note, id);
    return ok();
}

Status PybirchJob::leaveOut()
{
    for (const SourceTable &table : m_source->tables()) {
        TableReport &report = m_report.table(table.name, {}, table.rows);
        const qint64 left = table.rows - report.accounted();
        if (left <= 0)
            continue;
        const QString why = pybirchLeftOut().value(table.name);
        if (!why.isEmpty())
            report.add(RowFate::Skipped, why, {}, left);
        else
            report.add(RowFate::NotUnderstood,
                       tr("Birch does not know this table: keep the file, and tell us about it"),
                       {}, left);
    }
    return ok();
}

} // namespace birch
