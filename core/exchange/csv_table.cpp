#include "core/exchange/csv_table.h"

#include "core/base/unit.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr QByteArrayView kLineEnd = "\r\n";

/// Where element \a index of an array lies: "532.5 nm", "3", "2, 0.5 V".
QString elementLabel(const ColumnSpec &column, qint64 index)
{
    QStringList parts;
    for (qsizetype dimension = column.shape.size() - 1; dimension >= 0; --dimension) {
        const qint64 extent = column.shape[dimension];
        const qint64 at = index % extent;
        index /= extent;
        if (dimension >= column.axes.size()) {
            parts.prepend(QString::number(at));
            continue;
        }
        const ColumnAxis &axis = column.axes[dimension];
        const QString value = numberToText(axis.values.value(at));
        parts.prepend(axis.unit.isEmpty() ? value : value + u' ' + axis.unit);
    }
    return parts.join(u", "_s);
}

QString header(const ColumnSpec &column, qint64 element)
{
    QString name = column.name;
    if (!column.shape.isEmpty())
        name += u'[' + elementLabel(column, element) + u']';
    return column.unit.isEmpty() ? name : name + u" ("_s + column.unit + u')';
}
} // namespace

CsvTable::CsvTable(ScanSource &source, int object)
    : m_source(source)
    , m_object(object)
    , m_exported(source.scan().objects[object])
{
    const auto &columns = m_exported.schema.columns;
    for (int i = 0; i < columns.size(); ++i)
        m_columns.push_back({columns[i].valuesPerRow(), m_exported.hasFlags.value(i), {}});
}

Status CsvTable::write(FileWriter &file, ExportProgress &progress)
{
    TextBuffer out(file);
    writeHeader(out);
    const qint64 step = rowsAtATime(m_exported.schema);
    std::vector<ColumnValues> chunk(m_columns.size());
    for (qint64 from = 0; from < m_exported.rows; from += step) {
        const qint64 to = std::min(from + step, m_exported.rows);
        qint64 values = 0;
        for (size_t i = 0; i < m_columns.size(); ++i) {
            auto read = m_source.read(m_object, int(i), from, to);
            if (!read)
                return read.error();
            chunk[i] = std::move(read).value();
            m_columns[i].cursor = ValueCursor(chunk[i]);
            values += chunk[i].valueCount();
        }
        for (qint64 row = from; row < to; ++row) {
            writeRow(out);
            if (Status flushed = out.flushIfLarge(); !flushed)
                return flushed;
        }
        if (Status going = progress.advance(values); !going)
            return going;
    }
    return out.flush();
}

void CsvTable::writeHeader(TextBuffer &out) const
{
    QStringList names;
    const auto &columns = m_exported.schema.columns;
    for (int i = 0; i < columns.size(); ++i) {
        for (qint64 element = 0; element < columns[i].valuesPerRow(); ++element)
            names.append(header(columns[i], element));
        if (m_columns[size_t(i)].hasState)
            names.append(columns[i].name + u".state"_s);
    }
    for (int i = 0; i < names.size(); ++i) {
        if (i > 0)
            out.append(',');
        writeText(out, names[i].toUtf8());
    }
    out.append(kLineEnd);
}

void CsvTable::writeRow(TextBuffer &out)
{
    bool isFirst = true;
    for (Column &column : m_columns) {
        const ValueCursor begin = column.cursor;
        for (qint64 i = 0; i < column.valuesPerRow; ++i) {
            if (!std::exchange(isFirst, false))
                out.append(',');
            writeValue(out, column.cursor);
            column.cursor.next();
        }
        if (!column.hasState)
            continue;
        out.append(',');
        if (column.valuesPerRow == 1)
            out.append(valueStateName(begin.state()).toLatin1());
        else
            writeArrayStates(out, begin, column.valuesPerRow);
    }
    out.append(kLineEnd);
}

void CsvTable::writeValue(TextBuffer &out, const ValueCursor &cursor)
{
    if (cursor.state() != ValueState::Ok)
        return; // an empty cell
    switch (cursor.type()) {
    case ColumnType::Float64:
        out.append(cursor.number());
        break;
    case ColumnType::Int64:
        out.append(cursor.integer());
        break;
    case ColumnType::Bool:
        out.append(QByteArrayView(cursor.boolean() ? "true" : "false"));
        break;
    case ColumnType::Utf8:
        writeText(out, cursor.text());
        break;
    }
}

void CsvTable::writeText(TextBuffer &out, QByteArrayView text)
{
    const bool isPlain = !text.isEmpty() && !text.startsWith(' ') && !text.endsWith(' ') &&
                         std::none_of(text.begin(), text.end(), [](char byte) {
                             return byte == ',' || byte == '"' || byte == '\r' || byte == '\n';
                         });
    if (isPlain)
        return out.append(text);
    out.append('"');
    for (const char byte : text) {
        if (byte == '"')
            out.append('"');
        out.append(byte);
    }
    out.append('"');
}

void CsvTable::writeArrayStates(TextBuffer &out, ValueCursor cursor, qint64 count)
{
    bool isFirst = true;
    for (qint64 i = 0; i < count; ++i, cursor.next()) {
        if (cursor.state() == ValueState::Ok)
            continue;
        if (!std::exchange(isFirst, false))
            out.append(';');
        out.append(i);
        out.append(':');
        out.append(valueStateName(cursor.state()).toLatin1());
    }
    if (isFirst)
        out.append(QByteArrayView("ok"));
}

} // namespace birch
