#pragma once

#include "core/store/database_lock.h"

namespace birch {

/// A connection that has the whole database to itself while it lives.
struct ExclusiveDatabase {
    std::unique_ptr<FileLock> lock; ///< SQLite; released last
    std::unique_ptr<Connection> connection;

    /// Errors: NotFound - there is no file; Conflict - in use, and by whom; as Connection::open().
    static Result<ExclusiveDatabase> open(const DatabaseUrl &url);
    /// The same, and its schema is the one of this program. Conflict: it is not.
    static Result<ExclusiveDatabase> openCurrent(const DatabaseUrl &url);
};

} // namespace birch
