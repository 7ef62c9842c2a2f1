#include "core/store/scan_events.h"

#include "core/base/id.h"
#include "core/base/text_map.h"
#include "core/store/event_log.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr double kSecondsPerUs = 1e-6;

QString tr(const char *text)
{
    return QCoreApplication::translate("ScanEvents", text);
}

std::optional<EventAction> endingOf(ScanState state)
{
    switch (state) {
    case ScanState::Completed:
        return EventAction::Completed;
    case ScanState::Aborted:
        return EventAction::Aborted;
    case ScanState::Failed:
        return EventAction::Failed;
    case ScanState::Interrupted:
        return EventAction::Interrupted;
    case ScanState::Queued:
    case ScanState::Running:
    case ScanState::Paused:
        break;
    }
    return {};
}

void addChange(QJsonObject *changes, const QString &field, const QJsonValue &before,
               const QJsonValue &after)
{
    if (before != after)
        changes->insert(field, QJsonObject{{u"before"_s, before}, {u"after"_s, after}});
}

Result<QVariantList> onlyRow(Connection &connection, const QString &sql, const QVariant &id)
{
    const auto row = connection.firstRow(sql, {id});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound, tr("What changed is gone: refresh the list")};
    return *row.value();
}

Result<QJsonObject> scanCounts(Connection &connection, qint64 scanRow)
{
    const auto row = onlyRow(connection,
                             u"SELECT points, points_planned, started_at, ended_at, reason "
                             "FROM scans WHERE id = ?"_s,
                             scanRow);
    if (!row)
        return row.error();
    QJsonObject counts{{u"points"_s, row.value()[0].toLongLong()},
                       {u"points_planned"_s, row.value()[1].toLongLong()}};
    if (!row.value()[3].isNull())
        counts.insert(u"duration_s"_s,
                      double(row.value()[3].toLongLong() - row.value()[2].toLongLong()) *
                          kSecondsPerUs);
    if (const QString reason = row.value()[4].toString(); !reason.isEmpty())
        counts.insert(u"reason"_s, reason);
    return counts;
}

struct QueueTimes {
    qint64 lastStartUs = 0; ///< 0: never
    qint64 lastEndUs = 0;
};

/// The row of a queue keeps its first start only.
Result<QueueTimes> queueTimes(Connection &connection, const QString &uid)
{
    const auto row = connection.firstRow(
        u"SELECT coalesce(max(CASE WHEN action = ? THEN occurred_at END), 0), "
        "coalesce(max(CASE WHEN action IN (?, ?, ?, ?) THEN occurred_at END), 0) "
        "FROM event_log WHERE object_uid = ?"_s,
        {eventActionName(EventAction::Started), eventActionName(EventAction::Completed),
         eventActionName(EventAction::Stopped), eventActionName(EventAction::Aborted),
         eventActionName(EventAction::Failed), uid});
    if (!row)
        return row.error();
    return QueueTimes{row.value().value()[0].toLongLong(), row.value().value()[1].toLongLong()};
}

/// Scans of the queue's latest run by state, and their points. A scan's start may be a little older
/// than what the log says of its queue: the latter is written by the store's thread.
Result<QJsonObject> queueCounts(Connection &connection, qint64 queueRow, qint64 lastEndUs)
{
    qint64 scans = 0;
    qint64 points = 0;
    QJsonObject states;
    const Status done = connection.select(
        u"SELECT state, count(*), coalesce(sum(points), 0) FROM scans WHERE queue_id = ? "
        "AND started_at > ? GROUP BY state ORDER BY state"_s,
        {queueRow, lastEndUs}, [&](const SqlRow &row) {
            states.insert(row.text(0), row.integer(1));
            scans += row.integer(1);
            points += row.integer(2);
        });
    if (!done)
        return done.error();
    return QJsonObject{{u"scans"_s, scans}, {u"points"_s, points}, {u"states"_s, states}};
}

/// How the latest run of a queue ended, from the scans in it: the queue itself only becomes idle.
EventAction endingOf(QueueState before, const QJsonObject &scanStates)
{
    if (scanStates.contains(scanStateName(ScanState::Failed)))
        return EventAction::Failed;
    if (scanStates.contains(scanStateName(ScanState::Aborted)))
        return EventAction::Aborted;
    return before == QueueState::Paused ? EventAction::Stopped : EventAction::Completed;
}

