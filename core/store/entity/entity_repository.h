#pragma once

#include "core/store/entity/entity_hooks.h"
#include "core/store/entity/entity_query.h"
#include "core/store/entity/entity_validation.h"
#include "core/store/place_rules.h"
#include "core/store/write_transaction.h"

namespace birch {

/// What an insert may carry besides the fields, when it is no person who types them.
struct InsertOptions {
    Origin origin = Origin::Person;
    QString uid = {};                     ///< "": a new one
    std::optional<qint64> createdUs = {}; ///< microseconds UTC; none: now
    QString createdBy = {};               ///< "": the session's user
};

/// What every entity can do, from its declaration. One per connection, on its thread. A page costs
/// four statements (with words six at most), whatever its size.
class EntityRepository
{
    Q_DECLARE_TR_FUNCTIONS(EntityRepository)
public:
    EntityRepository(Connection &connection, EntitySpec spec)
        : m_connection(connection)
        , m_spec(std::move(spec))
    {
    }

    const EntitySpec &spec() const { return m_spec; }

    /// A field `lab` that is not given is the default lab; a choice its first one; a sample without
    /// an id gets the station's next one (see nextHumanId()).
    /// Errors: BadInput - all that is wrong; NotFound - a reference to nothing; Conflict - not
    /// unique.
    Result<EntityRecord> insert(const Session &session, QVariantMap values,
                                const QJsonObject &extraData = {},
                                const InsertOptions &options = {});
    /// By human id, uid, or the beginning of a uid (four characters or more), trash included.
    /// Errors: NotFound; Conflict - several fit; the sentence names them.
    Result<EntityRecord> find(const Session &session, const QString &key);
    Result<EntityRecord> get(const Session &session, qint64 id);
    Result<EntityPage> list(const Session &session, const EntityFilter &filter);
    /// \a changes: fields to change; an invalid or empty value empties the field. \a revision: of
    /// the record that was edited. Errors as insert(); Conflict - somebody else changed it
    /// meanwhile.
    Result<EntityRecord> update(const Session &session, const QString &key, QVariantMap changes,
                                qint64 revision, Origin origin = Origin::Person);
    /// The same for who still has the record that was edited: a conflict then says field by field
    /// what it was and what it is now.
    Result<EntityRecord> update(const Session &session, const EntityRecord &edited,
                                QVariantMap changes, Origin origin = Origin::Person);
    /// With all that it owns and contains: see Trash.
    Result<EntityRecord> setTrashed(const Session &session, const QString &key, bool isTrashed);
    /// Errors: Conflict - it is in the trash.
    Result<EntityRecord> setArchived(const Session &session, const QString &key, bool isArchived);

private:
    Result<QList<EntityRecord>> select(const EntityCondition &condition, const QString &order);
    /// \a condition, of the rows that \a session may see.
    EntityCondition visible(const Session &session, EntityCondition condition) const;
    Result<QList<EntityRecord>> recordsOf(const QList<qint64> &ids);
    Status addDefaults(const Session &session, QVariantMap *values);
    Result<EntityRecord> change(const Session &session, const QString &key, QVariantMap changes,
                                qint64 revision, const EntityRecord *edited, Origin origin);
    /// Runs the rules after a write and notes it in the audit log; the record as it is then.
    Result<EntityRecord> finish(const EntityWrite &write, qint64 id);
    Error staleEdit(const EntityRecord *edited, const EntityRecord &now,
                    const QVariantMap &changes) const;
    Result<QVariant> bound(const EntityField &field, const QVariant &value);
    Result<qint64> referenceRow(const EntityField &field, const QString &key);
    Result<qint64> objectRow(const EntityField &field, const QString &key);
    /// Columns and values of \a values, with the lab that follows from them.
    struct Row {
        QStringList columns;
        QVariantList values;
    };
    Result<Row> boundRow(const QVariantMap &values);
    Status addDerivedLab(Row *row);
    /// \a error of a statement that stored \a columns; ends \a transaction, for on PostgreSQL
    /// nothing can be asked before. \a id: of the row that is changed, 0 for a new one.
    Error explained(const Error &error, Result<WriteTransaction> *transaction, const Row &columns,
                    qint64 id);
    /// Whether it is worth trying, before it is known which row it is about.
    Status mayTry(const Session &session, Action action) const;
    /// Errors: NotFound - what is not to be seen can not be referred to.
    Status maySeeReferences(const Session &session, const Row &row);
    Status mayAdd(const Session &session, const Row &row);
    Status may(const Session &session, Action action, qint64 id);
    /// Tells `objects` how the record is called now.
    Status describe(const EntityRecord *before, const EntityRecord &record);

    Connection &m_connection;
    EntitySpec m_spec;
};

} // namespace birch
