#include "core/base/expression_types.h"

#include "core/base/near_word.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

ExpressionTyper::ExpressionTyper(const ExpressionTree &tree, const QList<ExpressionName> &names,
                                 QList<ExpressionProblem> *problems)
    : m_tree(tree)
    , m_names(names)
    , m_problems(problems)
{
}

void ExpressionTyper::problem(const ExpressionNode &node, const QString &message,
                              const QString &remedy)
{
    m_problems->append({node.position, node.length, message, remedy});
}

QString ExpressionTyper::unitName(const Unit &unit)
{
    return unit.symbol().isEmpty() ? tr("a plain number") : unit.symbol();
}

TypedPart ExpressionTyper::usable(ExpressionType type, const Unit &unit)
{
    TypedPart part;
    part.isUsable = true;
    part.type = type;
    part.unit = unit;
    return part;
}

void ExpressionTyper::run(const ExpressionGoal &goal)
{
    m_parts.reserve(m_tree.size());
    for (const ExpressionNode &node : m_tree)
        m_parts.push_back(typed(node));
    if (m_problems->isEmpty()) // else what it is for would be said beside the cause
        meetGoal(goal);
}

TypedPart ExpressionTyper::typed(const ExpressionNode &node)
{
    const bool isUsable = std::all_of(node.operands.begin(), node.operands.end(),
                                      [this](int operand) { return part(operand).isUsable; });
    if (!isUsable)
        return {};
    switch (node.kind) {
    case Kind::Error:
        return {};
    case Kind::Number:
        return number(node);
    case Kind::Text:
        return usable(ExpressionType::Text);
    case Kind::Truth:
        return usable(ExpressionType::Boolean);
    case Kind::Name:
        return name(node);
    case Kind::Negate:
        return negated(node);
    case Kind::Not:
    case Kind::And:
    case Kind::Or:
        return truth(node);
    case Kind::Add:
    case Kind::Subtract:
        return sum(node);
    case Kind::Multiply:
    case Kind::Divide:
        return product(node);
    case Kind::Power:
        return power(node);
    case Kind::Less:
    case Kind::LessEqual:
    case Kind::Greater:
    case Kind::GreaterEqual:
    case Kind::Equal:
    case Kind::NotEqual:
        return compared(node);
    case Kind::Call:
        return call(node);
    }
    return {};
}

TypedPart ExpressionTyper::number(const ExpressionNode &node)
{
    TypedPart typed = usable(ExpressionType::Number, Unit(node.unit));
    typed.isLiteral = true;
    typed.literal = node.text + u' ' + node.unit;
    const auto value = quantityFromText(node.text, Unit());
    if (!value) {
        problem(node, value.error().message, tr("Write a number nearer to one"));
        return {};
    }
    typed.value = value.value();
    return typed;
}

QString ExpressionTyper::nameRemedy(const QString &typed) const
{
    constexpr qsizetype kShown = 12;
    constexpr qsizetype kSuggested = 10; // problems with a search for what was meant
    QStringList known;
    for (const ExpressionName &name : m_names)
        known.append(Expression::quoted(name.name));
    if (m_problems->size() < kSuggested) {
        if (const QString near = nearestWord(typed, known); !near.isEmpty())
            return tr("Did you mean %1?").arg(near);
    }
    if (known.isEmpty())
        return tr("Nothing is known here: write a number");
    return tr("Known here: %1")
        .arg(known.mid(0, kShown).join(u", "_s) + (known.size() > kShown ? u", …"_s : QString()));
}

TypedPart ExpressionTyper::name(const ExpressionNode &node)
{
    const auto named = std::find_if(m_names.begin(), m_names.end(),
                                    [&node](const auto &known) { return known.name == node.text; });
    if (named == m_names.end()) {
        problem(node, tr("Nothing is called \"%1\" here").arg(node.text), nameRemedy(node.text));
        return {};
    }
    TypedPart typed = usable(named->type, named->unit);
    typed.name = int(named - m_names.begin());
    return typed;
}

TypedPart ExpressionTyper::negated(const ExpressionNode &node)
{
    const int operand = node.operands[0];
    if (!isNumber(operand))
        return {};
    TypedPart typed = part(operand);
    typed.conversions.clear();
    typed.name = -1;
    if (typed.isLiteral) {
        typed.value = -typed.value;
        typed.literal =
            typed.literal.startsWith(u'-') ? typed.literal.mid(1) : u'-' + typed.literal;
        return typed;
    }
    return isAmount(operand) ? typed : TypedPart();
}

TypedPart ExpressionTyper::truth(const ExpressionNode &node)
{
    bool isFitting = true;
    for (int operand : node.operands) {
        if (part(operand).type == ExpressionType::Boolean)
            continue;
        problem(m_tree[size_t(operand)], tr("This is neither true nor false"),
                tr("Compare it with something, e.g. x > 1 V"));
        isFitting = false;
    }
    return isFitting ? usable(ExpressionType::Boolean) : TypedPart();
}

TypedPart ExpressionTyper::compared(const ExpressionNode &node)
{
    const int left = node.operands[0];
    const int right = node.operands[1];
    const ExpressionType type = part(left).type;
    const bool isOrdered = node.kind != Kind::Equal && node.kind != Kind::NotEqual;
    if (type != part(right).type) {
        problem(node, tr("Different kinds of values are compared"),
                tr("Compare numbers with numbers and texts with texts"));
        return {};
    }
    if (isOrdered && type != ExpressionType::Number) {
        problem(node, tr("Only numbers have an order"), tr("Write == or != here"));
        return {};
    }
    if (type == ExpressionType::Number && !meet(node, left, right))
        return {};
    return usable(ExpressionType::Boolean);
}

void ExpressionTyper::meetGoal(const ExpressionGoal &goal)
{
    const int root = int(m_parts.size()) - 1;
    if (!part(root).isUsable)
        return;
    const ExpressionNode &node = m_tree.back();
    const ExpressionType type = part(root).type;
    const bool isFitting = goal.type ? type == *goal.type : type != ExpressionType::Text;
    if (!isFitting && goal.type == ExpressionType::Boolean) {
        problem(node, tr("This is no condition: it is neither true nor false"),
                tr("Compare it with something, e.g. x > 1 V"));
    } else if (!isFitting) {
        problem(node, tr("This is no number"), tr("Write an expression that gives a number"));
    } else if (goal.unit) {
        meetUnit(*goal.unit);
    }
}

void ExpressionTyper::meetUnit(const Unit &unit)
{
    const int root = int(m_parts.size()) - 1;
    const ExpressionNode &node = m_tree.back();
    const bool mayBeStep = part(root).sense != Sense::Amount && !(part(root).unit == unit);
    if (unit.isScale() && mayBeStep && part(root).unit.isConvertibleTo(unit)) {
        problem(node, tr("This is a difference, and a value in %1 is wanted").arg(unit.symbol()),
                tr("Add it to a value, e.g. 20 %1 + …").arg(unit.symbol()));
        return;
    }
    (void)convert(node, root, unit, QuantityKind::Absolute);
}

} // namespace birch
