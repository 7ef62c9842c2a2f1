#pragma once

#include "core/store/entity/entity_record.h"
#include "core/store/event_log.h"

namespace birch {

/// What differs between two states of an entity, as {field: {"before", "after"}}; null: it was not
/// there (or is gone). Fields that hold nothing on both sides, and secrets' values, are left out.
QJsonObject entityChanges(const EntitySpec &spec, const EntityRecord *before,
                          const EntityRecord *after);

/// Notes a change for the audit log, inside the caller's transaction. \a before null: added,
/// \a after null: purged; else the action follows from what differs. Rows that give somebody a
/// right or a membership are granted and revoked instead of added and trashed; so is a change of
/// what they give. Errors: those of EventLog::record().
Status auditEntity(Connection &connection, const Session &session, const EntitySpec &spec,
                   const EntityRecord *before, const EntityRecord *after);

/// How the audit log calls \a action on a row of \a spec: see auditEntity().
EventAction auditAction(const EntitySpec &spec, EventAction action);

/// Row of the lab whose chain tells of \a record; kDatabaseChain for users and what has no lab.
Result<qint64> entityLabRow(Connection &connection, const EntitySpec &spec,
                            const EntityRecord &record);

} // namespace birch
