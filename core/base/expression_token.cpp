#include "core/base/expression_token.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

/// What people type and the sign that is meant. Longer ones first.
struct SignRow {
    const char16_t *typed;
    const char *sign;
};
constexpr SignRow kSigns[] = {
    {u"<=", "<="},     {u">=", ">="},     {u"==", "=="}, {u"!=", "!="},    {u"\u2264", "<="},
    {u"\u2265", ">="}, {u"\u2260", "!="}, {u"<", "<"},   {u">", ">"},      {u"+", "+"},
    {u"-", "-"},       {u"\u2212", "-"},  {u"*", "*"},   {u"\u00b7", "*"}, {u"\u00d7", "*"},
    {u"/", "/"},       {u"\u00f7", "/"},  {u"^", "^"},   {u"(", "("},      {u")", ")"},
    {u",", ","},
};

/// Other languages' signs and ours.
constexpr SignRow kForeignSigns[] = {
    {u"**", "^"}, {u"&&", "and"}, {u"||", "or"}, {u"<>", "!="},
    {u"=", "=="}, {u"!", "not"},  {u"&", "and"}, {u"|", "or"},
};

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

bool isWordStart(QChar c)
{
    return c.isLetter() || c == u'_';
}

bool isWordPart(QChar c)
{
    return c.isLetterOrNumber() || c == u'_';
}

bool isUnitStart(QChar c)
{
    return c.isLetter() || u"%\u2030\u00b0\u221a\u2032\u2033"_s.contains(c);
}

bool isRaised(QChar c)
{
    return u"\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"_s.contains(c);
}

} // namespace

bool isExpressionWord(const QString &word)
{
    static const QStringList words{u"and"_s, u"or"_s, u"not"_s, u"true"_s, u"false"_s};
    return words.contains(word);
}

ExpressionLexer::ExpressionLexer(const QString &text, const QStringList &opaqueUnits,
                                 QList<ExpressionProblem> *problems)
    : m_text(text)
    , m_opaqueUnits(opaqueUnits)
    , m_problems(problems)
{
}

void ExpressionLexer::problem(qsizetype position, qsizetype length, const QString &message,
                              const QString &remedy)
{
    m_problems->append({position, length, message, remedy});
}

QList<ExpressionToken> ExpressionLexer::tokens()
{
    QList<ExpressionToken> tokens;
    while (true) {
        while (at(m_at).isSpace())
            ++m_at;
        ExpressionToken token;
        token.position = m_at;
        if (m_at >= m_text.size()) {
            tokens.append(token);
            return tokens;
        }
        const QChar c = at(m_at);
        bool isRead = true;
        if (isDigit(c) || (c == u'.' && isDigit(at(m_at + 1))))
            isRead = readNumber(&token);
        else if (c == u'"' || c == u'\'')
            readText(&token);
        else if (isWordStart(c) || c == u'`')
            readName(&token);
        else
            isRead = readSign(&token);
        token.length = m_at - token.position;
        if (isRead)
            tokens.append(token);
    }
}

bool ExpressionLexer::readNumber(ExpressionToken *token)
{
    const qsizetype start = m_at;
    while (isDigit(at(m_at)) || at(m_at) == u'.')
        ++m_at;
    qsizetype digits = m_at + 1;
    if (at(digits) == u'+' || at(digits) == u'-' || at(digits) == u'\u2212')
        ++digits;
    if ((at(m_at) == u'e' || at(m_at) == u'E') && isDigit(at(digits))) {
        m_at = digits;
        while (isDigit(at(m_at)))
            ++m_at;
    }
    token->kind = ExpressionToken::Kind::Number;
    token->text = m_text.mid(start, m_at - start).replace(u'\u2212', u'-');
    readUnit(token);
    if (const auto number = quantityFromText(token->text, Unit()); !number) {
        problem(start, m_at - start, number.error().message,
                tr("Write a number such as 0.5, 1e-3 or 10 mV"));
        token->text = u"1"_s;
    }
    return true;
}

bool ExpressionLexer::isUnit(const QString &symbol) const
{
    return m_opaqueUnits.contains(symbol) || !Unit(symbol).isOpaque();
}

/// Behind one term of a unit, "mV", "s^-1" or "cm²"; \a from where there is none.
qsizetype ExpressionLexer::unitTermEnd(qsizetype from) const
{
    qsizetype end = from;
    if (!isUnitStart(at(end)))
        return from;
    while (isUnitStart(at(end)) || at(end) == u'_')
        ++end;
    if (at(end) == u'^') {
        const qsizetype digit = end + (at(end + 1) == u'-' || at(end + 1) == u'+' ? 2 : 1);
        if (isDigit(at(digit)) && !isDigit(at(digit + 1)) && at(digit + 1) != u'.')
            return digit + 1;
    }
    while (isRaised(at(end)) || isDigit(at(end)))
        ++end;
    return end;
}

