#include "core/store/queue_json.h"

#include "core/base/id.h"
#include "core/base/text_map.h"
#include "core/store/store_time.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QJsonValue timeOrNull(const std::optional<qint64> &us)
{
    return us ? QJsonValue(isoTime(*us)) : QJsonValue();
}

/// In the words of scans: as the scan is where there is one, and one that was claimed ahead still
/// waits.
QString statusOf(const StoredQueueItem &item)
{
    if (item.isContinued())
        return scanStateName(ScanState::Interrupted);
    if (item.state == QueueItemState::Claimed)
        return scanStateName(item.scanState.value_or(ScanState::Queued));
    return queueItemStateName(item.state);
}

QJsonObject scanJson(const StoredQueueItem &item)
{
    const ScanDetails &details = item.asked.details;
    const double share = item.pointsPlanned > 0
                             ? std::min(1.0, double(item.points) / double(item.pointsPlanned))
                             : 0.0;
    return {{u"scan_id"_s, item.scanId},
            {u"uid"_s, item.scan.isNull() ? QString() : uidText(item.scan)},
            {u"name"_s, item.asked.name},
            {u"status"_s, statusOf(item)},
            {u"reason"_s, item.reason},
            {u"sample"_s, details.sampleUid},
            {u"project"_s, details.project},
            {u"operator"_s, details.operatorName},
            {u"title"_s, details.title},
            {u"type"_s, details.type},
            {u"comment"_s, details.comment},
            {u"fields"_s, textMapToJson(details.fields)},
            {u"tags"_s, QJsonArray::fromStringList(details.tags)},
            {u"progress"_s, item.state == QueueItemState::Completed ? 1.0 : share},
            {u"points"_s, item.points},
            {u"points_planned"_s, item.pointsPlanned},
            {u"started"_s, item.startedUs > 0 ? QJsonValue(isoTime(item.startedUs)) : QJsonValue()},
            {u"ended"_s, timeOrNull(item.endedUs)}};
}
} // namespace

QJsonObject queueItemJson(const StoredQueueItem &item, int number)
{
    QJsonObject json = scanJson(item);
    QJsonArray needs;
    for (const RequiredInstrument &need : item.asked.needs)
        needs.append(QJsonObject{{u"nickname"_s, need.nickname},
                                 {u"definition"_s, need.definition},
                                 {u"identity"_s, need.identity}});
    const QJsonObject own{{u"item"_s, uidText(item.uid)},
                          {u"number"_s, number},
                          {u"priority"_s, item.asked.priority},
                          {u"ready"_s, item.asked.isReady},
                          {u"now"_s, item.turn == QueueTurn::Now},
                          {u"retry"_s, item.turn == QueueTurn::AtEnd},
                          {u"start_at"_s, timeOrNull(item.asked.notBefore)},
                          {u"repeats"_s, item.asked.repeats},
                          {u"repeats_done"_s, item.repeatsDone},
                          {u"station"_s, item.asked.station},
                          {u"claimed_by"_s, item.claimedBy},
                          {u"lease_until"_s, timeOrNull(item.leaseUntil)},
                          {u"held_for"_s, item.heldFor},
                          {u"request"_s, queueRequestName(item.request)},
                          {u"needs"_s, needs},
                          {u"revision"_s, item.revision}};
    for (auto it = own.begin(); it != own.end(); ++it)
        json.insert(it.key(), it.value());
    return json;
}

QJsonObject queueJson(const StoredQueue &queue)
{
    QJsonObject json = queue.settings.toJson();
    const QJsonObject own{{u"queue_id"_s, uidText(queue.uid)},
                          {u"name"_s, queue.name},
                          {u"status"_s, queueStateName(queue.state)},
                          {u"station"_s, queue.station},
                          {u"fields"_s, textMapToJson(queue.fields)},
                          {u"waiting"_s, queue.waiting},
                          {u"running"_s, queue.claimed},
                          {u"completed"_s, queue.completed},
                          {u"total"_s, queue.total()},
                          {u"scans"_s, queue.scans},
                          {u"created"_s, isoTime(queue.createdUs)}};
    for (auto it = own.begin(); it != own.end(); ++it)
        json.insert(it.key(), it.value());
    return json;
}

QJsonObject queueJson(const StoredQueue &queue, const QList<StoredQueueItem> &items)
{
    QJsonObject json = queueJson(queue);
    QJsonArray list;
    QJsonValue current;
    for (qsizetype i = 0; i < items.size(); ++i) {
        list.append(queueItemJson(items[i], int(i) + 1));
        if (items[i].isBegun() && current.isNull())
            current = items[i].scanId;
    }
    json.insert(u"current_scan"_s, current);
    json.insert(u"items"_s, list);
    return json;
}

} // namespace birch
