#pragma once

#include "core/store/connection.h"
#include "core/store/entity/entity_record.h"

namespace birch {

/// "SELECT … FROM table t LEFT JOIN …": what entityRecord() reads. References come with uid and
/// human id of what they refer to.
QString entitySelect(const EntitySpec &spec);
QString entityFrom(const EntitySpec &spec);
EntityRecord entityRecord(const EntitySpec &spec, const SqlRow &row);

struct EntityCondition {
    QString where; ///< begins with " WHERE", or empty
    QVariantList values;
};
/// Errors: BadInput - a field that the entity does not have.
Result<EntityCondition> entityCondition(const EntitySpec &spec, const Dialect &dialect,
                                        const EntityFilter &filter);
Result<QString> entityOrder(const EntitySpec &spec, const EntityFilter &filter);

} // namespace birch
