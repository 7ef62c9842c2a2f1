#pragma once

#include "core/store/connection.h"

namespace birch {

// What `objects` says of rows: how people call them, and what a search looks through. All inside
// the caller's transaction.

/// \a text as people wrote it; it is folded here.
Status describeObject(Connection &connection, const QString &kind, qint64 row, const QString &title,
                      const QString &text);
/// Id, name, title, type, operator, comment, sample, project and station of a scan.
Status describeScan(Connection &connection, qint64 scanRow);
/// The words of their tags, for all that have some: triggers keep them while rows change one by
/// one.
Status describeTags(Connection &connection);
Status describeQueue(Connection &connection, qint64 queueRow);
/// Scans and queues name their sample or project: of `samples` or `projects`, when \a row is
/// called differently now.
Status describeDependents(Connection &connection, const QString &table, qint64 row);

} // namespace birch
