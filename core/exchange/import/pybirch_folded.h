#pragma once

#include "core/exchange/import/import_report.h"
#include "core/exchange/import/import_target.h"
#include "core/exchange/import/source_record.h"

namespace birch {

/// Tables that have no place of their own and are kept in the extra_data of a user: settings and
/// themes of PyBirch's web pages.
bool isPybirchFolded(const QString &table);

/// One transaction. After the users.
Status foldPybirchTables(const ImportTarget &target, const SqliteSource &source,
                         const SourceContext &context, ImportReport &report);

} // namespace birch
