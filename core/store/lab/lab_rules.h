#pragma once

#include "core/store/entity/entity_hooks.h"

namespace birch {

/// The rules of every entity that has some: one row per entity, each beside its service.
QList<EntityHooks> labRules();

} // namespace birch
