#pragma once

#include <QStringList>

namespace birch {

/// The words, numbers, strings and signs of a piece of SQL, without comments: words in lower case,
/// "quoted" names without their quotes, 'strings' as they are, PostgreSQL's ::casts left out.
QStringList sqlTokens(const QString &sql);

/// One text for all spellings of a default, an index or a trigger.
QString canonicalSql(const QString &sql);
/// One text for all spellings of a condition on a column: what `x IN ('a', 'b')` becomes in
/// PostgreSQL's catalogue is the same as what SQLite keeps. Brackets are lost.
QString canonicalCheck(const QString &condition);

/// What stands in the brackets that open at \a open.
QString insideBrackets(const QString &sql, qsizetype open);
/// The conditions of the CHECKs in a CREATE TABLE statement.
QStringList checksIn(const QString &createTable);

} // namespace birch
