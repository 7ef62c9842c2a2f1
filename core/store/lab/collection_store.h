#pragma once

#include "core/store/entity/entity_hooks.h"

namespace birch {

/// One member of a collection.
struct CollectionMember {
    QString object; ///< "samples:S-1"
    QString uid;
};

/// A saved search has a kind of things to look for, and a filter that the kind understands: its
/// query is {"search": TEXT, "FIELD": VALUE, …}.
EntityHooks collectionHooks();

/// Collections of things: put together by hand in an order, or found anew each time. One per
/// connection, on its thread.
class CollectionStore
{
    Q_DECLARE_TR_FUNCTIONS(CollectionStore)
public:
    explicit CollectionStore(Connection &connection)
        : m_connection(connection)
    {
    }

    /// At the end; what is in it already stays where it is. Errors: BadInput - a saved search.
    Status add(const Session &session, const QString &collection, const QStringList &objects);
    Status remove(const Session &session, const QString &collection, const QString &object);
    /// To place \a position, from 0; those behind it make room.
    Status move(const Session &session, const QString &collection, const QString &object,
                int position);
    /// In order; of a saved search what fits now, newest first, \a limit at most.
    Result<QList<CollectionMember>> members(const Session &session, const QString &collection,
                                            int limit = 1000);

private:
    Result<EntityRecord> manual(const Session &session, const QString &key);
    Result<QList<qint64>> order(qint64 collection);
    Status setOrder(const QList<qint64> &items);
    Result<qint64> itemOf(const EntityRecord &collection, const QString &object);

    Connection &m_connection;
};

} // namespace birch
