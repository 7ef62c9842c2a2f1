#pragma once

#include "core/store/dialect.h"
#include "core/store/search/search_words.h"

#include <QVariant>

namespace birch {

/// A piece of SQL and the values of its placeholders.
struct SqlPiece {
    QString sql;
    QVariantList values = {};
};

/// Whether the text of `objects` under \a alias has the words: a condition that decides, the same
/// on both engines. "TRUE" for no words.
SqlPiece textCondition(const Dialect &dialect, const QString &alias, const SearchWords &words);

/// "SELECT \a column FROM objects o …" of those that have \a words, through the index: all of them,
/// in no order. \a kinds: tables; empty: all. \a words must not be only what may not be there.
SqlPiece textHits(const Dialect &dialect, const QString &column, const QStringList &kinds,
                  const SearchWords &words);

} // namespace birch
