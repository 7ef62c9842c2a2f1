#pragma once

#include "core/base/result.h"
#include "core/store/entity/entity_record.h"
#include "core/store/entity/entity_spec.h"

namespace birch::cli {

/// The conditions of `list` as people write them: FIELD=VALUE (one of several where the field comes
/// again), FIELD=LEAST..MOST for numbers, dates and times (both belong to it, either may be left
/// out), FIELD= for those that hold nothing, FIELD!= for those that hold something.
/// Errors: BadInput - neither of these, or a field that is none of \a spec's.
Result<EntityFilter> readConditions(const QStringList &arguments, const EntitySpec &spec);

} // namespace birch::cli
