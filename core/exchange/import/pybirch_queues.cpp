#include "core/exchange/import/pybirch_queues.h"

#include "core/exchange/import/source_values.h"
#include "core/store/scan_events.h"
#include "core/store/scan_place.h"
#include "core/store/search/object_text.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Columns that have a place; the others are kept in extra_data.
const QStringList kTaken{u"id"_s,         u"name"_s,       u"lab_id"_s,         u"project_id"_s,
                         u"created_at"_s, u"updated_at"_s, u"execution_mode"_s, u"settings"_s,
                         u"notes"_s,      u"extra_data"_s, u"created_by"_s,     u"archived_at"_s};

QVariant orNull(const QVariant &value, int type = QMetaType::LongLong)
{
    return value.isValid() ? value : QVariant(QMetaType(type));
}

QVariant orNull(const std::optional<qint64> &us)
{
    return us ? QVariant(*us) : QVariant(QMetaType::fromType<qint64>());
}

/// Line of a log with what came with it.
QString lineText(const SourceRow &row)
{
    QString text = row.text(u"message"_s);
    const QJsonValue extra = sourceJson(row.value(u"extra_data"_s));
    if (extra.isObject() && !extra.toObject().isEmpty())
        text += u' ' + jsonText(extra.toObject());
    return text;
}
} // namespace

QString logLevel(const QString &level)
{
    const QString lower = level.toLower();
    if (lower.startsWith(u"warn"_s))
        return u"warning"_s;
    if (lower == u"error"_s || lower == u"critical"_s || lower == u"fatal"_s)
        return u"error"_s;
    return u"info"_s;
}

Status PybirchQueues::importQueues()
{
    auto transaction = WriteTransaction::begin(m_target.connection);
    if (!transaction)
        return transaction.error();
    const Status read = m_source.each(u"queues"_s, {u"id"_s},
                                      [this](const SourceRow &row) { return importQueue(row); });
    return read ? transaction.value().commit() : read;
}

Status PybirchQueues::importQueue(const SourceRow &row)
{
    const SourceTable &table = *m_source.table(u"queues"_s);
    TableReport &report = m_report.table(u"queues"_s, u"queues"_s, table.rows);
    const qint64 id = row.integer(u"id"_s);
    const QString uid = importedUid(u"queues/%1/%2"_s.arg(id).arg(row.text(u"created_at"_s)));
    const QString hash = rowHash(row, table);
    const auto there = storedSource(m_target.connection, u"queues"_s, uid);
    if (!there)
        return there.error();
    m_context.ids.add(u"queues"_s, id, uid);
    if (there.value() && there.value()->hash == hash) {
        report.add(RowFate::Unchanged);
    } else if (there.value()) {
        report.add(RowFate::Skipped,
                   tr("it was imported before and has changed in the file since: what is here "
                      "was left as it is"),
                   row.text(u"queue_id"_s));
    } else {
        if (Status done = insert(row, uid, hash); !done)
            return done.error().within(tr("Queue %1").arg(row.text(u"queue_id"_s)));
        report.add(RowFate::Created);
    }
    return ok();
}

Result<QVariant> PybirchQueues::labRow(const SourceRow &row, const QVariant &project)
{
    Connection &connection = m_target.connection;
    auto lab =
        rowOfUid(connection, u"labs"_s, m_context.ids.find(u"labs"_s, row.integer(u"lab_id"_s)));
    if (lab && !lab.value().isValid())
        lab = labOfRow(connection, u"projects"_s, project);
    if (lab && !lab.value().isValid())
        lab = rowOfUid(connection, u"labs"_s, m_context.onlyLab);
    if (!lab || lab.value().isValid())
        return lab;
    const auto usual = defaultLabRow(connection);
    if (!usual)
        return usual.error();
    return QVariant(usual.value());
}

