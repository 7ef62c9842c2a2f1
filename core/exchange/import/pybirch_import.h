#pragma once

#include "core/exchange/import/import_report.h"
#include "core/store/connection.h"
#include "core/store/session.h"

#include <functional>
#include <stop_token>

namespace birch {

/// What an import may be told.
struct ImportOptions {
    bool isDryRun = false; ///< everything is done and taken back
    QString
        filesFolder; ///< where attached files lie; "": as PyBirch keeps them beside the database
    std::function<void(const QString &what, qint64 done, qint64 total)> told = {};
    std::stop_token stop = {};
};

/// Everything in one of PyBirch's SQLite files, of whatever generation, into the database of
/// \a connection. Run again it changes nothing: rows are recognised. A table, or a scan, is one
/// transaction, so one that was stopped or killed is completed by running it again.
///
/// Errors: Denied - for administrators only; BadInput - no file of PyBirch's; those of
/// SqliteSource::open(); Cancelled; Storage and the like of the database: what was imported stays.
/// Blocks, for large files for minutes.
Result<ImportReport> importPybirch(Connection &connection, const Session &session,
                                   const QString &path, const ImportOptions &options);

} // namespace birch
