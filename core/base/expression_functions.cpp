#include "core/base/expression_functions.h"

#include "core/base/expression_types.h"
#include "core/base/near_word.h"
#include "core/base/unit_product.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

using Id = ExpressionFunction::Id;

constexpr int kMany = 16;

constexpr std::array kFunctions{
    ExpressionFunction{Id::Abs, "abs", 1, 1, "abs(x)"},
    ExpressionFunction{Id::Acos, "acos", 1, 1, "acos(x)"},
    ExpressionFunction{Id::Asin, "asin", 1, 1, "asin(x)"},
    ExpressionFunction{Id::Atan, "atan", 1, 1, "atan(x)"},
    ExpressionFunction{Id::Atan2, "atan2", 2, 2, "atan2(y, x)"},
    ExpressionFunction{Id::Ceil, "ceil", 1, 1, "ceil(x)"},
    ExpressionFunction{Id::Clamp, "clamp", 3, 3, "clamp(x, low, high)"},
    ExpressionFunction{Id::Cos, "cos", 1, 1, "cos(x)"},
    ExpressionFunction{Id::Exp, "exp", 1, 1, "exp(x)"},
    ExpressionFunction{Id::Floor, "floor", 1, 1, "floor(x)"},
    ExpressionFunction{Id::In, "in", 2, 2, "in(x, \"mV\")"},
    ExpressionFunction{Id::Ln, "ln", 1, 1, "ln(x)"},
    ExpressionFunction{Id::Log10, "log10", 1, 1, "log10(x)"},
    ExpressionFunction{Id::Max, "max", 1, kMany, "max(a, b, …)"},
    ExpressionFunction{Id::Min, "min", 1, kMany, "min(a, b, …)"},
    ExpressionFunction{Id::Round, "round", 1, 1, "round(x)"},
    ExpressionFunction{Id::Sign, "sign", 1, 1, "sign(x)"},
    ExpressionFunction{Id::Sin, "sin", 1, 1, "sin(x)"},
    ExpressionFunction{Id::Sqrt, "sqrt", 1, 1, "sqrt(x)"},
    ExpressionFunction{Id::Tan, "tan", 1, 1, "tan(x)"},
};

} // namespace

std::span<const ExpressionFunction> expressionFunctions()
{
    return kFunctions;
}

const ExpressionFunction *findExpressionFunction(QStringView name)
{
    const auto at = std::find_if(kFunctions.begin(), kFunctions.end(), [name](const auto &known) {
        return name == QLatin1StringView(known.name);
    });
    return at == kFunctions.end() ? nullptr : &*at;
}

TypedPart ExpressionTyper::call(const ExpressionNode &node)
{
    const ExpressionFunction *function = findExpressionFunction(node.text);
    if (function == nullptr) {
        const QStringList known = Expression::functionNames();
        const QString near = nearestWord(node.text, known);
        problem(node, tr("There is no function \"%1\"").arg(node.text),
                near.isEmpty() ? tr("Use one of: %1").arg(known.join(u", "_s))
                               : tr("Did you mean %1?").arg(near));
        return {};
    }
    const int count = int(node.operands.size());
    if (count < function->least || count > function->most) {
        problem(node, tr("%1 does not take %2 values").arg(node.text).arg(count),
                tr("Write %1").arg(QString::fromUtf8(function->use)));
        return {};
    }
    switch (function->id) {
    case Id::Abs:
        return sameUnit(node, true);
    case Id::Sign:
        return sameUnit(node, false);
    case Id::Sqrt:
        return squareRoot(node);
    case Id::Sin:
    case Id::Cos:
    case Id::Tan:
        return ofNumber(
            node, part(node.operands[0]).unit.isDimensionless() ? Unit() : Unit(u"rad"_s), Unit());
    case Id::Asin:
    case Id::Acos:
    case Id::Atan:
        return ofNumber(node, Unit(), Unit(u"rad"_s));
    case Id::Atan2:
        return together(node, false);
    case Id::Min:
    case Id::Max:
    case Id::Clamp:
        return together(node, true);
    case Id::In:
        return inUnit(node);
    case Id::Exp:
    case Id::Ln:
    case Id::Log10:
    case Id::Floor:
    case Id::Ceil:
    case Id::Round:
        return ofNumber(node, Unit(), Unit());
    }
    return {};
}

TypedPart ExpressionTyper::sameUnit(const ExpressionNode &node, bool keepsUnit)
{
    const int operand = node.operands[0];
    if (!isAmount(operand))
        return {};
    TypedPart typed = usable(ExpressionType::Number, keepsUnit ? part(operand).unit : Unit());
    typed.sense = keepsUnit ? part(operand).sense : Sense::Amount;
    return typed;
}

TypedPart ExpressionTyper::ofNumber(const ExpressionNode &node, const Unit &argument,
                                    const Unit &result)
{
    const int operand = node.operands[0];
    if (!isAmount(operand) || !convert(node, operand, argument, QuantityKind::Absolute))
        return {};
    return usable(ExpressionType::Number, result);
}

TypedPart ExpressionTyper::squareRoot(const ExpressionNode &node)
{
    const int operand = node.operands[0];
    if (!isAmount(operand))
        return {};
    toPureNumber(operand);
    const auto root = UnitProduct(part(operand).unit).squareRoot();
    if (!root) {
        problem(node, tr("%1 is the square of no unit").arg(part(operand).unit.symbol()),
                tr("Divide by a unit first, e.g. sqrt(x / 1 %1)").arg(part(operand).unit.symbol()));
        return {};
    }
    return ofProduct(node, root->unit()).value_or(TypedPart());
}

TypedPart ExpressionTyper::inUnit(const ExpressionNode &node)
{
    const int operand = node.operands[0];
    const int unitText = node.operands[1];
    if (!isNumber(operand))
        return {};
    if (m_tree[size_t(unitText)].kind != Kind::Text) {
        problem(m_tree[size_t(unitText)], tr("This is no unit"),
                tr("Write a unit in quotes, e.g. in(x, \"K\")"));
        return {};
    }
    const Unit unit(m_tree[size_t(unitText)].text);
    const Sense sense = part(operand).sense;
    if (unit.isScale() && sense != Sense::Amount && !(part(operand).unit == unit)) {
        problem(node, tr("A difference has no value in %1").arg(unit.symbol()),
                tr("Write it in %1").arg(unit.differenceUnit().symbol()));
        return {};
    }
    if (!convert(node, operand, unit, QuantityKind::Absolute))
        return {};
    TypedPart typed = usable(ExpressionType::Number, unit);
    typed.sense = sense;
    return typed;
}

TypedPart ExpressionTyper::together(const ExpressionNode &node, bool keepsUnit)
{
    int target = 0;
    if (!meetAll(node, &target))
        return {};
    if (!keepsUnit) {
        if (!isAmount(target))
            return {};
        return usable(ExpressionType::Number, Unit(u"rad"_s));
    }
    TypedPart typed = usable(ExpressionType::Number, part(target).unit);
    for (int operand : node.operands)
        typed.sense = std::max(typed.sense, part(operand).sense);
    return typed;
}

} // namespace birch
