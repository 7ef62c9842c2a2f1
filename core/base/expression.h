#pragma once

#include "core/base/unit.h"

#include <QList>
#include <QStringView>

#include <memory>
#include <optional>
#include <span>

namespace birch {

struct ExpressionProgram;

enum class ExpressionType : quint8 { Number, Boolean, Text };

/// Something an expression may speak of, e.g. "smu.current".
struct ExpressionName {
    QString name;
    ExpressionType type = ExpressionType::Number;
    Unit unit = {}; ///< Number: of the values that are handed over
};

/// What an expression is wanted for.
struct ExpressionGoal {
    std::optional<ExpressionType> type; ///< none: number or truth, as it comes
    std::optional<Unit> unit;           ///< a number is converted to it; none: as it comes

    static ExpressionGoal condition() { return {ExpressionType::Boolean, {}}; }
    static ExpressionGoal number(const Unit &unit) { return {ExpressionType::Number, unit}; }
};

/// One thing wrong in the text of an expression.
struct ExpressionProblem {
    qsizetype position = 0; ///< 0-based, in UTF-16 units of the text
    qsizetype length = 0;
    QString message; ///< what is wrong, one sentence
    QString remedy;  ///< what to do next, one sentence
};

/// A value that may be missing. A number that is not finite counts as missing.
struct ExpressionValue {
    double number = 0;     ///< also of a truth: 0 is false
    QStringView text = {}; ///< Text; its owner outlives the evaluation
    bool isKnown = false;

    static ExpressionValue ofNumber(double value) { return {value, {}, true}; }
    static ExpressionValue ofTruth(bool value) { return {value ? 1.0 : 0.0, {}, true}; }
    static ExpressionValue ofText(QStringView value) { return {0, value, true}; }
};

/// Outcome of a condition. Unknown is neither: nothing may be done as if it were true or false.
enum class Truth : quint8 { False, True, Unknown };

struct CompiledExpression;

/// A compiled expression: what an operator typed, with its types and units checked.
///
/// Numbers with units ("10 mV"), true, false, texts in quotes; names with dots, others in
/// `backticks`; + - * / ^, comparisons, and, or, not; the functions of functionNames(); pi and e.
/// Units are checked when it is compiled: what is added, compared or limited must measure the same
/// and is converted; products get the unit of the product. A temperature in °C or a level in dBm is
/// a reading: the difference of two is a step (K, dB), a step may be added to it, and it is
/// multiplied by nothing; in(x, "K") converts it.
///
/// A missing or not finite operand makes the result missing, with two exceptions after Kleene: a
/// false operand makes `and` false, a true one makes `or` true.
///
/// Immutable and cheap to copy. Evaluation allocates nothing, is bounded by the length of the text,
/// and may run on several threads at once.
class Expression
{
public:
    /// Longest text, and deepest nesting, that is looked at.
    static constexpr qsizetype kMaxLength = 4000;
    static constexpr int kMaxDepth = 60;

    /// Looks names up in \a names, which are told apart by their exact name.
    static CompiledExpression compile(const QString &text, const QList<ExpressionName> &names,
                                      const ExpressionGoal &goal = {});
    static QStringList functionNames();
    /// \a name as an expression has to write it: in backticks where it is no plain name.
    static QString quoted(const QString &name);

    QString text() const;
    ExpressionType type() const;
    Unit unit() const; ///< of a number
    /// Positions in the list of names of those that it uses, each once, in the order of values.
    const QList<int> &uses() const;

    /// \a values: one per entry of uses(), each of the declared type and unit.
    ExpressionValue evaluate(std::span<const ExpressionValue> values) const;
    /// Of an expression of type Boolean.
    Truth test(std::span<const ExpressionValue> values) const;

private:
    explicit Expression(std::shared_ptr<const ExpressionProgram> program);

    std::shared_ptr<const ExpressionProgram> m_program; ///< never null
};

/// An expression, or everything that is wrong with it.
struct CompiledExpression {
    std::optional<Expression> expression; ///< none: there are problems
    QList<ExpressionProblem> problems;    ///< in the order of their positions
};

} // namespace birch
