#pragma once

#include "core/plan/tree_library.h"
#include "core/store/connection.h"
#include "core/store/session.h"

namespace birch {

/// The scan templates in use that \a session may see, with their earlier versions. Where labs have
/// some of the same name, that of the default lab, else the first one. Errors: of the database.
Result<TreeLibrary> storedTrees(Connection &connection, const Session &session);

} // namespace birch
