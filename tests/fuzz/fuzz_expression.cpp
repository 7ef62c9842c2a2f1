#include "core/base/expression.h"

#include <cmath>
#include <cstdlib>
#include <vector>

using namespace birch;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

const QList<ExpressionName> &names()
{
    static const QList<ExpressionName> all{
        {QStringLiteral("smu.V"), ExpressionType::Number, Unit(QStringLiteral("V"))},
        {QStringLiteral("T"), ExpressionType::Number, Unit(QStringLiteral("°C"))},
        {QStringLiteral("p"), ExpressionType::Number, Unit(QStringLiteral("dBm"))},
        {QStringLiteral("x"), ExpressionType::Number, Unit(QStringLiteral("blips"))},
        {QStringLiteral("i"), ExpressionType::Number, {}},
        {QStringLiteral("on"), ExpressionType::Boolean, {}},
        {QStringLiteral("mode"), ExpressionType::Text, {}}};
    return all;
}

void check(const QString &text, const ExpressionGoal &goal)
{
    const CompiledExpression compiled = Expression::compile(text, names(), goal);
    require(compiled.expression.has_value() == compiled.problems.isEmpty());
    qsizetype last = 0;
    for (const ExpressionProblem &problem : compiled.problems) {
        require(problem.position >= last && problem.length >= 0);
        require(problem.position + problem.length <= text.size());
        require(!problem.message.isEmpty() && !problem.remedy.isEmpty());
        last = problem.position;
    }
    if (!compiled.expression)
        return;
    std::vector<ExpressionValue> values;
    for (int used : compiled.expression->uses()) {
        values.push_back(used == 6 ? ExpressionValue::ofText(u"CC")
                                   : ExpressionValue::ofNumber(used == 5 ? 1 : 0.5 + used));
    }
    const ExpressionValue value = compiled.expression->evaluate(values);
    require(!value.isKnown || std::isfinite(value.number));
    for (ExpressionValue &missing : values)
        missing.isKnown = false;
    (void)compiled.expression->evaluate(values);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(data), qsizetype(size));
    check(text, {});
    check(text, ExpressionGoal::condition());
    check(text, ExpressionGoal::number(Unit(QStringLiteral("mV"))));
    (void)Expression::quoted(text.left(100));
    return 0;
}
