// Expressions: what they may speak of at a node, and what is wrong with them.
#include "core/plan/compile_context.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

ExpressionType typeOf(const ColumnSpec &column)
{
    if (column.type == ColumnType::Bool)
        return ExpressionType::Boolean;
    return column.type == ColumnType::Utf8 ? ExpressionType::Text : ExpressionType::Number;
}

} // namespace

void CompileContext::fileProblem(const ScanNode &node, const QString &field, const Problem &inFile)
{
    problem(node, field,
            inFile.line > 0
                ? tr("%1, line %2: %3").arg(inFile.file).arg(inFile.line).arg(inFile.message)
                : tr("%1: %2").arg(inFile.file, inFile.message),
            inFile.remedy);
}

std::optional<Expression> CompileContext::expression(const ScanNode &node, const QString &field,
                                                     const QString &text,
                                                     const QList<ExpressionName> &names,
                                                     const ExpressionGoal &goal)
{
    constexpr qsizetype kShown = 40;
    CompiledExpression compiled = Expression::compile(text, names, goal);
    for (const ExpressionProblem &wrong : std::as_const(compiled.problems)) {
        const QString place = text.mid(wrong.position, wrong.length);
        problem(
            node, field,
            place.isEmpty() || place == text || place.size() > kShown
                ? tr("%1 (character %2)").arg(wrong.message).arg(wrong.position + 1)
                : tr("%1 (\"%2\", character %3)").arg(wrong.message, place).arg(wrong.position + 1),
            wrong.remedy);
    }
    return std::move(compiled.expression);
}

std::optional<int> CompileContext::condition(const ScanNode &node, const QString &field)
{
    return look(node, field, ExpressionGoal::condition());
}

std::optional<bool> CompileContext::constant(int position) const
{
    const PlanCondition &condition = m_conditions[size_t(position)];
    if (!condition.values.isEmpty())
        return std::nullopt;
    const Truth truth = condition.expression.test({});
    return truth == Truth::Unknown ? std::nullopt : std::optional(truth == Truth::True);
}

std::optional<int> CompileContext::number(const ScanNode &node, const QString &field)
{
    return look(node, field, {ExpressionType::Number, {}});
}

std::optional<int> CompileContext::look(const ScanNode &node, const QString &field,
                                        const ExpressionGoal &goal)
{
    const QList<KnownValue> known = knownValues();
    QList<ExpressionName> names;
    for (const KnownValue &value : known)
        names.append(value.name);
    const auto compiled = expression(node, field, node.fields.value(field).toString(), names, goal);
    if (!compiled)
        return std::nullopt;
    QList<int> uses;
    for (int used : compiled->uses())
        uses.append(positionOf(known[used].value));
    m_conditions.push_back({*compiled, uses});
    return int(m_conditions.size()) - 1;
}

int CompileContext::positionOf(const PlanValue &value)
{
    if (!m_values.contains(value))
        m_values.append(value);
    return int(m_values.indexOf(value));
}

QList<CompileContext::KnownValue> CompileContext::knownValues() const
{
    QList<KnownValue> known;
    for (int movement : m_set) {
        const PlanMovement &moved = m_movements[movement];
        const Unit unit(moved.spec.unit);
        const auto add = [&](const QString &name, PlanValue::Kind kind) {
            known.append({{name, ExpressionType::Number, unit},
                          {kind, movement, -1, ExpressionType::Number, name}});
        };
        add(moved.column, PlanValue::Kind::Setpoint);
        add(moved.column + u".readback"_s, PlanValue::Kind::Readback);
    }
    appendColumns(&known);
    for (int level = 0; level < int(m_loops.size()); ++level) {
        const QString name = u"index.%1"_s.arg(level + 1);
        known.append({{name, ExpressionType::Number, {}},
                      {PlanValue::Kind::Index, level, -1, ExpressionType::Number, name}});
    }
    return known;
}

/// The nearest measure node in front comes first; the others by their labels.
void CompileContext::appendColumns(QList<KnownValue> *known) const
{
    QSet<QString> taken;
    for (const KnownValue &value : std::as_const(*known))
        taken.insert(value.name.name);
    for (int object = int(m_objects.size()) - 1; object >= 0; --object) {
        const auto &columns = m_objects[object].columns;
        for (int column = 0; column < int(columns.size()); ++column) {
            const ColumnSpec &spec = columns[column];
            if (spec.role != ColumnRole::Value || !spec.shape.isEmpty())
                continue;
            const ExpressionType type = typeOf(spec);
            const QString &label = m_sources[object].label;
            QStringList spellings{spec.name};
            if (!label.isEmpty())
                spellings.append(label + u'.' + spec.name);
            for (const QString &name : std::as_const(spellings)) {
                if (taken.contains(name))
                    continue;
                taken.insert(name);
                known->append({{name, type, Unit(spec.unit)},
                               {PlanValue::Kind::Column, object, column, type, spec.name}});
            }
        }
    }
}

} // namespace birch
