#include "core/plan/axis_positions.h"

#include "core/plan/field_check.h"
#include "core/plan/kind_fields.h"
#include "core/plan/plan_limits.h"
#include "core/plan/position_file.h"

#include <QJsonArray>
#include <QLocale>

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class Axis
{
    Q_DECLARE_TR_FUNCTIONS(Axis)

public:
    Axis(const ScanNode &node, QString field, const QJsonObject &typed, int movement,
         CompileContext &context)
        : m_node(node)
        , m_field(std::move(field))
        , m_typed(typed)
        , m_movement(movement)
        , m_context(context)
    {
    }

    std::vector<double> linear() const;
    std::vector<double> logarithmic() const;
    std::vector<double> list() const;
    std::vector<double> calculated() const;
    std::vector<double> fromFile() const;

private:
    std::vector<double> stepped(double start, double stop) const;
    std::optional<double> value(const QString &key,
                                QuantityKind kind = QuantityKind::Absolute) const
    {
        return m_context.quantity(m_node, m_field + u'.' + key, m_typed.value(key), m_movement,
                                  kind);
    }
    qint64 points() const { return m_typed.value(u"points"_s).toInteger(); }
    void problem(const QString &key, const QString &message, const QString &remedy) const
    {
        m_context.problem(m_node, m_field + u'.' + key, message, remedy);
    }

    const ScanNode &m_node;
    QString m_field;
    const QJsonObject &m_typed;
    int m_movement;
    CompileContext &m_context;
};

std::vector<double> Axis::linear() const
{
    const auto start = value(u"start"_s);
    const auto stop = value(u"stop"_s);
    if (!start || !stop)
        return {};
    if (isFilled(m_typed.value(u"step"_s)))
        return stepped(*start, *stop);
    const qint64 count = points();
    if (count == 1)
        return {*start};
    std::vector<double> positions(static_cast<size_t>(count));
    const auto last = static_cast<long double>(count - 1);
    for (qint64 i = 0; i < count; ++i) {
        // Weights keep the ends exact and a symmetric sweep symmetric, with a true zero inside.
        const auto at = static_cast<long double>(i);
        positions[size_t(i)] = double((*start * (last - at) + *stop * at) / last);
    }
    return positions;
}

std::vector<double> Axis::stepped(double start, double stop) const
{
    const auto step = value(u"step"_s, QuantityKind::Difference);
    if (!step)
        return {};
    if (*step == 0) {
        problem(u"step"_s, tr("The step is zero"), tr("Give the distance between two positions"));
        return {};
    }
    // A stop that misses its multiple by rounding alone is still reached.
    constexpr long double kSlack = 1e-9L;
    const long double span = static_cast<long double>(stop) - start;
    const long double signedStep = std::copysign(static_cast<long double>(*step), span);
    const long double whole = std::floor(span / signedStep + kSlack);
    if (whole >= static_cast<long double>(kMaxPositions)) {
        problem(u"step"_s,
                tr("This makes more than %1 positions")
                    .arg(QLocale(QLocale::English).toString(kMaxPositions)),
                tr("Use a larger step"));
        return {};
    }
    std::vector<double> positions(size_t(whole) + 1);
    for (size_t i = 0; i < positions.size(); ++i)
        positions[i] = double(start + signedStep * static_cast<long double>(i));
    if (std::abs(span / signedStep - whole) <= kSlack)
        positions.back() = stop;
    return positions;
}

std::vector<double> Axis::logarithmic() const
{
    const auto start = value(u"start"_s);
    const auto stop = value(u"stop"_s);
    if (!start || !stop)
        return {};
    if (*start == 0 || *stop == 0 || (*start < 0) != (*stop < 0)) {
        problem(u"start"_s, tr("A logarithmic sweep can not touch or cross zero"),
                tr("Choose a start and a stop on the same side of zero, or a linear sweep"));
        return {};
    }
    const qint64 count = points();
    if (count == 1)
        return {*start};
    std::vector<double> positions(static_cast<size_t>(count));
    const long double sign = *start < 0 ? -1 : 1;
    const long double first = std::log(std::abs(static_cast<long double>(*start)));
    const long double last = std::log(std::abs(static_cast<long double>(*stop)));
    for (qint64 i = 0; i < count; ++i) {
        const long double part = static_cast<long double>(i) / static_cast<long double>(count - 1);
        positions[size_t(i)] = double(sign * std::exp(first + (last - first) * part));
    }
    positions.front() = *start;
    positions.back() = *stop;
    return positions;
}

