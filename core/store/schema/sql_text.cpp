#include "core/store/schema/sql_text.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
bool isWordPart(QChar c)
{
    return c.isLetterOrNumber() || c == u'_';
}

/// Behind the piece of \a sql that begins at \a at and is to be taken or left as a whole: a string,
/// a quoted name, a comment, a dollar-quoted body, a word or number, else one sign.
qsizetype pieceEnd(const QString &sql, qsizetype at)
{
    const auto after = [&sql](const QString &end, qsizetype from) {
        const qsizetype found = sql.indexOf(end, from);
        return found < 0 ? sql.size() : found + end.size();
    };
    const QChar c = sql[at];
    if (c == u'\'' || c == u'"') {
        qsizetype end = after(c, at + 1);
        while (end < sql.size() && sql[end] == c) // doubled: still inside
            end = after(c, end + 1);
        return end;
    }
    const QStringView rest = QStringView(sql).sliced(at);
    if (rest.startsWith(u"--"))
        return after(u"\n"_s, at);
    if (rest.startsWith(u"/*"))
        return after(u"*/"_s, at + 2);
    if (rest.startsWith(u"$$"))
        return after(u"$$"_s, at + 2);
    if (rest.startsWith(u"::"))
        return at + 2;
    if (!isWordPart(c))
        return at + 1;
    static const QRegularExpression number(uR"(\G[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?)"_s);
    if (const auto match = number.match(sql, at); c.isDigit() && match.hasMatch())
        return match.capturedEnd();
    qsizetype end = at + 1;
    while (end < sql.size() && isWordPart(sql[end]))
        ++end;
    return end;
}

bool isComment(QStringView piece)
{
    return piece.startsWith(u"--") || piece.startsWith(u"/*");
}

/// "double precision", "character varying (20)", "text []": behind "::".
qsizetype castEnd(const QStringList &pieces, qsizetype at)
{
    if (at < pieces.size() && (pieces[at] == u"double"_s || pieces[at] == u"character"_s))
        ++at;
    ++at;
    while (at < pieces.size() && (pieces[at] == u"["_s || pieces[at] == u"]"_s))
        ++at;
    return std::min(at, pieces.size());
}

QString token(const QString &piece)
{
    if (piece.startsWith(u'\''))
        return piece;
    if (piece.startsWith(u'"'))
        return piece.sliced(1, std::max<qsizetype>(0, piece.size() - 2));
    return piece.toLower();
}

QString plainNumber(const QString &token)
{
    QString text = token;
    if (text.size() > 2 && text.startsWith(u'\'')) // PostgreSQL quotes negative ones
        text = text.sliced(1, text.size() - 2);
    bool isNumber = false;
    const double value = text.toDouble(&isNumber);
    return isNumber && !text.front().isLetter() ? QString::number(value, 'g', 17) : token;
}
} // namespace

QStringList sqlTokens(const QString &sql)
{
    QStringList pieces;
    for (qsizetype at = 0; at < sql.size();) {
        const qsizetype end = pieceEnd(sql, at);
        const QString piece = sql.sliced(at, end - at);
        if (!isComment(piece) && !piece.front().isSpace())
            pieces << token(piece);
        at = end;
    }
    QStringList tokens;
    for (qsizetype at = 0; at < pieces.size();) {
        if (pieces[at] == u"::"_s) {
            at = castEnd(pieces, at + 1);
            continue;
        }
        tokens << pieces[at++];
    }
    return tokens;
}

QString canonicalSql(const QString &sql)
{
    QStringList tokens = sqlTokens(sql);
    for (QString &token : tokens)
        token = plainNumber(token);
    const QString text = tokens.join(u' ');
    return text.startsWith(u"- "_s) ? u'-' + text.sliced(2) : text;
}

QString canonicalCheck(const QString &condition)
{
    QStringList tokens;
    for (const QString &token : sqlTokens(condition)) {
        if (!u"()[]"_s.contains(token))
            tokens << plainNumber(token);
    }
    QString text = tokens.join(u' ');
    text.replace(u" = any array "_s, u" in "_s);
    text.replace(u" - "_s, u" -"_s);
    static const QRegularExpression choice(uR"(^(\w+) (?:in|=) ('[^']*'(?: , '[^']*')*)$)"_s);
    const auto match = choice.match(text);
    if (!match.hasMatch())
        return text;
    QStringList choices = match.captured(2).split(u" , "_s); // their order means nothing
    choices.sort();
    return match.captured(1) + u" in "_s + choices.join(u" , "_s);
}

QString insideBrackets(const QString &sql, qsizetype open)
{
    int depth = 0;
    for (qsizetype at = open; at < sql.size(); at = pieceEnd(sql, at)) {
        if (sql[at] == u'(')
            ++depth;
        if (sql[at] == u')' && --depth == 0)
            return sql.sliced(open + 1, at - open - 1);
    }
    return {};
}

QStringList checksIn(const QString &createTable)
{
    QStringList checks;
    for (qsizetype at = 0; at < createTable.size();) {
        const qsizetype end = pieceEnd(createTable, at);
        if (QStringView(createTable).sliced(at, end - at).compare(u"check", Qt::CaseInsensitive) ==
            0)
            checks << insideBrackets(createTable, createTable.indexOf(u'(', end));
        at = end;
    }
    return checks;
}

} // namespace birch
