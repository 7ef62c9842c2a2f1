#include "core/store/lab/collection_store.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/entity/entity_text.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString translated(const char *text)
{
    return QCoreApplication::translate("CollectionStore", text);
}

const EntitySpec &collectionSpec()
{
    return *entityByTable(u"collections"_s);
}

/// What a saved search asks for. Errors: BadInput - a field that its kind does not have.
Result<EntityFilter> filterFrom(const EntitySpec &spec, const QJsonObject &query)
{
    EntityFilter filter;
    for (auto it = query.begin(); it != query.end(); ++it) {
        if (it.key() == u"search"_s)
            filter.search = it->toString();
        else if (spec.field(it.key()))
            filter.equal.insert(it.key(), it->toVariant().toString());
        else
            return Error{ErrorCode::BadInput,
                         translated("The search asks for \"%1\", which %2 do not have: use one of "
                                    "%3")
                             .arg(it.key(), spec.table, spec.fieldNames().join(u", "_s))};
    }
    return filter;
}

Status prepareCollection(const EntityWrite &write, QVariantMap *values)
{
    if (write.upcoming(*values, u"kind"_s).toString() != u"search"_s ||
        write.origin == Origin::Store)
        return ok();
    const QString kind = write.upcoming(*values, u"entity_type"_s).toString();
    const EntitySpec *spec = entityByTable(kind);
    if (!spec)
        return Error{ErrorCode::BadInput,
                     translated("There is nothing of the kind \"%1\" to look for: set entity_type "
                                "to samples, for example")
                         .arg(kind)};
    const auto filter =
        filterFrom(*spec, write.upcoming(*values, u"query"_s).toJsonValue().toObject());
    return filter ? ok() : Status(filter.error());
}
} // namespace

EntityHooks collectionHooks()
{
    return {u"collections"_s, prepareCollection, nullptr};
}

Result<EntityRecord> CollectionStore::manual(const Session &session, const QString &key)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto collection = EntityRepository(m_connection, collectionSpec()).find(session, key);
    if (collection && collection.value().text(u"kind"_s) == u"search"_s)
        return Error{ErrorCode::BadInput,
                     tr("%1 is a saved search: change what it looks for instead")
                         .arg(collection.value().text(u"name"_s))};
    return collection;
}

Result<QList<qint64>> CollectionStore::order(qint64 collection)
{
    QList<qint64> items;
    const Status done = m_connection.select(
        u"SELECT id FROM collection_items WHERE collection_id = ? AND trashed_at IS NULL "
        "ORDER BY position IS NULL, position, id"_s,
        {collection}, [&items](const SqlRow &row) { items << row.integer(0); });
    if (!done)
        return done.error();
    return items;
}

Status CollectionStore::setOrder(const QList<qint64> &items)
{
    for (qsizetype i = 0; i < items.size(); ++i) {
        const Status done = m_connection.execute(
            u"UPDATE collection_items SET position = ?, revision = revision + 1 WHERE id = ? AND "
            "(position IS NULL OR position <> ?)"_s,
            {i, items[i], i});
        if (!done)
            return done;
    }
    return ok();
}

Result<qint64> CollectionStore::itemOf(const EntityRecord &collection, const QString &name)
{
    const auto object = findObject(m_connection, name);
    if (!object)
        return object.error();
    const auto row = m_connection.firstRow(
        u"SELECT id FROM collection_items WHERE collection_id = ? AND object_id = ? AND "
        "trashed_at IS NULL"_s,
        {collection.id, object.value().id});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound,
                     tr("%1 is not in %2: birchctl collections members shows what is")
                         .arg(name, collection.text(u"name"_s))};
    return row.value()->first().toLongLong();
}

Status CollectionStore::add(const Session &session, const QString &key, const QStringList &objects)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto collection = manual(session, key);
    if (!collection)
        return collection.error();
    auto items = order(collection.value().id);
    if (!items)
        return items.error();
    EntityRepository repository(m_connection, *entityByTable(u"collection_items"_s));
    for (const QString &name : objects) {
        const auto there = itemOf(collection.value(), name);
        if (there)
            continue;
        if (there.error().code != ErrorCode::NotFound)
            return there.error();
        const auto object = findObject(m_connection, name);
        if (!object)
            return object.error();
        const auto made = repository.insert(session, {{u"collection"_s, collection.value().uid},
                                                      {u"object"_s, object.value().uid}});
        if (!made)
            return made.error();
        items.value() << made.value().id;
    }
    if (Status done = setOrder(items.value()); !done)
        return done;
    return transaction.value().commit();
}

Status CollectionStore::remove(const Session &session, const QString &key, const QString &object)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto collection = manual(session, key);
    if (!collection)
        return collection.error();
    const auto item = itemOf(collection.value(), object);
    if (!item)
        return item.error();
    // It may be put back later: a link in the trash would be in its way.
    if (Status done =
            m_connection.execute(u"DELETE FROM collection_items WHERE id = ?"_s, {item.value()});
        !done)
        return done;
    const auto items = order(collection.value().id);
    if (!items)
        return items.error();
    if (Status done = setOrder(items.value()); !done)
        return done;
    return transaction.value().commit();
}

Status CollectionStore::move(const Session &session, const QString &key, const QString &object,
                             int position)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto collection = manual(session, key);
    if (!collection)
        return collection.error();
    const auto item = itemOf(collection.value(), object);
    if (!item)
        return item.error();
    auto items = order(collection.value().id);
    if (!items)
        return items.error();
    items.value().removeOne(item.value());
    items.value().insert(std::clamp<qsizetype>(position, 0, items.value().size()), item.value());
    if (Status done = setOrder(items.value()); !done)
        return done;
    return transaction.value().commit();
}

Result<QList<CollectionMember>> CollectionStore::members(const Session &session, const QString &key,
                                                         int limit)
{
    const auto collection = EntityRepository(m_connection, collectionSpec()).find(session, key);
    if (!collection)
        return collection.error();
    QList<CollectionMember> found;
    if (collection.value().text(u"kind"_s) != u"search"_s) {
        EntityFilter filter;
        filter.equal = {{u"collection"_s, collection.value().uid}};
        filter.sort = u"position"_s;
        filter.perPage = limit;
        const auto page = EntityRepository(m_connection, *entityByTable(u"collection_items"_s))
                              .list(session, filter);
        if (!page)
            return page.error();
        for (const EntityRecord &item : page.value().records)
            found << CollectionMember{item.text(u"object"_s),
                                      item.referenceUids.value(u"object"_s)};
        return found;
    }
    const EntitySpec *spec = entityByTable(collection.value().text(u"entity_type"_s));
    if (!spec)
        return Error{ErrorCode::BadInput, tr("The search %1 looks for nothing: set its entity_type")
                                              .arg(collection.value().text(u"name"_s))};
    auto filter =
        filterFrom(*spec, collection.value().values.value(u"query"_s).toJsonValue().toObject());
    if (!filter)
        return filter.error();
    filter.value().perPage = limit;
    const auto page = EntityRepository(m_connection, *spec).list(session, filter.value());
    if (!page)
        return page.error();
    for (const EntityRecord &record : page.value().records)
        found << CollectionMember{spec->table + u':' + entityTitle(*spec, record), record.uid};
    return found;
}

} // namespace birch
