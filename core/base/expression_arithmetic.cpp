// Units of sums, products, powers and of what is compared.
#include "core/base/expression_types.h"
#include "core/base/unit_product.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

bool ExpressionTyper::isNumber(int operand)
{
    if (part(operand).type == ExpressionType::Number)
        return true;
    problem(m_tree[size_t(operand)], tr("This is no number"),
            tr("Calculate with numbers; join conditions with and, or, not"));
    return false;
}

/// Whether it can be multiplied: not a place on a scale.
bool ExpressionTyper::isAmount(int operand)
{
    if (!isNumber(operand))
        return false;
    const Unit &unit = part(operand).unit;
    if (!unit.isScale())
        return true;
    problem(
        m_tree[size_t(operand)],
        tr("A value in %1 has no multiples, because its zero is not nothing").arg(unit.symbol()),
        unit.isConvertibleTo(Unit(u"K"_s)) ? tr("Write it in kelvin, e.g. in(x, \"K\")")
                                           : tr("Write it in a linear unit, e.g. in(x, \"mW\")"));
    return false;
}

void ExpressionTyper::toPureNumber(int operand)
{
    const Unit unit = part(operand).unit;
    if (unit.isDimensionless() && !unit.symbol().isEmpty())
        (void)convert(m_tree[size_t(operand)], operand, Unit(), QuantityKind::Absolute);
}

void ExpressionTyper::appendConversion(int operand, const Unit &unit, QuantityKind kind)
{
    TypedPart &changed = part(operand);
    const Unit from = std::exchange(changed.unit, unit);
    changed.isLiteral = false;
    if (kind == QuantityKind::Absolute && (from.isScale() || unit.isScale())) {
        changed.conversions.push_back({ExpressionConversion::Kind::Reading, 1, from, unit});
        return;
    }
    const auto there = from.convertDifference(1, unit);
    const auto back = unit.convertDifference(1, from);
    if (!there || !back || there.value() == 1)
        return;
    // Divides where that is the exact one of the two.
    const bool isWhole = back.value() > 1 && back.value() == std::round(back.value());
    changed.conversions.push_back(
        isWhole ? ExpressionConversion{ExpressionConversion::Kind::Divide, back.value()}
                : ExpressionConversion{ExpressionConversion::Kind::Multiply, there.value()});
}

bool ExpressionTyper::convert(const ExpressionNode &node, int operand, const Unit &unit,
                              QuantityKind kind)
{
    TypedPart &changed = part(operand);
    if (changed.unit.symbol() == unit.symbol())
        return true;
    const bool isZero = changed.isLiteral && changed.value == 0 && changed.unit.symbol().isEmpty();
    if (isZero && !unit.isScale()) {
        changed.unit = unit;
        changed.literal = u"0 "_s + unit.symbol();
        return true;
    }
    const bool isFitting = kind == QuantityKind::Absolute
                               ? changed.unit.isConvertibleTo(unit)
                               : changed.unit.isDifferenceConvertibleTo(unit);
    if (!isFitting) {
        problem(node,
                tr("The units do not fit: %1 and %2").arg(unitName(changed.unit), unitName(unit)),
                changed.unit.symbol().isEmpty()
                    ? tr("Write the unit behind the number, e.g. 1 %1").arg(unit.symbol())
                : unit.symbol().isEmpty()
                    ? tr("Divide by a value in the same unit, e.g. 1 %1").arg(changed.unit.symbol())
                    : tr("Write both in one of: %1").arg(unit.examples()));
        return false;
    }
    if (!changed.isLiteral || changed.unit.symbol().isEmpty()) {
        appendConversion(operand, unit, kind);
        return true;
    }
    const auto value = quantityFromText(changed.literal, unit, kind);
    if (!value) {
        problem(m_tree[size_t(operand)], value.error().message,
                tr("Write it in %1").arg(unit.symbol()));
        return false;
    }
    changed.value = value.value();
    changed.unit = unit;
    changed.literal = numberToText(changed.value) + u' ' + unit.symbol();
    return true;
}

/// Brings two numbers that are compared to one unit: a typed number to that of the other.
bool ExpressionTyper::meet(const ExpressionNode &node, int first, int second)
{
    if (!isNumber(first) || !isNumber(second))
        return false;
    if (part(first).isLiteral && !part(second).isLiteral)
        std::swap(first, second);
    TypedPart &kept = part(first);
    TypedPart &changed = part(second);
    const bool isScale = kept.unit.isScale() || changed.unit.isScale();
    QuantityKind kind = QuantityKind::Absolute;
    if (isScale && !(kept.unit == changed.unit) && kept.unit.isConvertibleTo(changed.unit)) {
        const TypedPart &plain = kept.unit.isScale() ? changed : kept;
        const TypedPart &scale = kept.unit.isScale() ? kept : changed;
        if (!plain.unit.isScale() && plain.sense != Sense::Amount) {
            const bool isStep = plain.sense == Sense::Difference && scale.isLiteral;
            if (!isStep) {
                problem(node,
                        tr("A difference in %1 and a value in %2 are compared")
                            .arg(unitName(plain.unit), unitName(scale.unit)),
                        tr("Write a difference in %1").arg(scale.unit.differenceUnit().symbol()));
                return false;
            }
            kind = QuantityKind::Difference;
        }
    } else if (kept.unit.isDifferenceConvertibleTo(changed.unit) && isScale &&
               kept.sense == Sense::Difference && changed.isLiteral) {
        kind = QuantityKind::Difference;
    }
    return convert(node, second, kept.unit, kind);
}

