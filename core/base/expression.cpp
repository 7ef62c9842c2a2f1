#include "core/base/expression.h"

#include "core/base/expression_parser.h"
#include "core/base/expression_program.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Expression", text);
}

/// Units that nobody knows but the names have, e.g. a maker's own.
QStringList opaqueUnits(const QList<ExpressionName> &names)
{
    QStringList symbols;
    for (const ExpressionName &name : names) {
        if (name.unit.isOpaque())
            symbols.append(name.unit.symbol());
    }
    return symbols;
}

} // namespace

Expression::Expression(std::shared_ptr<const ExpressionProgram> program)
    : m_program(std::move(program))
{
}

CompiledExpression Expression::compile(const QString &text, const QList<ExpressionName> &names,
                                       const ExpressionGoal &goal)
{
    CompiledExpression compiled;
    QList<ExpressionProblem> &problems = compiled.problems;
    if (text.size() > kMaxLength) {
        problems.append({kMaxLength, text.size() - kMaxLength,
                         tr("The expression is longer than %1 characters").arg(kMaxLength),
                         tr("Make it shorter")});
        return compiled;
    }
    ExpressionLexer lexer(text, opaqueUnits(names), &problems);
    const ExpressionTree tree = ExpressionParser(lexer.tokens(), &problems).parse();
    ExpressionTyper typer(tree, names, &problems);
    typer.run(goal);
    auto program = std::make_shared<ExpressionProgram>();
    program->text = text;
    if (problems.isEmpty() && !program->build(tree, typer.parts()))
        problems.append({0, text.size(), tr("The expression needs too much at the same time"),
                         tr("Make it simpler")});
    std::stable_sort(problems.begin(), problems.end(),
                     [](const auto &a, const auto &b) { return a.position < b.position; });
    if (problems.isEmpty())
        compiled.expression = Expression(std::move(program));
    return compiled;
}

QStringList Expression::functionNames()
{
    QStringList names;
    for (const ExpressionFunction &function : expressionFunctions())
        names.append(QLatin1StringView(function.name));
    return names;
}

QString Expression::quoted(const QString &name)
{
    QList<ExpressionProblem> problems;
    const QList<ExpressionToken> tokens = ExpressionLexer(name, {}, &problems).tokens();
    const bool isPlain = problems.isEmpty() && tokens.size() == 2 &&
                         tokens[0].kind == ExpressionToken::Kind::Name && tokens[0].text == name &&
                         !isExpressionWord(name) && name != u"pi" && name != u"e";
    return isPlain ? name : u'`' + name + u'`';
}

QString Expression::text() const
{
    return m_program->text;
}

ExpressionType Expression::type() const
{
    return m_program->type;
}

Unit Expression::unit() const
{
    return m_program->unit;
}

const QList<int> &Expression::uses() const
{
    return m_program->uses;
}

ExpressionValue Expression::evaluate(std::span<const ExpressionValue> values) const
{
    Q_ASSERT(qsizetype(values.size()) == uses().size());
    return m_program->run(values);
}

Truth Expression::test(std::span<const ExpressionValue> values) const
{
    const ExpressionValue value = evaluate(values);
    if (!value.isKnown)
        return Truth::Unknown;
    return value.number != 0 ? Truth::True : Truth::False;
}

} // namespace birch
