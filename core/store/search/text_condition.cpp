#include "core/store/search/text_condition.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
SqlPiece wordCondition(const Dialect &dialect, const QString &alias, const QString &word)
{
    // The first word too has a blank in front: a short word is looked for with its blank.
    const QString wanted = isShortWord(word) ? u' ' + word : word;
    if (dialect.isPostgres())
        return {u"(' ' || %1.search_text) LIKE ? ESCAPE '!'"_s.arg(alias),
                {Dialect::containsPattern(wanted)}};
    return {u"instr(' ' || %1.search_text, ?) > 0"_s.arg(alias), {wanted}};
}

QString kindCondition(const QStringList &kinds)
{
    return kinds.isEmpty() ? QString() : u" AND o.kind IN ('%1')"_s.arg(kinds.join(u"', '"_s));
}

QString quoted(QString triple)
{
    return u'"' + triple.replace(u'"', u"\"\""_s) + u'"';
}

/// FTS5's query. Of one kind only its rows are looked at; several are told apart afterwards.
QString matchText(const QStringList &kinds, const SearchWords &words)
{
    QStringList parts;
    if (kinds.size() == 1) {
        const QString kind = kinds.first().toUpper();
        parts << quoted(QChar(1) + kind.first(2)) << quoted(kind.last(2) + QChar(1));
    }
    for (const QString &word : words.all) {
        for (const QString &triple : triplesOf(word))
            parts << quoted(triple);
    }
    parts.removeDuplicates();
    return parts.first(std::min<qsizetype>(parts.size(), 64)).join(u' ');
}
} // namespace

SqlPiece textCondition(const Dialect &dialect, const QString &alias, const SearchWords &words)
{
    QStringList terms;
    QVariantList values;
    for (const QString &word : words.all) {
        const SqlPiece term = wordCondition(dialect, alias, word);
        terms << term.sql;
        values += term.values;
    }
    for (const QString &word : words.none) {
        const SqlPiece term = wordCondition(dialect, alias, word);
        terms << u"NOT ("_s + term.sql + u')';
        values += term.values;
    }
    return {terms.isEmpty() ? u"TRUE"_s : terms.join(u" AND "_s), values};
}

SqlPiece textHits(const Dialect &dialect, const QString &column, const QStringList &kinds,
                  const SearchWords &words)
{
    const SqlPiece exact = textCondition(dialect, u"o"_s, words);
    if (dialect.isPostgres())
        return {u"SELECT o.%1 AS id FROM objects o WHERE %2%3"_s.arg(column, exact.sql,
                                                                     kindCondition(kinds)),
                exact.values};
    return {u"SELECT o.%1 AS id FROM object_search CROSS JOIN objects o "
            "WHERE object_search MATCH ? AND o.id = object_search.rowid AND %2%3"_s.arg(
                column, exact.sql, kindCondition(kinds)),
            QVariantList{matchText(kinds, words)} + exact.values};
}

} // namespace birch
