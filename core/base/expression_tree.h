#pragma once

#include <QString>

#include <vector>

namespace birch {

/// One part of an expression. Parts are kept in the order in which they are evaluated, so that
/// nothing recurses over them: operands in front of what uses them, the whole last.
struct ExpressionNode {
    enum class Kind : quint8 {
        Error, ///< reported already
        Number,
        Text,
        Truth,
        Name,
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
        And,
        Or,
        Call
    };
    Kind kind = Kind::Error;
    qsizetype position = 0; ///< of the whole part
    qsizetype length = 0;
    qsizetype sign = 0; ///< position of the operator
    QString text = {};  ///< of a number, a text, a name or a function
    QString unit = {};  ///< Number: as typed
    bool truth = false;
    std::vector<int> operands = {}; ///< positions in the list
};

using ExpressionTree = std::vector<ExpressionNode>;

} // namespace birch
