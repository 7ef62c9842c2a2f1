#pragma once

#include "core/store/connection.h"
#include "core/store/entity/entity_record.h"
#include "core/store/search/page_finder.h"

namespace birch {

/// "SELECT … FROM table t LEFT JOIN …": what entityRecord() reads. References come with uid and
/// human id of what they refer to.
QString entitySelect(const EntitySpec &spec);
QString entityFrom(const EntitySpec &spec);
EntityRecord entityRecord(const EntitySpec &spec, const SqlRow &row);

/// Which rows, over entityFrom().
struct EntityCondition {
    QString where; ///< begins with " WHERE", or empty
    QVariantList values;
};

/// The page that \a filter asks for; who looks is not considered.
/// Errors: BadInput - a field that the entity does not have, or a value that it can not have.
Result<PageQuery> entityPage(const EntitySpec &spec, const Dialect &dialect,
                             const EntityFilter &filter);
/// As SQL over the joins of entityFrom().
QString entityOrder(const EntitySpec &spec, const Dialect &dialect, const EntityFilter &filter);

} // namespace birch