struct QueueRow {
    Event event; ///< lab, kind, uid and title filled in
    qint64 updatedUs = 0;
};

Result<QueueRow> queueEvent(Connection &connection, qint64 queueRow, EventAction action)
{
    const auto row = onlyRow(
        connection, u"SELECT lab_id, uid, name, updated_at FROM queues WHERE id = ?"_s, queueRow);
    if (!row)
        return row.error();
    Event event{.lab = row.value()[0].toLongLong(), .action = action, .kind = u"queues"_s};
    event.objectUid = row.value()[1].toString();
    event.title = row.value()[2].toString();
    return QueueRow{event, row.value()[3].toLongLong()};
}

/// The end of a queue's run, with how long it took and what was in it.
Status addEnding(Connection &connection, qint64 queueRow, QueueState before, QueueRow *queue)
{
    Event &event = queue->event;
    const auto times = queueTimes(connection, event.objectUid);
    if (!times)
        return times.error();
    auto counts = queueCounts(connection, queueRow, times.value().lastEndUs);
    if (!counts)
        return counts.error();
    event.changes = counts.value();
    event.action = endingOf(before, event.changes[u"states"_s].toObject());
    if (times.value().lastStartUs > 0)
        event.changes.insert(u"duration_s"_s,
                             double(queue->updatedUs - times.value().lastStartUs) * kSecondsPerUs);
    return ok();
}
} // namespace

Status auditScan(Connection &connection, const Session &session, const StoredScan &scan,
                 EventAction action, const QJsonObject &changes)
{
    Event event{.lab = scan.labId, .action = action, .kind = u"scans"_s};
    event.objectUid = uidText(scan.uid);
    event.title = scan.scanId;
    event.changes = changes;
    return EventLog(connection).record(session, std::move(event));
}

Result<StoredScan> scanIdentity(Connection &connection, const QUuid &uid)
{
    const auto row =
        onlyRow(connection, u"SELECT id, lab_id, scan_id FROM scans WHERE uid = ?"_s, uidText(uid));
    if (!row)
        return row.error();
    StoredScan scan;
    scan.id = row.value()[0].toLongLong();
    scan.labId = row.value()[1].toLongLong();
    scan.uid = uid;
    scan.scanId = row.value()[2].toString();
    return scan;
}

Status auditScanState(Connection &connection, const Session &session, const StoredScan &scan,
                      ScanState state)
{
    const auto action = endingOf(state);
    if (!action)
        return ok();
    const auto counts = scanCounts(connection, scan.id);
    if (!counts)
        return counts.error();
    return auditScan(connection, session, scan, *action, counts.value());
}

QJsonObject detailChanges(const ScanDetails &before, const ScanDetails &after)
{
    struct Field {
        const char16_t *name;
        QString ScanDetails::*member;
    };
    static constexpr Field kFields[] = {
        {u"name", &ScanDetails::name},       {u"title", &ScanDetails::title},
        {u"type", &ScanDetails::type},       {u"operator", &ScanDetails::operatorName},
        {u"comment", &ScanDetails::comment}, {u"sample_uid", &ScanDetails::sampleUid},
        {u"project", &ScanDetails::project}};
    QJsonObject changes;
    for (const Field &field : kFields)
        addChange(&changes, QString::fromUtf16(field.name), before.*field.member,
                  after.*field.member);
    addChange(&changes, u"tags"_s, QJsonArray::fromStringList(before.tags),
              QJsonArray::fromStringList(after.tags));
    addChange(&changes, u"fields"_s, textMapToJson(before.fields), textMapToJson(after.fields));
    return changes;
}

Status auditNewQueue(Connection &connection, const Session &session, qint64 queueRow)
{
    auto queue = queueEvent(connection, queueRow, EventAction::Added);
    if (!queue)
        return queue.error();
    return EventLog(connection).record(session, std::move(queue).value().event);
}

Status auditQueueState(Connection &connection, const Session &session, qint64 queueRow,
                       QueueState before, QueueState after)
{
    const bool isStart = before == QueueState::Idle && after == QueueState::Running;
    if (!isStart && after != QueueState::Idle)
        return ok();
    auto queue = queueEvent(connection, queueRow, EventAction::Started);
    if (!queue)
        return queue.error();
    if (!isStart) {
        if (Status done = addEnding(connection, queueRow, before, &queue.value()); !done)
            return done;
    }
    return EventLog(connection).record(session, std::move(queue).value().event);
}

} // namespace birch
