#pragma once

#include "core/store/connection.h"

namespace birch {

// Texts of scans and queues in batches; for object_text.cpp and search_rebuild.cpp.

/// Columns of scanTexts() and queueTexts(): row, then what is searched; the first of it is the
/// title.
inline constexpr int kLastTextColumn = 9;
/// The extra data of the row: its fields are searched as well, by their names and their texts.
inline constexpr int kExtraDataColumn = 10;

/// At most 1000, by rising id.
QString scanTexts(const QString &where);
QString queueTexts(const QString &where);

/// Writes what \a select yields into `objects`. \a last: the last row; -1 when there was none.
Status describeRows(Connection &connection, const QString &kind, const QString &select,
                    const QVariantList &values, qint64 *last = nullptr);

} // namespace birch
