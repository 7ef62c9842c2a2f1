#pragma once

#include "core/plan/node_registry.h"

namespace birch {

/// Every kind of node that this program ships.
NodeRegistry standardNodes();

} // namespace birch
