#pragma once

#include <QString>

#include <span>

namespace birch {

struct ExpressionFunction {
    enum class Id : quint8 {
        Abs,
        Sqrt,
        Exp,
        Ln,
        Log10,
        Sin,
        Cos,
        Tan,
        Asin,
        Acos,
        Atan,
        Atan2,
        Min,
        Max,
        Floor,
        Ceil,
        Round,
        Sign,
        Clamp,
        In
    };
    Id id;
    const char *name;
    int least; ///< values it takes
    int most;
    const char *use; ///< e.g. "clamp(x, low, high)"
};

/// In alphabetical order.
std::span<const ExpressionFunction> expressionFunctions();
const ExpressionFunction *findExpressionFunction(QStringView name); ///< null: none

} // namespace birch