bool ExpressionTyper::meetAll(const ExpressionNode &node, int *target)
{
    *target = node.operands[0];
    for (int operand : node.operands) {
        if (part(*target).isLiteral && !part(operand).isLiteral)
            *target = operand;
    }
    for (int operand : node.operands) {
        if (operand != *target && !meet(node, *target, operand))
            return false;
    }
    return isNumber(*target);
}

TypedPart ExpressionTyper::sum(const ExpressionNode &node)
{
    const int left = node.operands[0];
    const int right = node.operands[1];
    if (!isNumber(left) || !isNumber(right))
        return {};
    if (part(left).unit.isScale() || part(right).unit.isScale())
        return scaleSum(node);
    const Sense a = part(left).sense;
    const Sense b = part(right).sense;
    if (!meet(node, left, right))
        return {};
    TypedPart typed = usable(ExpressionType::Number, part(left).unit);
    const bool isSum = node.kind == Kind::Add;
    typed.sense =
        a == b && (isSum || a == Sense::Difference) && a != Sense::Either ? a : Sense::Either;
    return typed;
}

/// At least one side is a place on a scale (°C, dBm).
TypedPart ExpressionTyper::scaleSum(const ExpressionNode &node)
{
    const int left = node.operands[0];
    const int right = node.operands[1];
    const bool isSum = node.kind == Kind::Add;
    const bool isBoth = part(left).unit.isScale() && part(right).unit.isScale();
    const Unit scale = part(left).unit.isScale() ? part(left).unit : part(right).unit;
    if (isSum && (isBoth || !part(left).unit.isScale())) {
        problem(node,
                isBoth ? tr("Two values in %1 have no sum").arg(scale.symbol())
                       : tr("A value in %1 can not be added to something").arg(scale.symbol()),
                tr("Write the value first, then the difference in %1")
                    .arg(scale.differenceUnit().symbol()));
        return {};
    }
    if (!isBoth && part(left).unit.isScale()) {
        if (!convert(node, right, scale, QuantityKind::Difference))
            return {};
        return usable(ExpressionType::Number, scale);
    }
    if (!convert(node, right, part(left).unit, QuantityKind::Absolute))
        return {};
    TypedPart typed = usable(ExpressionType::Number, part(left).unit.differenceUnit());
    typed.sense = isBoth ? Sense::Difference : Sense::Either;
    const auto slope = part(left).unit.convertDifference(1, typed.unit);
    if (isBoth && slope && slope.value() != 1)
        typed.conversions.push_back({ExpressionConversion::Kind::Multiply, slope.value()});
    return typed;
}

/// The part that has this unit; a ratio of two prefixes becomes a pure number.
std::optional<TypedPart> ExpressionTyper::ofProduct(const ExpressionNode &node,
                                                    const std::optional<Unit> &unit)
{
    if (!unit) {
        problem(node, tr("The result has no unit that is known"),
                tr("Divide by a value in the same unit first, e.g. x / 1 V"));
        return std::nullopt;
    }
    TypedPart typed = usable(ExpressionType::Number, *unit);
    if (unit->isDimensionless() && !unit->symbol().isEmpty()) {
        const auto factor = unit->convertDifference(1, Unit());
        if (factor && factor.value() != 1)
            typed.conversions.push_back({ExpressionConversion::Kind::Multiply, factor.value()});
        typed.unit = Unit();
    }
    return typed;
}

TypedPart ExpressionTyper::product(const ExpressionNode &node)
{
    const int left = node.operands[0];
    const int right = node.operands[1];
    if (!isAmount(left) || !isAmount(right))
        return {};
    toPureNumber(left);
    toPureNumber(right);
    const Unit a = part(left).unit;
    const Unit b = part(right).unit;
    const bool isScaled = b.symbol().isEmpty();
    const UnitProduct product =
        UnitProduct(a).times(UnitProduct(b), node.kind == Kind::Multiply ? 1 : -1);
    auto typed = ofProduct(node, isScaled ? a : product.unit());
    if (!typed)
        return {};
    if (isScaled)
        typed->sense = part(left).sense;
    else if (a.symbol().isEmpty() && node.kind == Kind::Multiply)
        typed->sense = part(right).sense;
    return *std::move(typed);
}

TypedPart ExpressionTyper::power(const ExpressionNode &node)
{
    const int base = node.operands[0];
    const int exponent = node.operands[1];
    if (!isAmount(base) || !isNumber(exponent) ||
        !convert(node, exponent, Unit(), QuantityKind::Absolute))
        return {};
    toPureNumber(base);
    if (part(base).unit.symbol().isEmpty())
        return usable(ExpressionType::Number);
    const TypedPart &by = part(exponent);
    const UnitProduct unit(part(base).unit);
    std::optional<Unit> raised;
    if (by.isLiteral && by.value == 0.5) {
        if (const auto root = unit.squareRoot())
            raised = root->unit();
    } else if (by.isLiteral && by.value == std::round(by.value) && std::abs(by.value) < 10) {
        raised = unit.toPower(int(by.value)).unit();
    } else {
        problem(node, tr("The unit of the result depends on the exponent"),
                tr("Write the exponent as a whole number, or divide by a unit first: (x / 1 V)^y"));
        return {};
    }
    return ofProduct(node, raised).value_or(TypedPart());
}

} // namespace birch
