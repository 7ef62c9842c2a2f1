#pragma once

#include "core/base/expression_functions.h"
#include "core/base/expression_types.h"

#include <vector>

namespace birch {

/// One instruction of a stack machine.
struct ExpressionOp {
    enum class Code : quint8 {
        Constant,
        Text,
        Load,
        Negate,
        Not,
        Add,
        Subtract,
        Multiply,
        Divide,
        Power,
        Less,
        LessEqual,
        Greater,
        GreaterEqual,
        Equal,
        NotEqual,
        EqualText,
        NotEqualText,
        And,
        Or,
        Call,
        Scale,  ///< times value
        Shrink, ///< through value
        Convert ///< a reading
    };
    Code code;
    ExpressionFunction::Id function = ExpressionFunction::Id::Abs; ///< Call
    int index = 0;    ///< of a text, a value, a conversion; Call: how many values
    double value = 0; ///< Constant, Scale, Shrink
};

/// What an expression compiles to. Immutable.
struct ExpressionProgram {
    /// Values on the stack at the same time, at most.
    static constexpr int kMaxStack = 128;

    /// False: it needs a larger stack.
    bool build(const ExpressionTree &tree, const std::vector<TypedPart> &parts);
    ExpressionValue run(std::span<const ExpressionValue> values) const;

    QString text;
    ExpressionType type = ExpressionType::Number;
    Unit unit;
    std::vector<ExpressionOp> ops;
    QList<int> uses;
    QStringList texts;
    std::vector<ExpressionConversion> conversions;
    int stack = 0;

private:
    void emitNode(const ExpressionNode &node, const TypedPart &typed, bool isText);
    void emitConversion(const ExpressionConversion &conversion);
};

} // namespace birch
