#include "core/base/expression_program.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace birch {

namespace {

using Code = ExpressionOp::Code;
using Id = ExpressionFunction::Id;
using Kind = ExpressionNode::Kind;

Code codeOf(Kind kind, bool isText)
{
    switch (kind) {
    case Kind::Negate:
        return Code::Negate;
    case Kind::Not:
        return Code::Not;
    case Kind::Add:
        return Code::Add;
    case Kind::Subtract:
        return Code::Subtract;
    case Kind::Multiply:
        return Code::Multiply;
    case Kind::Divide:
        return Code::Divide;
    case Kind::Power:
        return Code::Power;
    case Kind::Less:
        return Code::Less;
    case Kind::LessEqual:
        return Code::LessEqual;
    case Kind::Greater:
        return Code::Greater;
    case Kind::GreaterEqual:
        return Code::GreaterEqual;
    case Kind::Equal:
        return isText ? Code::EqualText : Code::Equal;
    case Kind::NotEqual:
        return isText ? Code::NotEqualText : Code::NotEqual;
    case Kind::And:
        return Code::And;
    default:
        return Code::Or;
    }
}

double calledWithOne(Id id, double x)
{
    switch (id) {
    case Id::Abs:
        return std::abs(x);
    case Id::Sqrt:
        return std::sqrt(x);
    case Id::Exp:
        return std::exp(x);
    case Id::Ln:
        return std::log(x);
    case Id::Log10:
        return std::log10(x);
    case Id::Sin:
        return std::sin(x);
    case Id::Cos:
        return std::cos(x);
    case Id::Tan:
        return std::tan(x);
    case Id::Asin:
        return std::asin(x);
    case Id::Acos:
        return std::acos(x);
    case Id::Atan:
        return std::atan(x);
    case Id::Floor:
        return std::floor(x);
    case Id::Ceil:
        return std::ceil(x);
    case Id::Round:
        return std::round(x);
    case Id::Sign:
        return double(x > 0) - double(x < 0);
    default: // min, max of one
        return x;
    }
}

struct Slot {
    double number;
    QStringView text;
    bool isKnown;
};

void setNumber(Slot &slot, double value, bool isKnown)
{
    slot.number = value;
    slot.isKnown = isKnown && std::isfinite(value);
}

void setTruth(Slot &slot, bool value, bool isKnown)
{
    slot.number = value ? 1 : 0;
    slot.isKnown = isKnown;
}

void call(Id id, Slot *values, int count)
{
    Slot &first = values[0];
    if (id == Id::In)
        return; // its value has been converted, and the unit is no operand
    bool isKnown = true;
    for (int i = 0; i < count; ++i)
        isKnown = isKnown && values[i].isKnown;
    double result = first.number;
    if (id == Id::Min || id == Id::Max) {
        for (int i = 1; i < count; ++i)
            result = id == Id::Min ? std::min(result, values[i].number)
                                   : std::max(result, values[i].number);
    } else if (id == Id::Atan2) {
        result = std::atan2(first.number, values[1].number);
    } else if (id == Id::Clamp) { // limits that cross limit nothing
        isKnown = isKnown && values[1].number <= values[2].number;
        result = std::min(std::max(result, values[1].number), values[2].number);
    } else {
        result = calledWithOne(id, result);
    }
    setNumber(first, result, isKnown);
}

/// Kleene: one known operand that is \a decides settles it.
void join(Slot &left, const Slot &right, bool decides)
{
    const bool isLeft = left.isKnown && (left.number != 0) == decides;
    const bool isRight = right.isKnown && (right.number != 0) == decides;
    const bool isDecided = isLeft || isRight;
    setTruth(left, isDecided ? decides : !decides, isDecided || (left.isKnown && right.isKnown));
}

void combine(Code code, Slot &left, const Slot &right)
{
    const double a = left.number;
    const double b = right.number;
    const bool isKnown = left.isKnown && right.isKnown;
    switch (code) {
    case Code::Add:
        return setNumber(left, a + b, isKnown);
    case Code::Subtract:
        return setNumber(left, a - b, isKnown);
    case Code::Multiply:
        return setNumber(left, a * b, isKnown);
    case Code::Divide:
        return setNumber(left, a / b, isKnown);
    case Code::Power:
        return setNumber(left, std::pow(a, b), isKnown);
    case Code::Less:
        return setTruth(left, a < b, isKnown);
    case Code::LessEqual:
        return setTruth(left, a <= b, isKnown);
    case Code::Greater:
        return setTruth(left, a > b, isKnown);
    case Code::GreaterEqual:
        return setTruth(left, a >= b, isKnown);
    case Code::Equal:
        return setTruth(left, a == b, isKnown);
    case Code::NotEqual:
        return setTruth(left, a != b, isKnown);
    case Code::EqualText:
        return setTruth(left, left.text == right.text, isKnown);
    case Code::NotEqualText:
        return setTruth(left, left.text != right.text, isKnown);
    case Code::And:
        return join(left, right, false);
    default:
        return join(left, right, true);
    }
}

int pushes(const ExpressionOp &op)
{
    switch (op.code) {
    case Code::Constant:
    case Code::Text:
    case Code::Load:
        return 1;
    case Code::Negate:
    case Code::Not:
    case Code::Scale:
    case Code::Shrink:
    case Code::Convert:
        return 0;
    case Code::Call:
        return 1 - op.index;
    default:
        return -1;
    }
}

/// The value of \a op, which takes one operand or none.
void apply(const ExpressionProgram &program, const ExpressionOp &op,
           std::span<const ExpressionValue> values, Slot &top)
{
    switch (op.code) {
    case Code::Constant:
        top = {op.value, {}, std::isfinite(op.value)};
        break;
    case Code::Text:
        top = {0, program.texts[op.index], true};
        break;
    case Code::Load: {
        const ExpressionValue &value = values[size_t(op.index)];
        top = {value.number, value.text, value.isKnown && std::isfinite(value.number)};
        break;
    }
    case Code::Negate:
        top.number = -top.number;
        break;
    case Code::Not:
        setTruth(top, top.number == 0, top.isKnown);
        break;
    case Code::Scale:
        setNumber(top, top.number * op.value, top.isKnown);
        break;
    case Code::Shrink:
        setNumber(top, top.number / op.value, top.isKnown);
        break;
    default: {
        const ExpressionConversion &unit = program.conversions[size_t(op.index)];
        if (!top.isKnown)
            break;
        const auto converted = unit.from.convert(top.number, unit.to);
        setNumber(top, converted ? converted.value() : 0, bool(converted));
    }
    }
}

template<int kSize>
ExpressionValue runOn(const ExpressionProgram &program, std::span<const ExpressionValue> values)
{
    std::array<Slot, kSize> stack;
    Slot *top = stack.data() - 1;
    for (const ExpressionOp &op : program.ops) {
        const int pushed = pushes(op);
        top += pushed;
        if (op.code == Code::Call)
            call(op.function, top, op.index);
        else if (pushed < 0)
            combine(op.code, *top, top[1]);
        else
            apply(program, op, values, *top);
    }
    return {top->number, top->text, top->isKnown};
}

} // namespace

