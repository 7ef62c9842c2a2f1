#pragma once

#include "core/store/database_url.h"

#include <QJsonObject>

#include <functional>
#include <stop_token>

namespace birch {

struct CopyOptions {
    QString userName;        ///< for a target that must be made first
    bool mayRestart = false; ///< an unfinished copy in the target is thrown away, not gone on with
    std::stop_token stop = {};
    /// Rows of \a table copied so far, after each transaction.
    std::function<void(const QString &table, qint64 rows)> progress = {};
};

struct CopyReport {
    struct Table {
        QString name;
        qint64 rows = 0;
        QString digest; ///< the same in source and target: see TableDigest
    };
    QList<Table> tables;
    bool wasResumed = false;

    /// {"tables":[{"name","rows","digest"}],"resumed"}
    QJsonObject toJson() const;
};

/// Everything in \a from into \a to, between engines in either direction or within one: the same
/// rows under the same numbers, the same identity, so that spools and links find it. Both are
/// taken exclusively. At the end counts and checksums of every table are compared.
///
/// Killed or stopped, it goes on where it was when it is called again; until it is done a SQLite
/// target is a file "….copying", and a PostgreSQL target is no database that anybody can open.
///
/// Errors: Conflict - the target holds data already, either is in use, the source was changed since
/// the copy was begun; NotFound - no source; BadInput - a value that the target can not hold;
/// Cancelled; as Connection.
Result<CopyReport> copyDatabase(const DatabaseUrl &from, const DatabaseUrl &to,
                                const CopyOptions &options);

} // namespace birch
