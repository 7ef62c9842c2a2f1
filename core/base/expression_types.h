#pragma once

#include "core/base/expression.h"
#include "core/base/expression_tree.h"

#include <QCoreApplication>

namespace birch {

struct ExpressionFunction;

/// A change of unit behind one part of an expression.
struct ExpressionConversion {
    enum class Kind : quint8 { Multiply, Divide, Reading };
    Kind kind = Kind::Multiply;
    double factor = 1;
    Unit from = {}; ///< Reading
    Unit to = {};
};

/// What is known of one part of an expression, beside its node.
struct TypedPart {
    /// Of a number in a unit that has a scale beside it, like K beside °C: a place on that scale,
    /// surely a difference, or one of the two.
    enum class Sense : quint8 { Amount, Difference, Either };

    bool isUsable = false; ///< false: there is a problem in it, nothing more is said about it
    ExpressionType type = ExpressionType::Number;
    Unit unit = {};
    Sense sense = Sense::Amount;
    bool isLiteral = false; ///< a number as typed, perhaps with a sign
    double value = 0;       ///< of a literal, in unit
    QString literal = {};   ///< with its sign and unit, to be converted once from its decimals
    std::vector<ExpressionConversion> conversions = {}; ///< of its result, in order
    int name = -1;                                      ///< position in the list of names
};

/// Gives every part its type and unit, with the conversions that make them meet; collects what does
/// not fit.
class ExpressionTyper
{
    Q_DECLARE_TR_FUNCTIONS(ExpressionTyper)

public:
    ExpressionTyper(const ExpressionTree &tree, const QList<ExpressionName> &names,
                    QList<ExpressionProblem> *problems);

    void run(const ExpressionGoal &goal);
    const std::vector<TypedPart> &parts() const { return m_parts; }

private:
    using Kind = ExpressionNode::Kind;
    using Sense = TypedPart::Sense;

    TypedPart typed(const ExpressionNode &node);
    TypedPart number(const ExpressionNode &node);
    TypedPart name(const ExpressionNode &node);
    TypedPart negated(const ExpressionNode &node);
    TypedPart truth(const ExpressionNode &node);
    TypedPart compared(const ExpressionNode &node);
    void meetGoal(const ExpressionGoal &goal);
    void meetUnit(const Unit &unit);

    // Arithmetic: expression_arithmetic.cpp
    TypedPart sum(const ExpressionNode &node);
    TypedPart scaleSum(const ExpressionNode &node);
    TypedPart product(const ExpressionNode &node);
    TypedPart power(const ExpressionNode &node);
    std::optional<TypedPart> ofProduct(const ExpressionNode &node, const std::optional<Unit> &unit);
    bool isNumber(int operand);
    bool isAmount(int operand);
    bool meet(const ExpressionNode &node, int first, int second);
    bool meetAll(const ExpressionNode &node, int *target);
    bool convert(const ExpressionNode &node, int operand, const Unit &unit, QuantityKind kind);
    void appendConversion(int operand, const Unit &unit, QuantityKind kind);
    void toPureNumber(int operand);

    // Functions: expression_functions.cpp
    TypedPart call(const ExpressionNode &node);
    TypedPart sameUnit(const ExpressionNode &node, bool keepsUnit);
    TypedPart ofNumber(const ExpressionNode &node, const Unit &argument, const Unit &result);
    TypedPart squareRoot(const ExpressionNode &node);
    TypedPart inUnit(const ExpressionNode &node);
    TypedPart together(const ExpressionNode &node, bool keepsUnit);

    TypedPart &part(int operand) { return m_parts[size_t(operand)]; }
    static QString unitName(const Unit &unit);
    static TypedPart usable(ExpressionType type, const Unit &unit = {});
    void problem(const ExpressionNode &node, const QString &message, const QString &remedy);
    QString nameRemedy(const QString &typed) const;

    const ExpressionTree &m_tree;
    const QList<ExpressionName> &m_names;
    QList<ExpressionProblem> *m_problems;
    std::vector<TypedPart> m_parts;
};

} // namespace birch
