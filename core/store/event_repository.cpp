#include "core/store/event_repository.h"

#include "core/store/store_json.h"
#include "core/store/store_time.h"

#include <QJsonArray>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kMaxPerPage = 1000;

struct Condition {
    QString where;
    QVariantList values;

    void add(const QString &term, const QVariantList &bound)
    {
        where += (where.isEmpty() ? u" WHERE "_s : u" AND "_s) + term;
        values += bound;
    }
    void addEqual(const QString &column, const QString &value)
    {
        if (!value.isEmpty())
            add(column + u" = ?"_s, {value});
    }
};

void addObject(Condition *condition, const QString &object)
{
    static const QRegularExpression uidPrefix(u"^[0-9a-f-]{4,36}$"_s);
    const QString exact = object.trimmed();
    const QString lower = exact.toLower();
    if (exact.isEmpty())
        return;
    if (uidPrefix.match(lower).hasMatch()) // 'g' follows the last character of a uid
        condition->add(u"(e.title = ? OR (e.object_uid >= ? AND e.object_uid < ?))"_s,
                       {exact, lower, QString(lower + u'g')});
    else
        condition->add(u"e.title = ?"_s, {exact});
}

void addSearch(Condition *condition, const Dialect &dialect, const QString &search)
{
    static const QRegularExpression space(u"\\s+"_s);
    for (const QString &word : search.split(space, Qt::SkipEmptyParts)) {
        QStringList terms;
        QVariantList values;
        for (const QString &column :
             {u"e.title"_s, u"e.changes"_s, u"e.kind"_s, u"e.user_name"_s}) {
            terms << dialect.like(column);
            values << Dialect::containsPattern(word);
        }
        condition->add(u'(' + terms.join(u" OR "_s) + u')', values);
    }
}

Condition conditionOf(const Dialect &dialect, const EventFilter &filter)
{
    Condition condition;
    condition.addEqual(u"e.kind"_s, filter.kind);
    condition.addEqual(u"e.user_name"_s, filter.user);
    condition.addEqual(u"e.station"_s, filter.station);
    addObject(&condition, filter.object);
    if (filter.sinceUs)
        condition.add(u"e.occurred_at >= ?"_s, {*filter.sinceUs});
    if (filter.untilUs)
        condition.add(u"e.occurred_at < ?"_s, {*filter.untilUs});
    if (!filter.actions.isEmpty()) {
        QVariantList names;
        for (const EventAction action : filter.actions)
            names << eventActionName(action);
        condition.add(u"e.action IN (%1)"_s.arg(QStringList(names.size(), u"?"_s).join(u", "_s)),
                      names);
    }
    addSearch(&condition, dialect, filter.search);
    return condition;
}

/// The chain of the whole database is for those who see all of it.
void addLabs(Condition *condition, const Session &session)
{
    if (session.seesEverything())
        return;
    const QList<qint64> labs = session.rights.rows(u"labs"_s, nowUs());
    QVariantList values;
    for (const qint64 lab : labs)
        values << lab;
    condition->add(labs.isEmpty()
                       ? u"1 = 0"_s
                       : u"e.lab_id IN (%1)"_s.arg(QStringList(labs.size(), u"?"_s).join(u", "_s)),
                   values);
}

EventRecord recordOf(const SqlRow &row)
{
    EventRecord record;
    record.lab = row.integer(0);
    record.labName = row.text(1);
    record.sequence = row.integer(2);
    record.atUs = row.integer(3);
    record.user = row.text(4);
    record.station = row.text(5);
    record.action = row.text(6);
    record.kind = row.text(7);
    record.objectUid = row.text(8);
    record.title = row.text(9);
    record.changes = jsonObject(row.text(10));
    record.purgedUs = row.optionalInteger(11);
    record.hash = row.bytes(12);
    return record;
}

QString shown(const QJsonValue &value)
{
    if (value.isArray())
        return jsonText(value.toArray());
    return value.isObject() ? jsonText(value.toObject()) : value.toVariant().toString();
}
} // namespace

