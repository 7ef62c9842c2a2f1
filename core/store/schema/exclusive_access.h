#pragma once

#include "core/store/connection.h"
#include "core/store/database_lock.h"

namespace birch {

/// A connection and what keeps everyone else out while it lives.
struct ExclusiveAccess {
    std::unique_ptr<FileLock> lock; ///< SQLite; released last
    std::unique_ptr<Connection> connection;

    /// Conflict: others are in; the sentence names them.
    static Result<ExclusiveAccess> open(const DatabaseUrl &url);
};

/// There is no SQLite file, or an empty one. A server is asked when it is connected to.
bool isMissing(const DatabaseUrl &url);
/// NotFound, with what to run.
Error noDatabase(const DatabaseUrl &url);

} // namespace birch
