#pragma once

#include "core/store/connection.h"

namespace birch {

/// One row of `objects`, with what the trash knows of it.
struct ObjectRow {
    qint64 id = 0; ///< in `objects`
    QString kind;  ///< its table
    qint64 row = 0;
    QString uid;
    QString title;  ///< how people call it
    qint64 lab = 0; ///< 0: none
    std::optional<qint64> trashedUs;
    qint64 trashRoot = 0; ///< object with which it went to the trash; 0: it is not there

    /// "samples:S-2026-001", as people write it.
    QString name() const { return kind + u':' + title; }
};

/// Those of \a kind that meet a condition on its table `t` and on `objects o`, by row.
Result<QList<ObjectRow>> selectObjects(Connection &connection, const QString &kind,
                                       const QString &where, const QVariantList &values, int limit);

/// By human id, uid, or the beginning of a uid (four characters or more), trash included.
/// Errors: BadInput - no such kind; NotFound; Conflict - several fit, the sentence names them.
Result<ObjectRow> findObject(Connection &connection, const QString &kind, const QString &key);
/// "kind:key", or a uid alone. Errors as findObject().
Result<ObjectRow> findObject(Connection &connection, const QString &name);
/// Errors: NotFound - no such row.
Result<ObjectRow> objectOfRow(Connection &connection, const QString &kind, qint64 row);
Result<ObjectRow> objectById(Connection &connection, qint64 id);

} // namespace birch
