// The changing half of EntityRepository.
#include "core/store/entity/entity_audit.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/store_time.h"

using namespace Qt::StringLiterals;

namespace birch {

Result<EntityRecord> EntityRepository::update(const Session &session, const QString &key,
                                              QVariantMap changes, qint64 revision, Origin origin)
{
    if (Status may = mayChange(session); !may)
        return may.error();
    if (const Problems problems = validate(m_spec, &changes, Completeness::Part, origin);
        !problems.isEmpty())
        return asError(problems);
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto record = find(session, key);
    if (!record)
        return record;
    QStringList assignments{u"revision = revision + 1"_s, u"updated_at = ?"_s, u"updated_by = ?"_s};
    QVariantList values{nowUs(), session.user};
    const auto row = boundRow(changes);
    if (!row)
        return row.error();
    for (const QString &column : row.value().columns)
        assignments << column + u" = ?"_s;
    values += row.value().values;
    values << record.value().id << revision;
    const auto changed =
        m_connection.executeCounting(u"UPDATE %1 SET %2 WHERE id = ? AND revision = ?"_s.arg(
                                         m_spec.table, assignments.join(u", "_s)),
                                     values);
    if (!changed)
        return explained(changed.error(), &transaction, row.value(), record.value().id)
            .within(tr("Changing the %1").arg(m_spec.label));
    if (changed.value() != 1)
        return Error{ErrorCode::Conflict,
                     tr("%1 changed this %2 meanwhile: look at it again, then repeat your change")
                         .arg(record.value().updatedBy, m_spec.label)};
    auto result = get(session, record.value().id);
    if (!result)
        return result;
    if (Status done = describe(result.value()); !done)
        return done.error();
    if (Status done = auditEntity(m_connection, session, m_spec, &record.value(), &result.value());
        !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return result;
}

Result<EntityRecord> EntityRepository::setTime(const Session &session, const QString &key,
                                               const QString &column, bool isSet)
{
    if (Status may = mayChange(session); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto record = find(session, key);
    if (!record)
        return record;
    const qint64 now = nowUs();
    if (Status done = m_connection.execute(
            u"UPDATE %1 SET %2 = ?, revision = revision + 1, updated_at = ?, updated_by = ? "
            "WHERE id = ?"_s.arg(m_spec.table, column),
            {isSet ? QVariant(now) : QVariant(QMetaType::fromType<qint64>()), now, session.user,
             record.value().id});
        !done)
        return done.error();
    auto result = get(session, record.value().id);
    if (!result)
        return result;
    if (Status done = auditEntity(m_connection, session, m_spec, &record.value(), &result.value());
        !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return result;
}

Result<EntityRecord> EntityRepository::setTrashed(const Session &session, const QString &key,
                                                  bool isTrashed)
{
    return setTime(session, key, u"trashed_at"_s, isTrashed);
}

Result<EntityRecord> EntityRepository::setArchived(const Session &session, const QString &key,
                                                   bool isArchived)
{
    return setTime(session, key, u"archived_at"_s, isArchived);
}

} // namespace birch
