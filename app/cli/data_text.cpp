#include "app/cli/data_text.h"

#include "core/exchange/value_cursor.h"

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

QByteArray cell(const ValueCursor &value)
{
    if (value.state() != ValueState::Ok)
        return {};
    switch (value.type()) {
    case ColumnType::Float64:
        return digits(value.number());
    case ColumnType::Int64:
        return digits(value.integer());
    case ColumnType::Bool:
        return value.boolean() ? "true" : "false";
    case ColumnType::Utf8:
        return quoted(QString::fromUtf8(value.text()));
    }
    return {};
}

QJsonValue json(const ValueCursor &value)
{
    if (value.state() != ValueState::Ok)
        return {};
    switch (value.type()) {
    case ColumnType::Float64:
        return std::isfinite(value.number()) ? QJsonValue(value.number()) : QJsonValue();
    case ColumnType::Int64:
        return value.integer();
    case ColumnType::Bool:
        return value.boolean();
    case ColumnType::Utf8:
        return QString::fromUtf8(value.text());
    }
    return {};
}

std::vector<ValueCursor> cursorsOf(const std::vector<ColumnValues> &values)
{
    return {values.begin(), values.end()};
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
    std::vector<ValueCursor> cursors = cursorsOf(m_values);
    for (qint64 row = 0; row < rowCount(); ++row) {
        for (size_t i = 0; i < cursors.size(); ++i) {
            for (qint64 j = 0; j < m_values[i].valuesPerRow(); ++j, cursors[i].next()) {
                text += cell(cursors[i]);
                text += ',';
            }
        }
        text.back() = '\n'; // instead of the last comma
    }
    return text;
}

QJsonArray DataText::rows() const
{
    QJsonArray rows;
    std::vector<ValueCursor> cursors = cursorsOf(m_values);
    for (qint64 row = 0; row < rowCount(); ++row) {
        QJsonArray cells;
        for (size_t i = 0; i < cursors.size(); ++i) {
            QJsonArray elements;
            for (qint64 j = 0; j < m_values[i].valuesPerRow(); ++j, cursors[i].next())
                elements.append(json(cursors[i]));
            cells.append(m_columns[qsizetype(i)].shape.isEmpty() ? elements.first()
                                                                 : QJsonValue(elements));
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
