// Whose turn it is in the queues that stations share.
#include "core/base/id.h"
#include "core/store/place_rules.h"
#include "core/store/queue_item_repository.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// A condition with its values, in the order of its question marks.
struct Condition {
    QString sql;
    QVariantList values;

    void add(const QString &term, const QVariantList &more = {})
    {
        sql += u" AND "_s + term;
        values += more;
    }
};

/// An instrument that is required must be among those of the station.
void addNeeds(const QList<RequiredInstrument> &instruments, Condition *condition)
{
    QString missing = u"SELECT 1 FROM queue_item_instruments n WHERE n.item_id = i.id"_s;
    QVariantList values;
    QStringList offers;
    for (const RequiredInstrument &has : instruments) {
        offers << (has.nickname.isEmpty()
                       ? u"(n.definition = ? AND n.identity IN ('', ?))"_s
                       : u"(n.definition = ? AND n.identity IN ('', ?) AND n.nickname = ?)"_s);
        values << has.definition << has.identity;
        if (!has.nickname.isEmpty())
            values << has.nickname;
    }
    if (!offers.isEmpty())
        missing += u" AND NOT ("_s + offers.join(u" OR "_s) + u')';
    condition->add(u"NOT EXISTS (%1)"_s.arg(missing), values);
}

void addQueues(const Session &session, const QList<QUuid> &queues, Condition *condition)
{
    const Visibility visibility = visibleRows(placeRule(u"queues"_s), session, u"q"_s);
    QString queue = u"SELECT 1 FROM queues q WHERE q.id = i.queue_id AND q.trashed_at IS NULL"_s;
    QVariantList values;
    if (!visibility.sql.isEmpty()) {
        queue += u" AND "_s + visibility.sql;
        values += visibility.values;
    }
    if (queues.isEmpty()) {
        queue += u" AND q.state = 'running'"_s;
    } else {
        queue += u" AND q.uid IN (%1)"_s.arg(QStringList(queues.size(), u"?"_s).join(u", "_s));
        for (const QUuid &uid : queues)
            values << uidText(uid);
    }
    condition->add(u"EXISTS (%1)"_s.arg(queue), values);
}
} // namespace

Result<std::optional<StoredQueueItem>>
QueueItemRepository::nextFor(const Session &session, const QString &station,
                             const QList<RequiredInstrument> &instruments, qint64 nowUs,
                             const QList<QUuid> &queues)
{
    const QString here = u"(SELECT id FROM stations WHERE name = ?)"_s;
    Condition condition;
    condition.add(u"(i.turn = 0 OR (i.is_ready AND (i.not_before IS NULL OR i.not_before <= ?)))"_s,
                  {nowUs});
    condition.add(u"(i.station_id IS NULL OR i.station_id = %1)"_s.arg(here), {station});
    condition.add(u"(i.held_until IS NULL OR i.held_until <= ? OR i.held_for_id = %1)"_s.arg(here),
                  {nowUs, station});
    // One that is being continued by hand is nobody's turn.
    condition.add(u"(i.scan_id IS NULL OR EXISTS (SELECT 1 FROM scans s WHERE s.id = i.scan_id "
                  "AND s.state NOT IN ('running', 'paused')))"_s);
    addNeeds(instruments, &condition);
    addQueues(session, queues, &condition);
    const auto row = m_connection.firstRow(
        u"SELECT i.uid FROM queue_items i WHERE i.state = 'queued'"_s + condition.sql +
            u" ORDER BY i.turn, i.priority DESC, i.queue_id, i.position, i.id LIMIT 1"_s +
            (m_connection.dialect().isPostgres() ? u" FOR UPDATE OF i SKIP LOCKED"_s : u""_s),
        condition.values);
    if (!row)
        return row.error();
    if (!row.value())
        return std::optional<StoredQueueItem>();
    auto item = get(session, QUuid::fromString(row.value()->first().toString()));
    if (!item)
        return item.error();
    return std::optional(std::move(item).value());
}

} // namespace birch
