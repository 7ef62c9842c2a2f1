#include "core/store/lab/tag_store.h"

#include "core/base/id.h"
#include "core/store/entity/entity_audit.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/entity/entity_text.h"
#include "core/store/event_log.h"
#include "core/store/search/object_text.h"
#include "core/store/store_time.h"
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

Result<std::optional<TagStore::Tag>> TagStore::find(const Session &session, qint64 lab,
                                                    const QString &name)
{
    struct Found : Tag {
        bool isTrashed = false;
        bool isExact = false;
    };
    std::optional<Found> best;
    const QString folded = searchable(name);
    const Status read = m_connection.select(
        u"SELECT id, uid, name, trashed_at FROM tags WHERE lab_id = ? ORDER BY id"_s, {lab},
        [&](const SqlRow &row) {
            const Found found{{row.integer(0), row.text(1)}, !row.isNull(3), row.text(2) == name};
            if (searchable(row.text(2)) == folded && (!best || found.isExact))
                best = found;
        });
    if (!read)
        return read.error();
    if (best && best->isTrashed) {
        const auto back =
            EntityRepository(m_connection, tagSpec()).setTrashed(session, best->uid, false);
        if (!back)
            return back.error().within(tr("The tag \"%1\" is in the trash").arg(name));
    }
    return best ? std::optional<Tag>(*best) : std::nullopt;
}

/// Two scans that begin with one new tag at the same time must both get it: the second waits for
/// the first here, and takes its.
Result<TagStore::Tag> TagStore::make(const Session &session, qint64 lab, const QString &name)
{
    if (name.isEmpty() || searchable(name).isEmpty())
        return Error{ErrorCode::BadInput, tr("A tag has no name: give it one, or leave it out")};
    if (Status may = session.may(Action::Add, EntityAccess::Lab, Place{.lab = lab},
                                 tr("tag \"%1\"").arg(name));
        !may)
        return may.error();
    const qint64 now = nowUs();
    const QString uid = uidText(newUid());
    const auto added = m_connection.executeCounting(
        u"INSERT INTO tags (uid, lab_id, name, created_at, created_by, updated_at, updated_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (lab_id, name) DO NOTHING"_s,
        {uid, lab, name, now, session.user, now, session.user});
    if (!added)
        return added.error();
    const auto row = m_connection.firstRow(
        u"SELECT id, uid FROM tags WHERE lab_id = ? AND name = ?"_s, {lab, name});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::Conflict, tr("The tag \"%1\" came and went: try again").arg(name)};
    const Tag tag{row.value()->at(0).toLongLong(), row.value()->at(1).toString()};
    if (added.value() == 0)
        return tag;
    const auto record = EntityRepository(m_connection, tagSpec()).get(session, tag.row);
    if (!record)
        return record.error();
    if (Status done = describeObject(m_connection, u"tags"_s, tag.row, name, name); !done)
        return done.error();
    if (Status done = auditEntity(m_connection, session, tagSpec(), nullptr, &record.value());
        !done)
        return done.error();
    return tag;
}

Result<bool> TagStore::changeOne(const Session &session, const ObjectRow &object,
                                 const QString &name, bool isOn)
{
    const auto found = find(session, object.lab, name);
    if (!found)
        return found.error();
    if (!found.value() && !isOn)
        return Error{ErrorCode::NotFound,
                     tr("There is no tag \"%1\": birchctl tag list shows them").arg(name)};
    const auto tag = found.value() ? Result<Tag>(*found.value()) : make(session, object.lab, name);
    if (!tag)
        return tag.error();
    const auto link = m_connection.firstRow(
        u"SELECT uid, trashed_at FROM object_tags WHERE tag_id = ? AND object_id = ?"_s,
        {tag.value().row, object.id});
    if (!link)
        return link.error();
    const bool isThere = link.value() && link.value()->at(1).isNull();
    if (isThere == isOn)
        return false;
    EntityRepository links(m_connection, *entityByTable(u"object_tags"_s));
    const auto changed =
        link.value()
            ? links.setTrashed(session, link.value()->at(0).toString(), !isOn)
            : links.insert(session, {{u"tag"_s, tag.value().uid}, {u"object"_s, object.uid}});
    if (!changed)
        return changed.error();
    return true;
}

Result<qint64> TagStore::change(const Session &session, const QStringList &objects,
                                const QStringList &names, bool isOn)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    qint64 count = 0;
    for (const QString &key : objects) {
        const auto object = findObject(m_connection, key);
        if (!object)
            return object.error();
        for (const QString &name : names) {
            const auto changed = changeOne(session, object.value(), name.trimmed(), isOn);
            if (!changed)
                return changed.error();
            count += changed.value() ? 1 : 0;
        }
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return count;
}

Result<qint64> TagStore::add(const Session &session, const QStringList &objects,
                             const QStringList &names)
{
    return change(session, objects, names, true);
}

Result<qint64> TagStore::remove(const Session &session, const QStringList &objects,
                                const QStringList &names)
{
    return change(session, objects, names, false);
}

Status TagStore::set(const Session &session, const QString &table, qint64 row,
                     const QStringList &names)
{
    const auto before = tagNames(m_connection, table, {row});
    if (!before)
        return before.error();
    QStringList leaving = before.value().value(row);
    QStringList coming;
    for (const QString &given : names) {
        const QString name = given.trimmed();
        leaving.removeIf([&](const QString &old) { return searchable(old) == searchable(name); });
        if (!name.isEmpty())
            coming << name;
    }
    if (coming.isEmpty() && leaving.isEmpty())
        return ok();
    const auto object = objectOfRow(m_connection, table, row);
    if (!object)
        return object.error();
    coming.sort(); // two scans must not wait for each other's new tags
    for (const QString &name : std::as_const(coming)) {
        if (const auto done = changeOne(session, object.value(), name, true); !done)
            return done.error();
    }
    for (const QString &name : std::as_const(leaving)) {
        if (const auto done = changeOne(session, object.value(), name, false); !done)
            return done.error();
    }
    return ok();
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
    const auto names = tagNames(m_connection, object.value().kind, {object.value().row});
    if (!names)
        return names.error();
    return names.value().value(object.value().row);
}

Result<QHash<qint64, QStringList>> tagNames(Connection &connection, const QString &table,
                                            const QList<qint64> &rows)
{
    QHash<qint64, QStringList> names;
    if (rows.isEmpty())
        return names;
    QVariantList values{table};
    for (const qint64 row : rows)
        values << row;
    const Status done = connection.select(
        u"SELECT o.row_id, t.name FROM objects o JOIN object_tags l ON l.object_id = o.id "
        "JOIN tags t ON t.id = l.tag_id WHERE o.kind = ? AND o.row_id IN (%1) AND "
        "(l.trashed_at IS NULL OR l.trashed_at = o.trashed_at) AND t.trashed_at IS NULL"_s.arg(
            QStringList(rows.size(), u"?"_s).join(u", "_s)),
        values, [&names](const SqlRow &row) { names[row.integer(0)] << row.text(1); });
    if (!done)
        return done.error();
    for (QStringList &list : names)
        list.sort(); // here: the engines order letters differently
    return names;
}

} // namespace birch