std::vector<double> Axis::list() const
{
    const QJsonArray values = m_typed.value(u"values"_s).toArray();
    if (values.size() > kMaxPositions) {
        problem(u"values"_s,
                tr("This makes more than %1 positions")
                    .arg(QLocale(QLocale::English).toString(kMaxPositions)),
                tr("Use a shorter list"));
        return {};
    }
    std::vector<double> positions;
    positions.reserve(size_t(values.size()));
    bool isComplete = true;
    for (qsizetype i = 0; i < values.size(); ++i) {
        const auto typed =
            m_context.quantity(m_node, m_field + u".values.%1"_s.arg(i), values[i], m_movement);
        isComplete = isComplete && typed.has_value();
        positions.push_back(typed.value_or(0));
    }
    return isComplete ? positions : std::vector<double>();
}

/// i, n and fraction, as an expression of positions may call them.
QList<ExpressionName> positionNames()
{
    return {{u"i"_s, ExpressionType::Number, {}},
            {u"n"_s, ExpressionType::Number, {}},
            {u"fraction"_s, ExpressionType::Number, {}}};
}

std::vector<double> Axis::calculated() const
{
    const Unit unit(m_context.movements()[m_movement].spec.unit);
    const auto expression = m_context.expression(m_node, m_field + u".expression"_s,
                                                 m_typed.value(u"expression"_s).toString(),
                                                 positionNames(), ExpressionGoal::number(unit));
    if (!expression)
        return {};
    const qint64 count = points();
    std::vector<double> positions(static_cast<size_t>(count));
    std::vector<ExpressionValue> operands;
    for (qint64 i = 0; i < count; ++i) {
        const double fraction = count > 1 ? double(i) / double(count - 1) : 0;
        operands.clear();
        for (int used : expression->uses())
            operands.push_back(ExpressionValue::ofNumber(used == 0   ? double(i)
                                                         : used == 1 ? double(count)
                                                                     : fraction));
        const ExpressionValue value = expression->evaluate(operands);
        if (!value.isKnown) {
            problem(u"expression"_s,
                    tr("It has no finite value at position %1 (i = %2)").arg(i + 1).arg(i),
                    tr("Change the expression so that it has one everywhere"));
            return {};
        }
        positions[size_t(i)] = value.number;
    }
    return positions;
}

std::vector<double> Axis::fromFile() const
{
    const PositionColumn read = readPositionColumn(
        m_context.file(), m_typed.value(u"file"_s).toString(),
        m_typed.value(u"column"_s).toString(), Unit(m_context.movements()[m_movement].spec.unit));
    for (const Problem &wrong : read.problems)
        m_context.fileProblem(m_node, m_field + u".file"_s, wrong);
    for (double position : read.positions)
        m_context.addToHash(QByteArray(reinterpret_cast<const char *>(&position), sizeof position));
    return read.problems.isEmpty() ? read.positions : std::vector<double>();
}

FieldSpec quantityField(const QString &key, const QString &label, const QString &help)
{
    FieldSpec field;
    field.key = key;
    field.label = label;
    field.type = FieldType::Quantity;
    field.help = help;
    field.isRequired = true;
    field.unitOf = u"movement"_s;
    field.visibleWhen = u"kind"_s;
    field.visibleValues = {u"linear"_s, u"log"_s};
    return field;
}

