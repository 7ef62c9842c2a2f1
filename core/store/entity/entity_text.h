#pragma once

#include "core/store/entity/entity_record.h"

namespace birch {

/// What `objects` says of a record: how people call it, and what a search looks through.
QString entityTitle(const EntitySpec &spec, const EntityRecord &record);
QString entitySearchText(const EntitySpec &spec, const EntityRecord &record);

/// NFKC, case folded, runs of white space as one blank: how text is stored for the search and how a
/// query must be written before it is compared.
QString searchable(const QString &text);

} // namespace birch
