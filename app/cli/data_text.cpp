#include "app/cli/data_text.h"

#include <QJsonObject>

#include <charconv>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

template<typename T>
QByteArray digits(T value)
{
    char text[32];
    return {text, qsizetype(std::to_chars(text, text + sizeof text, value).ptr - text)};
}

QByteArray quoted(const QString &text)
{
    QByteArray bytes = text.toUtf8();
    return '"' + bytes.replace('"', "\"\"") + '"';
}

QByteArray cell(const ColumnValues &values, qint64 index)
{
    if (values.stateAt(index) != ValueState::Ok)
        return {};
    switch (values.type()) {
    case ColumnType::Float64:
        return digits(values.doubleAt(index));
    case ColumnType::Int64:
        return digits(values.intAt(index));
    case ColumnType::Bool:
        return values.boolAt(index) ? "true" : "false";
    case ColumnType::Utf8:
        return quoted(values.textAt(index));
    }
    return {};
}

QJsonValue json(const ColumnValues &values, qint64 index)
{
    if (values.stateAt(index) != ValueState::Ok)
        return {};
    switch (values.type()) {
    case ColumnType::Float64:
        return std::isfinite(values.doubleAt(index)) ? QJsonValue(values.doubleAt(index))
                                                     : QJsonValue();
    case ColumnType::Int64:
        return values.intAt(index);
    case ColumnType::Bool:
        return values.boolAt(index);
    case ColumnType::Utf8:
        return values.textAt(index);
    }
    return {};
}

} // namespace

QByteArray DataText::header() const
{
    QByteArrayList names;
    for (const ColumnSpec &column : m_columns) {
        const QString unit = column.unit.isEmpty() ? QString() : u" ("_s + column.unit + u')';
        for (qint64 i = 0; i < column.valuesPerRow(); ++i) {
            const QString element = column.shape.isEmpty() ? QString() : u"[%1]"_s.arg(i);
            const QString name = column.name + element + unit;
            names << (name.contains(u',') || name.contains(u'"') ? quoted(name) : name.toUtf8());
        }
    }
    return names.join(',');
}

QByteArray DataText::lines() const
{
    QByteArray text;
    for (qint64 row = 0; row < rowCount(); ++row) {
        QByteArrayList cells;
        for (const ColumnValues &values : m_values) {
            const qint64 first = row * values.valuesPerRow();
            for (qint64 i = 0; i < values.valuesPerRow(); ++i)
                cells << cell(values, first + i);
        }
        text += cells.join(',') + '\n';
    }
    return text;
}

QJsonArray DataText::rows() const
{
    QJsonArray rows;
    for (qint64 row = 0; row < rowCount(); ++row) {
        QJsonArray cells;
        for (size_t i = 0; i < m_values.size(); ++i) {
            const ColumnValues &values = m_values[i];
            if (m_columns[qsizetype(i)].shape.isEmpty()) {
                cells.append(json(values, row));
                continue;
            }
            QJsonArray elements;
            for (qint64 j = 0; j < values.valuesPerRow(); ++j)
                elements.append(json(values, row * values.valuesPerRow() + j));
            cells.append(elements);
        }
        rows.append(cells);
    }
    return rows;
}

QJsonArray DataText::flagged(qint64 firstRow) const
{
    QJsonArray list;
    for (size_t i = 0; i < m_values.size(); ++i) {
        const ColumnValues &values = m_values[i];
        if (!values.hasFlags())
            continue;
        for (qint64 index = 0; index < values.valueCount(); ++index) {
            if (values.stateAt(index) == ValueState::Ok)
                continue;
            list.append(QJsonObject{{u"row"_s, firstRow + index / values.valuesPerRow()},
                                    {u"column"_s, m_columns[qsizetype(i)].name},
                                    {u"element"_s, index % values.valuesPerRow()},
                                    {u"state"_s, valueStateName(values.stateAt(index))}});
        }
    }
    return list;
}

} // namespace birch::cli
