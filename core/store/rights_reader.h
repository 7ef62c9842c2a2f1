#pragma once

#include "core/store/connection.h"
#include "core/store/rights.h"

namespace birch {

/// What the user \a userRow was given: memberships of labs and projects, access through teams, and
/// as a guest. 0: nobody in particular.
Result<Rights> readRights(Connection &connection, qint64 userRow);

} // namespace birch
