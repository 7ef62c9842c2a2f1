#pragma once

#include "core/store/entity/entity_record.h"
#include "core/store/entity/object_key.h"
#include "core/store/session.h"

#include <QHash>

namespace birch {

/// One tag and how often it is used.
struct TagUse {
    EntityRecord tag;
    qint64 count = 0;
};

/// Names of the tags on the \a rows of a table, sorted; what has none is left out. What went to the
/// trash keeps showing those that went with it. One statement.
Result<QHash<qint64, QStringList>> tagNames(Connection &connection, const QString &table,
                                            const QList<qint64> &rows);

/// Tags on anything of a lab. A name means the tag that is spelled so, else one that differs only
/// in capitals and the like. Who may edit a thing may tag it with tags that there are; to add one
/// to the lab takes the right to add things to it. One per connection, on its thread.
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
    /// Leaves exactly \a names on a row of \a table. Inside the caller's transaction.
    Status set(const Session &session, const QString &table, qint64 row, const QStringList &names);
    /// What has \a from gets \a into, once; \a from is gone. Returns how many links were moved.
    /// Errors: NotFound; BadInput - they are of different labs, or the same.
    Result<qint64> merge(const Session &session, const QString &from, const QString &into);
    /// Names on one object, sorted.
    Result<QStringList> namesOf(const Session &session, const QString &object);

private:
    struct Tag {
        qint64 row = 0;
        QString uid;
    };
    Result<qint64> change(const Session &session, const QStringList &objects,
                          const QStringList &names, bool isOn);
    /// Whether it was otherwise before.
    Result<bool> changeOne(const Session &session, const ObjectRow &object, const QString &name,
                           bool isOn);
    Result<std::optional<Tag>> find(const Session &session, qint64 lab, const QString &name);
    Result<Tag> make(const Session &session, qint64 lab, const QString &name);

    Connection &m_connection;
};

} // namespace birch
