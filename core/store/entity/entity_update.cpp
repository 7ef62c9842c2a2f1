// The changing half of EntityRepository.
#include "core/store/entity/entity_audit.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/entity/trash.h"
#include "core/store/store_time.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString shown(const EntityField &field, const QVariant &value)
{
    const QJsonValue json = fieldJson(field, value);
    if (json.isNull() || json.isUndefined())
        return u"-"_s;
    if (json.isObject() || json.isArray())
        return QString::fromUtf8(
            QJsonDocument::fromVariant(json.toVariant()).toJson(QJsonDocument::Compact));
    return json.toVariant().toString();
}
} // namespace

Error EntityRepository::staleEdit(const EntityRecord *edited, const EntityRecord &now,
                                  const QVariantMap &changes) const
{
    QStringList differences;
    for (const EntityField &field : m_spec.fields) {
        const QVariant current = now.values.value(field.name);
        if (field.isSecret)
            continue;
        if (edited && edited->values.value(field.name) != current)
            differences << tr("%1 was \"%2\" and is now \"%3\"")
                               .arg(field.label, shown(field, edited->values.value(field.name)),
                                    shown(field, current));
        else if (changes.contains(field.name) && changes.value(field.name) != current)
            differences << tr("%1 is \"%2\", you want \"%3\"")
                               .arg(field.label, shown(field, current),
                                    shown(field, changes.value(field.name)));
    }
    const QString what =
        differences.isEmpty() ? QString() : u" ("_s + differences.join(u"; "_s) + u')';
    return {ErrorCode::Conflict,
            tr("%1 changed this %2 meanwhile%3: look at it again, then repeat your change")
                .arg(now.updatedBy, m_spec.label, what)};
}

Result<EntityRecord> EntityRepository::update(const Session &session, const QString &key,
                                              QVariantMap changes, qint64 revision, Origin origin)
{
    return change(session, key, std::move(changes), revision, nullptr, origin);
}

Result<EntityRecord> EntityRepository::update(const Session &session, const EntityRecord &edited,
                                              QVariantMap changes, Origin origin)
{
    return change(session, edited.uid, std::move(changes), edited.revision, &edited, origin);
}

Result<EntityRecord> EntityRepository::change(const Session &session, const QString &key,
                                              QVariantMap changes, qint64 revision,
                                              const EntityRecord *edited, Origin origin)
{
    if (Status allowed = mayTry(session, Action::Edit); !allowed)
        return allowed.error();
    if (const Problems problems = validate(m_spec, &changes, Completeness::Part, origin);
        !problems.isEmpty())
        return asError(problems);
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto record = find(session, key);
    if (!record)
        return record;
    if (Status allowed = may(session, Action::Edit, record.value().id); !allowed)
        return allowed.error();
    if (record.value().revision != revision)
        return staleEdit(edited, record.value(), changes);
    const EntityWrite write{m_connection, session, m_spec, &record.value(), origin};
    const EntityHooks *hooks = entityHooks(m_spec.table);
    if (hooks && hooks->prepare) {
        if (Status done = hooks->prepare(write, &changes); !done)
            return done.error();
    }
    QStringList assignments{u"revision = revision + 1"_s, u"updated_at = ?"_s, u"updated_by = ?"_s};
    QVariantList values{nowUs(), session.user};
    const auto row = boundRow(changes);
    if (!row)
        return row.error();
    if (Status seen = maySeeReferences(session, row.value()); !seen)
        return seen.error();
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
    if (changed.value() != 1) { // between our look and our write, on PostgreSQL
        const auto now = find(session, record.value().uid);
        return now ? staleEdit(edited, now.value(), changes) : now.error();
    }
    // Not into a place where one may not edit either.
    if (Status allowed = may(session, Action::Edit, record.value().id); !allowed)
        return allowed.error();
    auto result = finish(write, record.value().id);
    if (!result)
        return result;
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return result;
}

Result<EntityRecord> EntityRepository::setTrashed(const Session &session, const QString &key,
                                                  bool isTrashed)
{
    Trash trash(m_connection);
    const auto done = isTrashed ? trash.trash(session, m_spec.table, key)
                                : trash.restore(session, m_spec.table, key);
    if (!done)
        return done.error();
    return get(session, done.value().root.row);
}

Result<EntityRecord> EntityRepository::setArchived(const Session &session, const QString &key,
                                                   bool isArchived)
{
    if (Status allowed = mayTry(session, Action::Archive); !allowed)
        return allowed.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto record = find(session, key);
    if (!record)
        return record;
    if (Status allowed = may(session, Action::Archive, record.value().id); !allowed)
        return allowed.error();
    if (record.value().trashedUs)
        return Error{ErrorCode::Conflict,
                     tr("The %1 is in the trash: restore it first").arg(m_spec.label)};
    if (record.value().archivedUs.has_value() == isArchived)
        return record;
    const qint64 now = nowUs();
    if (Status done = m_connection.execute(
            u"UPDATE %1 SET archived_at = ?, revision = revision + 1, updated_at = ?, "
            "updated_by = ? WHERE id = ?"_s.arg(m_spec.table),
            {isArchived ? QVariant(now) : QVariant(QMetaType::fromType<qint64>()), now,
             session.user, record.value().id});
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

} // namespace birch
