#include "core/exchange/import/column_gatherer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kExact = qint64(1) << 53; ///< beyond it a double loses digits
constexpr qint64 kMaxLength = 1'000'000;   ///< of a list in a row

bool isPythonNumber(const QString &text)
{
    return text == u"NaN"_s || text == u"Infinity"_s || text == u"-Infinity"_s;
}

/// A number, or one of the texts that stand for Python's special ones.
bool isNumber(const QJsonValue &value)
{
    return value.isDouble() || (value.isString() && isPythonNumber(value.toString()));
}

bool isWholeNumber(const QJsonValue &value)
{
    return value.isDouble() && value.toVariant().typeId() == QMetaType::LongLong;
}

double number(const QJsonValue &value)
{
    if (value.isDouble())
        return value.toDouble();
    const QString text = value.toString();
    const double infinity = std::numeric_limits<double>::infinity();
    return text == u"NaN"_s ? std::numeric_limits<double>::quiet_NaN()
                            : (text.startsWith(u'-') ? -infinity : infinity);
}

QString jsonOf(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    const QByteArray list =
        QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact); // [value]
    return QString::fromUtf8(list.mid(1, list.size() - 2));
}
} // namespace

ColumnHeading columnHeading(const QString &text)
{
    static const QRegularExpression shape(u"^(.*\\S)\\s*(\\bM)?\\(([^()]*)\\)$"_s);
    const QRegularExpressionMatch match = shape.match(text.trimmed());
    if (!match.hasMatch())
        return {text.trimmed(), {}, false};
    QString name = match.captured(1);
    bool isSetpoint = !match.captured(2).isEmpty();
    if (name.endsWith(u" M"_s)) {
        name = name.chopped(2).trimmed();
        isSetpoint = true;
    }
    return {name, match.captured(3).trimmed(), isSetpoint};
}

ColumnGatherer::ColumnGatherer(const QStringList &names)
{
    for (const QString &name : names)
        (void)column(name);
}

ColumnGatherer::Column &ColumnGatherer::column(const QString &name)
{
    const auto found = std::find_if(m_columns.begin(), m_columns.end(),
                                    [&name](const Column &column) { return column.name == name; });
    if (found != m_columns.end())
        return *found;
    m_columns.push_back({name});
    return m_columns.back();
}

ColumnGatherer::Shape ColumnGatherer::shapeOf(const QJsonValue &value, Column &column)
{
    if (isNumber(value)) {
        column.isWhole = column.isWhole && isWholeNumber(value);
        column.isLarge = column.isLarge || std::abs(value.toDouble()) >= double(kExact);
        return Shape::Number;
    }
    if (value.isBool())
        return Shape::Bool;
    if (value.isString())
        return Shape::Text;
    if (!value.isArray())
        return Shape::Mixed;
    const QJsonArray list = value.toArray();
    const bool fits = !list.isEmpty() && list.size() <= kMaxLength &&
                      (column.length == 0 || column.length == list.size()) &&
                      std::all_of(list.begin(), list.end(), isNumber);
    column.length = list.size();
    return fits ? Shape::List : Shape::Mixed;
}

void ColumnGatherer::look(const QJsonObject &row)
{
    for (auto it = row.begin(); it != row.end(); ++it) {
        Column &found = column(it.key());
        if (it.value().isNull())
            continue;
        const Shape shape = shapeOf(it.value(), found);
        if (found.shape == Shape::Unknown)
            found.shape = shape;
        else if (found.shape != shape)
            found.shape = Shape::Mixed;
    }
}

ColumnType ColumnGatherer::typeOf(const Column &column)
{
    switch (column.shape) {
    case Shape::Number:
        return column.isWhole && column.isLarge ? ColumnType::Int64 : ColumnType::Float64;
    case Shape::Bool:
        return ColumnType::Bool;
    case Shape::Unknown:
    case Shape::List:
        return ColumnType::Float64;
    case Shape::Text:
    case Shape::Mixed:
        return ColumnType::Utf8;
    }
    return ColumnType::Utf8;
}

QList<ColumnSpec> ColumnGatherer::columns() const
{
    QStringList headings;
    for (const Column &column : m_columns)
        headings << columnHeading(column.name).name;
    QList<ColumnSpec> specs;
    for (const Column &column : m_columns) {
        const ColumnHeading heading = columnHeading(column.name);
        const bool isAlone = headings.count(heading.name) == 1 && !heading.name.isEmpty();
        ColumnSpec spec;
        spec.name = isAlone ? heading.name : column.name;
        spec.unit = isAlone ? heading.unit : QString();
        spec.type = typeOf(column);
        if (column.shape == Shape::List)
            spec.shape = {column.length};
        spec.role = heading.isSetpoint ? ColumnRole::Setpoint : ColumnRole::Value;
        specs.append(spec);
    }
    return specs;
}

std::vector<ColumnValues> ColumnGatherer::emptyColumns() const
{
    std::vector<ColumnValues> values;
    for (const Column &column : m_columns)
        values.emplace_back(typeOf(column), column.shape == Shape::List ? column.length : 1);
    return values;
}

void ColumnGatherer::add(const QJsonObject &row, std::span<ColumnValues> columns) const
{
    for (size_t i = 0; i < m_columns.size(); ++i)
        append(m_columns[i], row.value(m_columns[i].name), columns[i]);
}

void ColumnGatherer::appendNumber(const QJsonValue &value, bool isWhole, ColumnValues &values)
{
    const double real = number(value);
    if (isWhole)
        values.appendInt(value.toInteger());
    else
        values.appendDouble(real, std::isnan(real) ? ValueState::NotANumber : ValueState::Ok);
}

void ColumnGatherer::append(const Column &column, const QJsonValue &value, ColumnValues &values)
{
    if (value.isNull() || value.isUndefined())
        return values.appendMissingRow(ValueState::Skipped);
    switch (column.shape) {
    case Shape::Number:
        return appendNumber(value, values.type() == ColumnType::Int64, values);
    case Shape::Bool:
        return values.appendBool(value.toBool());
    case Shape::List:
        for (const QJsonValue element : value.toArray())
            appendNumber(element, false, values);
        return;
    case Shape::Unknown:
        return values.appendMissingRow(ValueState::Skipped);
    case Shape::Text:
    case Shape::Mixed:
        return values.appendText(jsonOf(value));
    }
}

} // namespace birch
