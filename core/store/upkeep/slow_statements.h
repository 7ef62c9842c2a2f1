#pragma once

#include "core/base/result.h"
#include "core/store/database_url.h"

#include <QList>

namespace birch {

class Connection;

struct SlowStatement {
    QString sql; ///< without values: they are bound
    qint64 ms = 0;
    qint64 atUs = 0; ///< microseconds UTC; 0: the server counted it, not we
    qint64 count = 1;
};

/// Where this person's programs note the slow statements of a database: a small file of lines in
/// the state folder, so that another process can tell of them.
QString slowStatementsFile(const DatabaseUrl &url);
/// Adds a line; a file that has grown is cut to the slowest. Never fails: what can not be written
/// is lost. Thread-safe, also between processes.
void noteSlowStatement(const QString &file, const SlowStatement &statement);

/// The slowest first, each text once: those that were noted here, and what a PostgreSQL server with
/// pg_stat_statements has seen of everybody.
Result<QList<SlowStatement>> slowestStatements(Connection &connection, const DatabaseUrl &url,
                                               int count = 10);

} // namespace birch
