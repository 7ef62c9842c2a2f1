#include "core/base/expression_parser.h"

#include <numbers>

using namespace Qt::StringLiterals;

namespace birch {

ExpressionParser::ExpressionParser(QList<ExpressionToken> tokens,
                                   QList<ExpressionProblem> *problems)
    : m_tokens(std::move(tokens))
    , m_problems(problems)
{
}

QString ExpressionParser::commaRemedy()
{
    return tr("Write decimals with a point, and commas between the values of a function alone");
}

void ExpressionParser::problem(const ExpressionToken &at, const QString &message,
                               const QString &remedy)
{
    if (!m_isTooDeep)
        m_problems->append({at.position, at.length, message, remedy});
}

ExpressionTree ExpressionParser::parse()
{
    anyOf();
    while (token().kind != ExpressionToken::Kind::End && !m_isTooDeep) {
        const ExpressionToken here = token();
        if (here.isSign(")"_L1)) {
            problem(here, tr("\")\" closes nothing"), tr("Remove it, or write the \"(\""));
            ++m_at;
            continue;
        }
        if (takeSign(","_L1)) {
            problem(here, tr("A comma has no meaning here"), commaRemedy());
        } else {
            problem(here, tr("An operator is missing in front of this"),
                    tr("Write one of: + - * / ^ < <= > >= == != and or"));
        }
        const int first = int(m_tree.size()) - 1;
        const qsizetype before = m_at;
        const int rest = anyOf(); // what it names is looked at as well
        if (m_at == before)
            break;
        add({Kind::Error, 0, 0, 0, {}, {}, false, {first, rest}});
    }
    return std::move(m_tree);
}

int ExpressionParser::add(ExpressionNode node)
{
    m_tree.push_back(std::move(node));
    return int(m_tree.size()) - 1;
}

int ExpressionParser::leaf(Kind kind, const ExpressionToken &from)
{
    return add({kind,
                from.position,
                from.length,
                from.position,
                from.text,
                from.unit,
                from.text == u"true",
                {}});
}

int ExpressionParser::unary(Kind kind, const ExpressionToken &sign, int operand)
{
    const ExpressionNode &of = m_tree[size_t(operand)];
    const qsizetype end = of.position + of.length;
    return add({kind, sign.position, end - sign.position, sign.position, {}, {}, false, {operand}});
}

int ExpressionParser::binary(Kind kind, const ExpressionToken &sign, int left, int right)
{
    const ExpressionNode &first = m_tree[size_t(left)];
    const ExpressionNode &last = m_tree[size_t(right)];
    const qsizetype end = last.position + last.length;
    return add(
        {kind, first.position, end - first.position, sign.position, {}, {}, false, {left, right}});
}

/// Nothing is taken: what is there may be what stands behind the missing part.
int ExpressionParser::missing()
{
    const ExpressionToken &here = token();
    problem(here,
            here.kind == ExpressionToken::Kind::End ? tr("Something is missing at the end")
                                                    : tr("Something is missing in front of this"),
            tr("Write a number, a name or a part in parentheses"));
    return add({Kind::Error, here.position, 0, here.position, {}, {}, false, {}});
}

bool ExpressionParser::takeSign(QLatin1StringView sign)
{
    if (!token().isSign(sign))
        return false;
    ++m_at;
    return true;
}

int ExpressionParser::nested(int (ExpressionParser::*part)())
{
    if (m_depth >= Expression::kMaxDepth) {
        problem(token(), tr("The expression is nested deeper than %1 levels").arg(m_depth),
                tr("Make it simpler"));
        m_isTooDeep = true; // everything behind it would be a consequence
        m_at = m_tokens.size() - 1;
        return missing();
    }
    ++m_depth;
    const int node = (this->*part)();
    --m_depth;
    return node;
}

int ExpressionParser::anyOf()
{
    int left = allOf();
    while (token().isWord("or"_L1)) {
        const ExpressionToken sign = m_tokens[m_at++];
        const int right = allOf();
        left = binary(Kind::Or, sign, left, right);
    }
    return left;
}

int ExpressionParser::allOf()
{
    int left = inverse();
    while (token().isWord("and"_L1)) {
        const ExpressionToken sign = m_tokens[m_at++];
        const int right = inverse();
        left = binary(Kind::And, sign, left, right);
    }
    return left;
}

int ExpressionParser::inverse()
{
    if (!token().isWord("not"_L1))
        return comparison();
    const ExpressionToken sign = m_tokens[m_at++];
    return unary(Kind::Not, sign, nested(&ExpressionParser::inverse));
}

namespace {
ExpressionNode::Kind comparisonOf(const QString &sign)
{
    using Kind = ExpressionNode::Kind;
    if (sign == u"<")
        return Kind::Less;
    if (sign == u"<=")
        return Kind::LessEqual;
    if (sign == u">")
        return Kind::Greater;
    if (sign == u">=")
        return Kind::GreaterEqual;
    if (sign == u"==")
        return Kind::Equal;
    return sign == u"!=" ? Kind::NotEqual : Kind::Error;
}
} // namespace

bool ExpressionParser::isComparison() const
{
    return token().kind == ExpressionToken::Kind::Sign && comparisonOf(token().text) != Kind::Error;
}

int ExpressionParser::comparison()
{
    int left = sum();
    for (int count = 0; isComparison(); ++count) {
        const ExpressionToken sign = m_tokens[m_at++];
        if (count > 0)
            problem(sign, tr("Comparisons can not be chained"),
                    tr("Write both and join them: a < b and b < c"));
        const int right = sum();
        left = count == 0 ? binary(comparisonOf(sign.text), sign, left, right)
                          : binary(Kind::Error, sign, left, right);
    }
    return left;
}

int ExpressionParser::sum()
{
    int left = product();
    while (token().isSign("+"_L1) || token().isSign("-"_L1)) {
        const ExpressionToken sign = m_tokens[m_at++];
        const int right = product();
        left = binary(sign.text == u"+" ? Kind::Add : Kind::Subtract, sign, left, right);
    }
    return left;
}

int ExpressionParser::product()
{
    int left = signedPart();
    while (token().isSign("*"_L1) || token().isSign("/"_L1)) {
        const ExpressionToken sign = m_tokens[m_at++];
        const int right = signedPart();
        left = binary(sign.text == u"*" ? Kind::Multiply : Kind::Divide, sign, left, right);
    }
    return left;
}

int ExpressionParser::signedPart()
{
    if (!token().isSign("-"_L1) && !token().isSign("+"_L1))
        return power();
    const ExpressionToken sign = m_tokens[m_at++];
    const int operand = nested(&ExpressionParser::signedPart);
    return sign.text == u"-" ? unary(Kind::Negate, sign, operand) : operand;
}

int ExpressionParser::power()
{
    const int base = primary();
    if (!token().isSign("^"_L1))
        return base;
    const ExpressionToken sign = m_tokens[m_at++];
    const int exponent = nested(&ExpressionParser::signedPart);
    return binary(Kind::Power, sign, base, exponent);
}

int ExpressionParser::primary()
{
    switch (token().kind) {
    case ExpressionToken::Kind::Number:
        return leaf(Kind::Number, m_tokens[m_at++]);
    case ExpressionToken::Kind::Text:
        return leaf(Kind::Text, m_tokens[m_at++]);
    case ExpressionToken::Kind::Name:
        return word();
    case ExpressionToken::Kind::Sign:
        return token().isSign("("_L1) ? group() : missing();
    case ExpressionToken::Kind::End:
        break;
    }
    return missing();
}

int ExpressionParser::word()
{
    const ExpressionToken name = token();
    if (!name.isQuoted && isExpressionWord(name.text)) {
        if (name.text != u"true" && name.text != u"false")
            return missing();
        ++m_at;
        return leaf(Kind::Truth, name);
    }
    ++m_at;
    if (!name.isQuoted && token().isSign("("_L1))
        return call(name);
    if (!name.isQuoted && (name.text == u"pi" || name.text == u"e")) {
        ExpressionToken constant = name;
        constant.text = numberToText(name.text == u"e" ? std::numbers::e : std::numbers::pi);
        return leaf(Kind::Number, constant);
    }
    return leaf(Kind::Name, name);
}

int ExpressionParser::call(const ExpressionToken &function)
{
    ExpressionNode node{
        Kind::Call, function.position, 0, function.position, function.text, {}, false, {}};
    const ExpressionToken open = m_tokens[m_at++];
    if (!token().isSign(")"_L1)) {
        do {
            node.operands.push_back(nested(&ExpressionParser::anyOf));
        } while (takeSign(","_L1));
    }
    if (!takeSign(")"_L1))
        problem(open, tr("\"(\" is never closed"), tr("Write \")\" behind the last value"));
    const ExpressionToken &last = m_tokens[m_at - 1];
    node.length = last.position + last.length - function.position;
    return add(std::move(node));
}

int ExpressionParser::group()
{
    const ExpressionToken open = m_tokens[m_at++];
    const int inside = nested(&ExpressionParser::anyOf);
    if (!takeSign(")"_L1)) {
        const bool isComma = token().isSign(","_L1);
        problem(isComma ? token() : open,
                isComma ? tr("A comma has no meaning here") : tr("\"(\" is never closed"),
                isComma ? commaRemedy() : tr("Write \")\" where the part ends"));
    }
    return inside;
}

} // namespace birch
