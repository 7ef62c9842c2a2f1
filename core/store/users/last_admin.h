#pragma once

#include "core/store/entity/entity_hooks.h"

namespace birch {

/// Errors: Conflict - nobody would be left who can administer the database: nobody active, or, in
/// a file that asks for passwords, nobody active who has one. Inside the transaction of the change.
Status someAdminIsLeft(Connection &connection);

/// What every write of a user obeys.
EntityHooks userRules();

} // namespace birch
