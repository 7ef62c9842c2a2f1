#pragma once

#include "core/exchange/import/file_import.h"

namespace birch {

/// The samples in a pickle of PyBirch's. Run again it changes nothing; a sample whose id is here is
/// taken for the same. Errors: BadInput - no pickle, or no sample in it; of the database.
Result<ImportReport> importPickle(Connection &connection, const Session &session,
                                  const QString &path, const FileImportOptions &options);

} // namespace birch