bool ExpressionProgram::build(const ExpressionTree &tree, const std::vector<TypedPart> &parts)
{
    for (size_t i = 0; i < tree.size(); ++i) {
        const ExpressionNode &node = tree[i];
        const bool isText =
            !node.operands.empty() && parts[size_t(node.operands[0])].type == ExpressionType::Text;
        emitNode(node, parts[i], isText);
        for (const ExpressionConversion &conversion : parts[i].conversions)
            emitConversion(conversion);
    }
    type = parts.back().type;
    unit = parts.back().unit;
    int height = 0;
    for (const ExpressionOp &op : ops) {
        height += pushes(op);
        stack = std::max(stack, height);
    }
    return stack <= kMaxStack;
}

void ExpressionProgram::emitNode(const ExpressionNode &node, const TypedPart &typed, bool isText)
{
    switch (node.kind) {
    case Kind::Number:
        ops.push_back({Code::Constant, {}, 0, typed.value});
        return;
    case Kind::Truth:
        ops.push_back({Code::Constant, {}, 0, node.truth ? 1.0 : 0.0});
        return;
    case Kind::Text:
        ops.push_back({Code::Text, {}, int(texts.size()), 0});
        texts.append(node.text);
        return;
    case Kind::Name:
        if (!uses.contains(typed.name))
            uses.append(typed.name);
        ops.push_back({Code::Load, {}, int(uses.indexOf(typed.name)), 0});
        return;
    case Kind::Call:
        ops.push_back(
            {Code::Call, findExpressionFunction(node.text)->id, int(node.operands.size()), 0});
        return;
    default:
        break;
    }
    if (node.kind == Kind::Negate && typed.isLiteral)
        ops.back().value = typed.value; // the number itself, converted from its decimals
    else
        ops.push_back({codeOf(node.kind, isText), {}, 0, 0});
}

void ExpressionProgram::emitConversion(const ExpressionConversion &conversion)
{
    switch (conversion.kind) {
    case ExpressionConversion::Kind::Multiply:
        ops.push_back({Code::Scale, {}, 0, conversion.factor});
        break;
    case ExpressionConversion::Kind::Divide:
        ops.push_back({Code::Shrink, {}, 0, conversion.factor});
        break;
    case ExpressionConversion::Kind::Reading:
        ops.push_back({Code::Convert, {}, int(conversions.size()), 0});
        conversions.push_back(conversion);
        break;
    }
}

ExpressionValue ExpressionProgram::run(std::span<const ExpressionValue> values) const
{
    constexpr int kUsual = 16; // a stack that is cheap to make
    return stack <= kUsual ? runOn<kUsual>(*this, values) : runOn<kMaxStack>(*this, values);
}

} // namespace birch
