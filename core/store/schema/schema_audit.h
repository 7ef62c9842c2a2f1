#pragma once

#include "core/store/connection.h"
#include "core/store/entity/entity_spec.h"
#include "core/store/migrations.h"
#include "core/store/schema/schema_difference.h"

namespace birch {

/// Everything in which a database is not what this program makes.
struct SchemaAudit {
    int version = 0; ///< that the tables were compared with
    int head = 0;
    bool isStamped = true;               ///< the database says itself which version it has
    QList<SchemaDifference> differences; ///< from what the migrations make
    QList<SchemaDifference> undeclared;  ///< of the migrations from the declarations
    QString notCompared;                 ///< a sentence: what this role may not compare
    QString remedy;                      ///< what to run; "" when all is well

    bool isClean() const { return differences.isEmpty() && undeclared.isEmpty(); }
    /// {"current","head","stamped","ok","differences","undeclared","remedy"}
    QJsonObject toJson() const;
};

/// Compares the live tables with those that \a migrations make up to the database's version, and at
/// head also with the declarations. A database without a version is compared with each, and the
/// nearest is taken. Errors: NotFound - it is empty; BadInput - its tables are none of ours.
Result<SchemaAudit> auditSchema(Connection &connection, const QList<Migration> &migrations,
                                const QList<EntitySpec> &specs = entitySpecs());

} // namespace birch