Status PybirchQueues::insert(const SourceRow &row, const QString &uid, const QString &hash)
{
    Connection &connection = m_target.connection;
    const auto project = rowOfUid(connection, u"projects"_s,
                                  m_context.ids.find(u"projects"_s, row.integer(u"project_id"_s)));
    if (!project)
        return project.error();
    const auto lab = labRow(row, project.value());
    if (!lab)
        return lab.error();
    const qint64 created = timeWithoutZone(row.text(u"created_at"_s)).value_or(nowUs());
    std::optional<qint64> started = timeWithoutZone(row.text(u"started_at"_s));
    std::optional<qint64> ended = timeWithoutZone(row.text(u"completed_at"_s));
    const qint64 offset = started ? *started - m_context.clock.utc(*started, created) : 0;
    if (started)
        started = *started - offset;
    if (ended)
        ended = started ? *ended - offset : m_context.clock.utc(*ended);
    const QString name =
        isMeaningful(row.value(u"name"_s)) ? row.text(u"name"_s) : row.text(u"queue_id"_s);
    const bool isParallel = row.text(u"execution_mode"_s).toLower() == u"parallel"_s;
    const QString who = isMeaningful(row.value(u"created_by"_s)) ? row.text(u"created_by"_s)
                                                                 : m_target.session.user;
    const auto trashed = timeWithoutZone(row.text(u"trashed_at"_s));
    const auto made = connection.firstRow(
        u"INSERT INTO queues (uid, lab_id, project_id, name, mode, state, started_at, ended_at, "
        "settings, notes, extra_data, created_at, created_by, updated_at, updated_by, archived_at, "
        "trashed_at) VALUES (?, ?, ?, ?, ?, 'idle', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"_s,
        {uid, lab.value(), orNull(project.value()), name, isParallel ? u"parallel"_s : u"serial"_s,
         orNull(started), orNull(ended), jsonText(sourceJson(row.value(u"settings"_s)).toObject()),
         isMeaningful(row.value(u"notes"_s)) ? row.value(u"notes"_s)
                                             : QVariant(QMetaType::fromType<QString>()),
         jsonText(SourceConverter::extraDataOf(row, *m_source.table(u"queues"_s), kTaken,
                                               m_context.source, hash)),
         created, who, timeWithoutZone(row.text(u"updated_at"_s)).value_or(created),
         m_target.session.user, orNull(timeWithoutZone(row.text(u"archived_at"_s))),
         orNull(trashed ? std::optional(nowUs()) : std::nullopt)});
    if (!made)
        return made.error();
    const qint64 queue = made.value().value().first().toLongLong();
    if (Status done = describeQueue(connection, queue); !done)
        return done;
    return auditNewQueue(connection, m_target.session, queue);
}

Status PybirchQueues::importLogs()
{
    auto transaction = WriteTransaction::begin(m_target.connection);
    if (!transaction)
        return transaction.error();
    const Status read = m_source.each(u"queue_logs"_s, {u"id"_s},
                                      [this](const SourceRow &row) { return importLine(row); });
    return read ? transaction.value().commit() : read;
}

Status PybirchQueues::importLine(const SourceRow &row)
{
    TableReport &report =
        m_report.table(u"queue_logs"_s, u"queue_logs"_s, m_source.table(u"queue_logs"_s)->rows);
    const QString id = row.text(u"id"_s);
    const QString queue = m_context.ids.find(u"queues"_s, row.integer(u"queue_id"_s));
    const auto time = timeWithoutZone(row.text(u"timestamp"_s));
    if (queue.isEmpty() || !time) {
        report.add(RowFate::NotUnderstood,
                   queue.isEmpty() ? tr("its queue is not in the file") : tr("it has no time"), id);
        return ok();
    }
    const QString scan = m_context.ids.byName(u"scan"_s, row.text(u"scan_id"_s));
    const auto added = m_target.connection.executeCounting(
        u"INSERT INTO queue_logs (queue_id, sequence, scan_uid, logged_at, level, message) "
        "SELECT id, ?, ?, ?, ?, ? FROM queues WHERE uid = ? "
        "ON CONFLICT (queue_id, sequence) DO NOTHING"_s,
        {row.integer(u"id"_s),
         scan.isEmpty() ? QVariant(QMetaType::fromType<QString>()) : QVariant(scan), *time,
         logLevel(row.text(u"level"_s)), lineText(row), queue});
    if (!added)
        return added.error().within(tr("Line %1 of the queues' log").arg(id));
    report.add(added.value() == 1 ? RowFate::Created : RowFate::Unchanged);
    return ok();
}

} // namespace birch
