#pragma once

#include "core/store/upkeep/copy_target.h"

namespace birch {

/// Writes the archive: scans and what they need, from a database that its caller holds.
/// \a file is there whole, flushed, or not at all.
Status writeArchive(Connection &source, const TableCatalogue &catalogue, const QString &file,
                    const QString &sourceUid, const QList<qint64> &scans);

/// The uid of the database whose scans \a archive holds; "" for any other database.
Result<QString> archivedFrom(Connection &archive);

} // namespace birch