QList<FieldSpec> positionFields()
{
    const auto tr = [](const char *text) { return Axis::tr(text); };
    FieldSpec kind;
    kind.key = u"kind"_s;
    kind.label = tr("Spacing");
    kind.type = FieldType::Choice;
    kind.help = tr("How the positions are laid out");
    kind.defaultValue = u"linear"_s;
    kind.choices = {u"linear"_s, u"log"_s, u"list"_s, u"expression"_s, u"csv"_s};
    kind.choiceLabels = {tr("Linear"), tr("Logarithmic"), tr("List"), tr("Expression"),
                         tr("Column of a CSV file")};

    FieldSpec points;
    points.key = u"points"_s;
    points.label = tr("Points");
    points.type = FieldType::Integer;
    points.help = tr("How many positions, the first and the last included");
    points.minimum = 1;
    points.maximum = kMaxPositions;
    points.visibleWhen = u"kind"_s;
    points.visibleValues = {u"linear"_s, u"log"_s, u"expression"_s};
    points.alternativeTo = u"step"_s;

    FieldSpec step =
        quantityField(u"step"_s, tr("Step"), tr("Distance between positions, instead of points"));
    step.isRequired = false;
    step.isDifference = true;
    step.visibleValues = {u"linear"_s};
    step.alternativeTo = u"points"_s;

    FieldSpec values =
        quantityField(u"values"_s, tr("Values"), tr("The positions in the order of their visit"));
    values.type = FieldType::QuantityList;
    values.visibleValues = {u"list"_s};

    const auto only = [](const QString &shown, const QString &key, const QString &label,
                         FieldType type, const QString &help) {
        FieldSpec field;
        field.key = key;
        field.label = label;
        field.type = type;
        field.help = help;
        field.isRequired = true;
        field.visibleWhen = u"kind"_s;
        field.visibleValues = {shown};
        return field;
    };
    const FieldSpec expression =
        only(u"expression"_s, u"expression"_s, tr("Expression"), FieldType::Expression,
             tr("Of i = 0, 1, … n - 1 and fraction = 0 … 1, e.g. 1 V * sin(2 * pi * fraction)"));
    FieldSpec file = only(u"csv"_s, u"file"_s, tr("File"), FieldType::Text,
                          tr("A CSV file, in the folder of the scan's file or below"));
    file.isFile = true;
    FieldSpec column = only(u"csv"_s, u"column"_s, tr("Column"), FieldType::Text,
                            tr("Its heading, or its number from 1; empty: the first"));
    column.isRequired = false;
    return {kind,
            quantityField(u"start"_s, tr("From"), tr("The first position, e.g. \"-10 mV\"")),
            quantityField(u"stop"_s, tr("To"), tr("The last position, e.g. \"10 mV\"")),
            points,
            step,
            values,
            expression,
            file,
            column};
}

} // namespace

FieldSpec positionsField()
{
    FieldSpec field;
    field.key = u"positions"_s;
    field.label = Axis::tr("Positions");
    field.type = FieldType::Record;
    field.help = Axis::tr("Where to stop and measure");
    field.isRequired = true;
    field.unitOf = u"movement"_s;
    field.item = positionFields();
    return field;
}

std::vector<double> axisPositions(const ScanNode &node, const QString &field,
                                  const QJsonObject &typed, int movement, CompileContext &context)
{
    const Axis axis(node, field, typed, movement, context);
    const QString kind = typed.value(u"kind"_s).toString(u"linear"_s);
    std::vector<double> positions = kind == u"list"         ? axis.list()
                                    : kind == u"log"        ? axis.logarithmic()
                                    : kind == u"expression" ? axis.calculated()
                                    : kind == u"csv"        ? axis.fromFile()
                                                            : axis.linear();
    context.checkLimits(node, field, movement, positions);
    return positions;
}

QString positionsSummary(const QJsonObject &typed)
{
    if (typed.value(u"kind"_s).toString() == u"list") {
        QStringList values;
        const QJsonArray list = typed.value(u"values"_s).toArray();
        for (qsizetype i = 0; i < list.size() && i < 4; ++i)
            values.append(fieldText(list[i]));
        if (list.size() > 4)
            values.append(Axis::tr("… (%1 positions)").arg(list.size()));
        return values.join(u", "_s);
    }
    const QString kind = typed.value(u"kind"_s).toString();
    if (kind == u"csv") {
        const QString column = fieldText(typed.value(u"column"_s));
        const QString file = fieldText(typed.value(u"file"_s));
        return column.isEmpty() ? file : Axis::tr("%1 of %2").arg(column, file);
    }
    if (kind == u"expression")
        return fieldText(typed.value(u"expression"_s)) +
               Axis::tr(", %1 points").arg(typed.value(u"points"_s).toInteger());
    QString text =
        fieldText(typed.value(u"start"_s)) + u" … "_s + fieldText(typed.value(u"stop"_s));
    if (const qint64 points = typed.value(u"points"_s).toInteger(); points > 0)
        text += Axis::tr(", %1 points").arg(points);
    else if (isFilled(typed.value(u"step"_s)))
        text += Axis::tr(", step %1").arg(fieldText(typed.value(u"step"_s)));
    if (typed.value(u"kind"_s).toString() == u"log")
        text += Axis::tr(", logarithmic");
    return text;
}

} // namespace birch
