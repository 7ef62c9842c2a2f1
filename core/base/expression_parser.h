#pragma once

#include "core/base/expression_token.h"
#include "core/base/expression_tree.h"

namespace birch {

/// Turns tokens into a tree, strongest binding first: ^, sign, * /, + -, comparison, not, and, or.
/// After a mistake it goes on, so that the names behind it are looked at as well; what could not be
/// read is a node of kind Error.
class ExpressionParser
{
    Q_DECLARE_TR_FUNCTIONS(ExpressionParser)

public:
    ExpressionParser(QList<ExpressionToken> tokens, QList<ExpressionProblem> *problems);
    ExpressionTree parse();

private:
    using Kind = ExpressionNode::Kind;

    // Each returns the position of its node.
    int anyOf();
    int allOf();
    int inverse();
    int comparison();
    int sum();
    int product();
    int signedPart();
    int power();
    int primary();
    int word();
    int call(const ExpressionToken &function);
    int group();
    int nested(int (ExpressionParser::*part)());

    const ExpressionToken &token() const { return m_tokens[m_at]; }
    bool takeSign(QLatin1StringView sign);
    bool isComparison() const;
    int add(ExpressionNode node);
    int leaf(Kind kind, const ExpressionToken &from);
    int unary(Kind kind, const ExpressionToken &sign, int operand);
    int binary(Kind kind, const ExpressionToken &sign, int left, int right);
    int missing();
    static QString commaRemedy();
    void problem(const ExpressionToken &at, const QString &message, const QString &remedy);

    QList<ExpressionToken> m_tokens;
    QList<ExpressionProblem> *m_problems;
    ExpressionTree m_tree;
    qsizetype m_at = 0;
    int m_depth = 0;
    bool m_isTooDeep = false;
};

} // namespace birch
