#pragma once

#include "core/store/connection.h"
#include "core/store/entity/entity_record.h"
#include "core/store/entity/entity_validation.h"
#include "core/store/entity/object_key.h"
#include "core/store/session.h"

namespace birch {

/// One write of an entity, as its rules see it. Inside the transaction of the write.
struct EntityWrite {
    Connection &connection;
    const Session &session;
    const EntitySpec &spec;
    const EntityRecord *before; ///< null: it is added
    Origin origin;

    /// What \a field will hold once \a values are written.
    QVariant upcoming(const QVariantMap &values, const QString &field) const
    {
        if (values.contains(field) || !before)
            return values.value(field);
        return before->values.value(field);
    }
    bool isChanged(const EntityRecord &after, const QString &field) const
    {
        return !before || before->values.value(field) != after.values.value(field) ||
               before->referenceUids.value(field) != after.referenceUids.value(field);
    }
};

/// The rules of one entity, obeyed by every write of it, whoever writes.
struct EntityHooks {
    QString table;
    /// Before the write: fills in what follows from \a values, or refuses. Values are converted to
    /// the types of their fields; references are as given.
    Status (*prepare)(const EntityWrite &write, QVariantMap *values) = nullptr;
    /// After it, with everything resolved: what else changes with it. An error takes it all back.
    Status (*finish)(const EntityWrite &write, const EntityRecord &after) = nullptr;
    /// Whether it may be trashed by itself (not with what it is in).
    Status (*mayGo)(Connection &connection, const ObjectRow &object) = nullptr;
};

/// Null for an entity without rules of its own.
const EntityHooks *entityHooks(const QString &table);

} // namespace birch