void ExpressionLexer::readUnit(ExpressionToken *token)
{
    qsizetype start = m_at;
    while (at(start).isSpace())
        ++start;
    qsizetype end = unitTermEnd(start);
    const bool isDotted = at(end) == u'.' && isWordPart(at(end + 1));
    const bool isCall = at(end) == u'(';
    if (end == start || isDotted || isCall || isExpressionWord(m_text.mid(start, end - start)))
        return;
    qsizetype known = isUnit(m_text.mid(start, end - start)) ? end : start;
    while (u"/*\u00b7"_s.contains(at(end)) && !at(end).isNull()) {
        const qsizetype next = unitTermEnd(end + 1);
        const bool isName = (at(next) == u'.' && isWordPart(at(next + 1))) || at(next) == u'(';
        if (next == end + 1 || isName)
            break;
        end = next;
        if (isUnit(m_text.mid(start, end - start)))
            known = end;
    }
    if (known == start)
        return; // a word follows: the parser says what is missing
    token->unit = m_text.mid(start, known - start);
    m_at = known;
}

void ExpressionLexer::readText(ExpressionToken *token)
{
    const QChar quote = at(m_at);
    const qsizetype end = m_text.indexOf(quote, m_at + 1);
    token->kind = ExpressionToken::Kind::Text;
    if (end < 0) {
        problem(m_at, m_text.size() - m_at, tr("A text has no closing quote"),
                tr("Write %1 behind the text").arg(quote));
        token->text = m_text.mid(m_at + 1);
        m_at = m_text.size();
        return;
    }
    token->text = m_text.mid(m_at + 1, end - m_at - 1);
    m_at = end + 1;
}

void ExpressionLexer::readName(ExpressionToken *token)
{
    token->kind = ExpressionToken::Kind::Name;
    const qsizetype start = m_at;
    if (at(m_at) == u'`') {
        token->isQuoted = true;
        const qsizetype end = m_text.indexOf(u'`', m_at + 1);
        if (end < 0)
            problem(start, m_text.size() - start, tr("A name has no closing backtick"),
                    tr("Write ` behind the name"));
        token->text = m_text.mid(start + 1, (end < 0 ? m_text.size() : end) - start - 1);
        m_at = end < 0 ? m_text.size() : end + 1;
        return;
    }
    while (isWordPart(at(m_at)) || (at(m_at) == u'.' && isWordPart(at(m_at + 1))))
        ++m_at;
    token->text = m_text.mid(start, m_at - start);
}

bool ExpressionLexer::readSign(ExpressionToken *token)
{
    token->kind = ExpressionToken::Kind::Sign;
    const QStringView rest = QStringView(m_text).mid(m_at);
    const auto starts = [rest](const SignRow &row) {
        return rest.startsWith(QStringView(row.typed));
    };
    const auto *foreign = std::find_if(std::begin(kForeignSigns), std::end(kForeignSigns), starts);
    const auto *sign = std::find_if(std::begin(kSigns), std::end(kSigns), starts);
    const bool isForeign = foreign != std::end(kForeignSigns) &&
                           (sign == std::end(kSigns) ||
                            QStringView(foreign->typed).size() > QStringView(sign->typed).size());
    if (isForeign) {
        const qsizetype length = QStringView(foreign->typed).size();
        const QString typed = rest.left(length).toString();
        problem(m_at, length,
                typed == u"=" ? tr("\"=\" would set a value; an expression only compares")
                              : tr("\"%1\" is no sign of this language").arg(typed),
                tr("Write %1 instead").arg(QLatin1StringView(foreign->sign)));
        m_at += length;
        token->text = QLatin1StringView(foreign->sign);
        const bool isWord = token->text[0].isLetter();
        token->kind = isWord ? ExpressionToken::Kind::Name : ExpressionToken::Kind::Sign;
        return true;
    }
    if (sign != std::end(kSigns)) {
        m_at += QStringView(sign->typed).size();
        token->text = QLatin1StringView(sign->sign);
        return true;
    }
    const bool isPair = at(m_at).isHighSurrogate() && at(m_at + 1).isLowSurrogate();
    const qsizetype length = isPair ? 2 : 1;
    problem(m_at, length, tr("\"%1\" has no meaning here").arg(rest.left(length)),
            tr("Remove it; a name with such a letter goes into `backticks`"));
    m_at += length;
    return false;
}

} // namespace birch
