#pragma once

#include "core/store/entity/entity_record.h"
#include "core/store/search/text_condition.h"

namespace birch {

/// The conditions of \a filter on the row `t`, without joins; trash, anchor and text apart.
/// Errors: BadInput - a field that the entity does not have or that can not be compared so, or a
/// value that it can not have.
Result<QList<SqlPiece>> entityConditions(const EntitySpec &spec, const EntityFilter &filter);

} // namespace birch