QJsonObject EventRecord::toJson() const
{
    return {{u"at"_s, isoTime(atUs)},
            {u"user"_s, user},
            {u"station"_s, station},
            {u"action"_s, action},
            {u"kind"_s, kind},
            {u"uid"_s, objectUid},
            {u"title"_s, title},
            {u"changes"_s, purgedUs ? QJsonValue() : QJsonValue(changes)},
            {u"purged_at"_s, purgedUs ? QJsonValue(isoTime(*purgedUs)) : QJsonValue()},
            {u"lab"_s, labName},
            {u"sequence"_s, sequence},
            {u"hash"_s, QString::fromLatin1(hash.toHex())}};
}

QString EventRecord::summary() const
{
    if (purgedUs)
        return QCoreApplication::translate("EventRepository", "(detail purged)");
    QStringList parts;
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        const QJsonObject change = it.value().toObject();
        const bool isChange = change.contains(u"before"_s) || change.contains(u"after"_s);
        if (change.contains(u"changed"_s)) // a secret
            parts << it.key();
        else if (!isChange)
            parts << it.key() + u' ' + shown(it.value());
        else if (change.contains(u"before"_s))
            parts << u"%1 %2 → %3"_s.arg(it.key(), shown(change[u"before"_s]),
                                         shown(change[u"after"_s]));
        else
            parts << it.key() + u" → "_s + shown(change[u"after"_s]);
    }
    return parts.join(u", "_s);
}

QJsonObject EventPage::toJson() const
{
    QJsonArray list;
    for (const EventRecord &event : events)
        list.append(event.toJson());
    return {{u"events"_s, list},
            {u"total"_s, total},
            {u"page"_s, page},
            {u"per_page"_s, perPage},
            {u"anchor"_s, anchor}};
}

Result<EventPage> EventRepository::list(const Session &session, const EventFilter &filter)
{
    if (filter.page < 1 || filter.perPage < 1 || filter.perPage > kMaxPerPage)
        return Error{
            ErrorCode::BadInput,
            tr("Page %1 with %2 events can not be shown: pages begin at 1 and hold 1 to %3")
                .arg(filter.page)
                .arg(filter.perPage)
                .arg(kMaxPerPage)};
    Condition condition = conditionOf(m_connection.dialect(), filter);
    addLabs(&condition, session);
    if (!filter.anchor.isEmpty()) {
        bool isNumber = false;
        const qint64 anchor = filter.anchor.toLongLong(&isNumber);
        if (!isNumber)
            return Error{ErrorCode::BadInput,
                         tr("\"%1\" is no anchor: use the one that came with the first page")
                             .arg(filter.anchor)};
        condition.add(u"e.id <= ?"_s, {anchor});
    }
    const auto counted = m_connection.firstRow(
        u"SELECT count(*), coalesce(max(e.id), 0) FROM event_log e"_s + condition.where,
        condition.values);
    if (!counted)
        return counted.error();
    EventPage page;
    page.total = counted.value().value().at(0).toLongLong();
    page.anchor =
        filter.anchor.isEmpty() ? counted.value().value().at(1).toString() : filter.anchor;
    page.page = filter.page;
    page.perPage = filter.perPage;
    const QVariantList bounds{filter.perPage, qint64(filter.page - 1) * filter.perPage};
    const Status done = m_connection.select(
        u"SELECT e.lab_id, l.name, e.sequence, e.occurred_at, e.user_name, e.station, e.action, "
        "e.kind, e.object_uid, e.title, e.changes, e.purged_at, e.hash FROM event_log e "
        "LEFT JOIN labs l ON l.id = e.lab_id"_s +
            condition.where + u" ORDER BY e.occurred_at DESC, e.id DESC LIMIT ? OFFSET ?"_s,
        condition.values + bounds,
        [&page](const SqlRow &row) { page.events.append(recordOf(row)); });
    if (!done)
        return done.error();
    return page;
}

} // namespace birch
