#pragma once

#include "core/exchange/import/file_import.h"

namespace birch {

/// A CSV file, or every CSV file of a folder (not of folders in it): entities first, in the order
/// of their references, then data. Each file is one transaction; one that can not be read is named
/// and leaves nothing. Run again it changes nothing.
///
/// Errors: BadInput - what is wrong with the file, with its line; NotFound - no such sample, lab,
/// entity; Cancelled; of the database.
Result<ImportReport> importCsv(Connection &connection, const Session &session, const QString &path,
                               const FileImportOptions &options);

} // namespace birch
