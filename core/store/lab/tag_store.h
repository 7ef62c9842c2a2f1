#pragma once

#include "core/store/entity/entity_record.h"
#include "core/store/session.h"

namespace birch {

/// One tag and how often it is used.
struct TagUse {
    EntityRecord tag;
    qint64 count = 0;
};

/// Tags on anything of a lab. One per connection, on its thread.
class TagStore
{
    Q_DECLARE_TR_FUNCTIONS(TagStore)
public:
    explicit TagStore(Connection &connection)
        : m_connection(connection)
    {
    }

    /// All tags with their use, the most used first. \a category "": all.
    Result<QList<TagUse>> list(const Session &session, const QString &category = {});
    /// Puts \a names on each of \a objects ("samples:S-1"); a name that is new becomes a tag of the
    /// object's lab. What has the tag already keeps it once. Returns how many were put.
    Result<qint64> add(const Session &session, const QStringList &objects,
                       const QStringList &names);
    /// Takes it off. Returns how many were taken.
    Result<qint64> remove(const Session &session, const QStringList &objects,
                          const QStringList &names);
    /// What has \a from gets \a into, once; \a from is gone. Returns how many links were moved.
    /// Errors: NotFound; BadInput - they are of different labs, or the same.
    Result<qint64> merge(const Session &session, const QString &from, const QString &into);
    /// Names on one object, sorted.
    Result<QStringList> namesOf(const Session &session, const QString &object);

private:
    Result<qint64> tagRow(const Session &session, qint64 lab, const QString &name, bool isMade);

    Connection &m_connection;
};

} // namespace birch
