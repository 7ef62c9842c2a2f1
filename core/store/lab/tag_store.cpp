#include "core/store/lab/tag_store.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/event_log.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
const EntitySpec &tagSpec()
{
    return *entityByTable(u"tags"_s);
}
} // namespace

Result<QList<TagUse>> TagStore::list(const Session &session, const QString &category)
{
    QMap<qint64, qint64> counts;
    const Status done = m_connection.select(
        u"SELECT tag_id, count(*) FROM object_tags WHERE trashed_at IS NULL GROUP BY tag_id"_s, {},
        [&counts](const SqlRow &row) { counts.insert(row.integer(0), row.integer(1)); });
    if (!done)
        return done.error();
    EntityFilter filter;
    filter.perPage = 1000;
    filter.sort = u"name"_s;
    if (!category.isEmpty())
        filter.equal.insert(u"category"_s, category);
    const auto page = EntityRepository(m_connection, tagSpec()).list(session, filter);
    if (!page)
        return page.error();
    QList<TagUse> uses;
    for (const EntityRecord &tag : page.value().records)
        uses << TagUse{tag, counts.value(tag.id)};
    std::stable_sort(uses.begin(), uses.end(),
                     [](const TagUse &a, const TagUse &b) { return a.count > b.count; });
    return uses;
}

Result<qint64> TagStore::tagRow(const Session &session, qint64 lab, const QString &name,
                                bool isMade)
{
    const auto row = m_connection.firstRow(
        u"SELECT t.id, l.uid FROM labs l LEFT JOIN tags t ON t.lab_id = l.id AND t.name = ? AND "
        "t.trashed_at IS NULL WHERE l.id = ?"_s,
        {name, lab});
    if (!row)
        return row.error();
    if (row.value() && !row.value()->first().isNull())
        return row.value()->first().toLongLong();
    if (!isMade || !row.value())
        return Error{ErrorCode::NotFound,
                     tr("There is no tag \"%1\": birchctl tag list shows them").arg(name)};
    const auto made = EntityRepository(m_connection, tagSpec())
                          .insert(session, {{u"lab"_s, row.value()->at(1)}, {u"name"_s, name}});
    if (!made)
        return made.error();
    return made.value().id;
}

Result<qint64> TagStore::add(const Session &session, const QStringList &objects,
                             const QStringList &names)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    EntityRepository links(m_connection, *entityByTable(u"object_tags"_s));
    qint64 count = 0;
    for (const QString &name : objects) {
        const auto object = findObject(m_connection, name);
        if (!object)
            return object.error();
        for (const QString &tagName : names) {
            const auto tag = tagRow(session, object.value().lab, tagName.trimmed(), true);
            if (!tag)
                return tag.error();
            const auto there = m_connection.firstRow(
                u"SELECT uid, trashed_at FROM object_tags WHERE tag_id = ? AND object_id = ?"_s,
                {tag.value(), object.value().id});
            if (!there)
                return there.error();
            if (there.value() && there.value()->at(1).isNull())
                continue;
            if (there.value()) {
                const auto back = links.setTrashed(session, there.value()->at(0).toString(), false);
                if (!back)
                    return back.error();
            } else {
                const auto uid =
                    m_connection.firstRow(u"SELECT uid FROM tags WHERE id = ?"_s, {tag.value()});
                if (!uid)
                    return uid.error();
                const auto made = links.insert(
                    session, {{u"tag"_s, uid.value()->first()}, {u"object"_s, object.value().uid}});
                if (!made)
                    return made.error();
            }
            ++count;
        }
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return count;
}

Result<qint64> TagStore::remove(const Session &session, const QStringList &objects,
                                const QStringList &names)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    EntityRepository links(m_connection, *entityByTable(u"object_tags"_s));
    qint64 count = 0;
    for (const QString &name : objects) {
        const auto object = findObject(m_connection, name);
        if (!object)
            return object.error();
        for (const QString &tagName : names) {
            const auto tag = tagRow(session, object.value().lab, tagName.trimmed(), false);
            if (!tag)
                return tag.error();
            const auto link = m_connection.firstRow(
                u"SELECT uid FROM object_tags WHERE tag_id = ? AND object_id = ? AND "
                "trashed_at IS NULL"_s,
                {tag.value(), object.value().id});
            if (!link)
                return link.error();
            if (!link.value())
                continue;
            const auto gone = links.setTrashed(session, link.value()->first().toString(), true);
            if (!gone)
                return gone.error();
            ++count;
        }
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return count;
}

Result<qint64> TagStore::merge(const Session &session, const QString &fromKey,
                               const QString &intoKey)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto from = findObject(m_connection, u"tags"_s, fromKey);
    if (!from)
        return from.error();
    const auto into = findObject(m_connection, u"tags"_s, intoKey);
    if (!into)
        return into.error();
    if (from.value().id == into.value().id || from.value().lab != into.value().lab)
        return Error{ErrorCode::BadInput,
                     tr("\"%1\" can not be merged into \"%2\": name two tags of one lab")
                         .arg(from.value().title, into.value().title)};
    // Who has both keeps one: the other link goes with its tag. A link in the trash gives way to
    // one that is used.
    const QVariantList rows{into.value().row, from.value().row};
    if (Status done = m_connection.execute(
            u"DELETE FROM object_tags WHERE tag_id = ? AND trashed_at IS NOT NULL AND object_id "
            "IN (SELECT object_id FROM object_tags WHERE tag_id = ? AND trashed_at IS NULL)"_s,
            rows);
        !done)
        return done.error();
    const auto moved = m_connection.executeCounting(
        u"UPDATE object_tags SET tag_id = ?, revision = revision + 1 WHERE tag_id = ? AND "
        "object_id NOT IN (SELECT object_id FROM object_tags WHERE tag_id = ?)"_s,
        rows + QVariantList{into.value().row});
    if (!moved)
        return moved.error();
    if (Status done = m_connection.execute(u"DELETE FROM tags WHERE id = ?"_s, {from.value().row});
        !done)
        return done.error();
    Event event{.lab = into.value().lab, .action = EventAction::Merged, .kind = u"tags"_s};
    event.objectUid = into.value().uid;
    event.title = into.value().title;
    event.changes = {{u"merged"_s, from.value().title}, {u"moved"_s, moved.value()}};
    if (Status done = EventLog(m_connection).record(session, std::move(event)); !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return moved;
}

Result<QStringList> TagStore::namesOf(const Session &, const QString &objectName)
{
    const auto object = findObject(m_connection, objectName);
    if (!object)
        return object.error();
    QStringList names;
    const Status done = m_connection.select(
        u"SELECT t.name FROM object_tags o JOIN tags t ON t.id = o.tag_id WHERE o.object_id = ? "
        "AND o.trashed_at IS NULL AND t.trashed_at IS NULL ORDER BY t.name"_s,
        {object.value().id}, [&names](const SqlRow &row) { names << row.text(0); });
    if (!done)
        return done.error();
    return names;
}

} // namespace birch
