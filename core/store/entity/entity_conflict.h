#pragma once

#include "core/store/entity/entity_record.h"

#include "core/store/connection.h"

namespace birch {

/// Which rule of \a spec the values (column -> bound value) of a refused row break: names the
/// fields, the row that has them already and what to do. \a row: of the record that is changed, 0
/// for a new one. Nothing when no unique group is to blame.
std::optional<Error> uniqueConflict(Connection &connection, const EntitySpec &spec,
                                    const QVariantMap &columns, qint64 row);

} // namespace birch
