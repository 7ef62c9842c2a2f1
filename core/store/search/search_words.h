#pragma once

#include <QStringList>

namespace birch {

/// What a search asks for, folded as search_text is (see searchable()). A word of one or two
/// characters is the beginning of a word, a longer one may stand anywhere.
struct SearchWords {
    QStringList all;  ///< each must be there: words, and phrases with single blanks
    QStringList none; ///< none of these may be there

    bool isEmpty() const { return all.isEmpty() && none.isEmpty(); }
};

/// Every run without blanks is a word; nothing has a meaning of its own.
SearchWords plainWords(const QString &text);

/// What people type into birchctl search.
struct SearchRequest {
    SearchWords words;
    QStringList kinds; ///< as typed after "kind:"
    QString exact;     ///< the whole text, to be compared with human ids
};

/// `word "a phrase" -without kind:samples`
SearchRequest parseSearch(const QString &text);

/// Characters as people count them: code points.
bool isShortWord(const QString &word);

/// Three characters at a time, as SQLite's index holds them: enough of them to find \a word, blanks
/// doubled and the beginning of a word after two blanks.
QStringList triplesOf(const QString &word);

} // namespace birch
