#include "core/store/entity/entity_audit.h"

#include "core/store/entity/entity_text.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
bool isNothing(const QJsonValue &value)
{
    return value.isNull() || value.isUndefined();
}

/// How a field reads; of two objects that people call alike, the uids tell which is meant.
QJsonValue readable(const EntityField &field, const EntityRecord *record, const EntityRecord *other)
{
    if (!record)
        return {};
    const QVariant value = record->values.value(field.name);
    if (field.refers() && other && other->values.value(field.name) == value &&
        other->referenceUids.value(field.name) != record->referenceUids.value(field.name))
        return record->referenceUids.value(field.name);
    return fieldJson(field, value);
}

void addDifference(QJsonObject *changes, const QString &name, const QJsonValue &before,
                   const QJsonValue &after)
{
    if (before == after || (isNothing(before) && isNothing(after)))
        return;
    QJsonObject change;
    if (!isNothing(before))
        change.insert(u"before"_s, before);
    if (!isNothing(after))
        change.insert(u"after"_s, after);
    changes->insert(name, change);
}

/// That it changed is told, not what it was.
void addSecret(QJsonObject *changes, const QString &name, const EntityRecord *before,
               const EntityRecord *after)
{
    const QVariant old = before ? before->values.value(name) : QVariant();
    const QVariant now = after ? after->values.value(name) : QVariant();
    if (old != now)
        changes->insert(name, QJsonObject{{u"changed"_s, true}});
}

EventAction actionOf(const EntityRecord *before, const EntityRecord *after)
{
    if (!before)
        return EventAction::Added;
    if (!after)
        return EventAction::Purged;
    if (before->trashedUs.has_value() != after->trashedUs.has_value())
        return after->trashedUs ? EventAction::Trashed : EventAction::Restored;
    if (before->archivedUs.has_value() != after->archivedUs.has_value())
        return after->archivedUs ? EventAction::Archived : EventAction::Unarchived;
    return EventAction::Changed;
}
/// Of a row that gives somebody a right: whether there is more of that now, or less.
EventAction grantAction(const EntitySpec &spec, EventAction action, const EntityRecord *before,
                        const EntityRecord *after, const QJsonObject &changes)
{
    if (action == EventAction::Purged) // what was in the trash was revoked when it went there
        return before->trashedUs ? action : EventAction::Revoked;
    if (action != EventAction::Changed)
        return auditAction(spec, action);
    const bool isOff =
        changes.contains(u"is_active"_s) && !after->values.value(u"is_active"_s).toBool();
    const bool hasLeft = changes[u"left_on"_s].toObject().contains(u"after"_s);
    if (isOff || hasLeft)
        return EventAction::Revoked;
    const bool isRight = std::ranges::any_of(
        spec.grants, [&changes](const QString &field) { return changes.contains(field); });
    return isRight ? EventAction::Granted : action;
}
} // namespace

EventAction auditAction(const EntitySpec &spec, EventAction action)
{
    if (spec.grants.isEmpty())
        return action;
    if (action == EventAction::Added || action == EventAction::Restored)
        return EventAction::Granted;
    return action == EventAction::Trashed ? EventAction::Revoked : action;
}

QJsonObject entityChanges(const EntitySpec &spec, const EntityRecord *before,
                          const EntityRecord *after)
{
    QJsonObject changes;
    for (const EntityField &field : spec.fields) {
        if (field.isSecret)
            addSecret(&changes, field.name, before, after);
        else
            addDifference(&changes, field.name, readable(field, before, after),
                          readable(field, after, before));
    }
    const QJsonObject extraBefore = before ? before->extraData : QJsonObject();
    const QJsonObject extraAfter = after ? after->extraData : QJsonObject();
    if (extraBefore != extraAfter)
        addDifference(&changes, u"extra_data"_s, extraBefore, extraAfter);
    return changes;
}

Result<qint64> entityLabRow(Connection &connection, const EntitySpec &spec,
                            const EntityRecord &record)
{
    if (spec.table == u"labs"_s)
        return record.id;
    const QString uid = record.referenceUids.value(u"lab"_s);
    if (spec.table == u"users"_s || uid.isEmpty())
        return kDatabaseChain;
    const auto row = connection.firstRow(u"SELECT id FROM labs WHERE uid = ?"_s, {uid});
    if (!row)
        return row.error();
    return row.value() ? row.value()->first().toLongLong() : kDatabaseChain;
}

Status auditEntity(Connection &connection, const Session &session, const EntitySpec &spec,
                   const EntityRecord *before, const EntityRecord *after)
{
    const EntityRecord &record = after ? *after : *before;
    const auto lab = entityLabRow(connection, spec, record);
    if (!lab)
        return lab.error();
    Event event{.lab = lab.value(), .action = actionOf(before, after), .kind = spec.table};
    event.objectUid = record.uid;
    event.title = entityTitle(spec, record);
    // Between two moments somebody else's edit may have come in: it has its own event.
    if (event.action == EventAction::Changed || !before || !after)
        event.changes = entityChanges(spec, before, after);
    if (event.action == EventAction::Changed && event.changes.isEmpty())
        return ok();
    if (!spec.grants.isEmpty())
        event.action = grantAction(spec, event.action, before, after, event.changes);
    return EventLog(connection).record(session, std::move(event));
}

} // namespace birch
