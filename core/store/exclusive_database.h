#pragma once

#include "core/store/database.h"

namespace birch {

/// A connection that has the whole database to itself while it lives.
struct ExclusiveDatabase {
    std::unique_ptr<FileLock> lock; ///< SQLite; released last
    std::unique_ptr<Connection> connection;

    /// Whatever is in it. Errors: NotFound - there is no file; Conflict - others are in, and who;
    /// as Connection::open().
    static Result<ExclusiveDatabase> open(const DatabaseUrl &url);
    /// For the one who makes the file.
    static Result<ExclusiveDatabase> openOrMake(const DatabaseUrl &url);
    /// Its schema is the one of this program. Conflict: it is not.
    static Result<ExclusiveDatabase> openCurrent(const DatabaseUrl &url);
    /// \a database is closed and opened again for this one alone; whoever had logged in there is
    /// known here. Errors: as openCurrent().
    static Result<ExclusiveDatabase> takeOver(std::unique_ptr<Database> database);
};

/// There is no SQLite file, or an empty one. A server is asked when it is connected to.
bool isMissing(const DatabaseUrl &url);
/// NotFound, with what to run.
Error noDatabase(const DatabaseUrl &url);

} // namespace birch
