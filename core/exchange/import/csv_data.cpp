#include "core/exchange/import/csv_data.h"

#include "core/exchange/import/column_gatherer.h"
#include "core/exchange/import/source_ids.h"

#include <QFileInfo>

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr double kExact = 9007199254740992.0; // 2^53: beyond it a double loses digits
constexpr qint64 kNsPerUs = 1000;

std::optional<ValueState> stateOf(const QString &text)
{
    for (ValueState state :
         {ValueState::Ok, ValueState::Overload, ValueState::NotANumber, ValueState::Skipped}) {
        if (text == valueStateName(state))
            return state;
    }
    return std::nullopt;
}
} // namespace

std::optional<double> CsvData::number(const QString &cell) const
{
    QString text = cell.trimmed();
    if (m_isDecimalComma)
        text.replace(u',', u'.');
    bool isNumber = false;
    const double value = text.toDouble(&isNumber);
    return isNumber ? std::optional(value) : std::nullopt;
}

void CsvData::findColumns(const QStringList &header)
{
    for (qsizetype i = 0; i < header.size(); ++i) {
        const ColumnHeading heading = columnHeading(header[i]);
        const bool isState = header[i].endsWith(u".state"_s) && i > 0 &&
                             columnHeading(header[i - 1]).name == header[i].chopped(6);
        if (isState) {
            m_columns.back().state = i;
            continue;
        }
        Column column;
        column.cell = i;
        m_columns.push_back(column);
        if (heading.name == u"time"_s && heading.unit == u"ns"_s)
            m_timeCell = i;
    }
}

void CsvData::lookAt(const QStringList &cells)
{
    ++m_rows;
    for (Column &column : m_columns) {
        const QString text = cells[column.cell].trimmed();
        if (text.isEmpty())
            continue;
        column.isEmpty = false;
        const auto value = number(text);
        bool isWhole = false;
        (void)text.toLongLong(&isWhole);
        column.isNumber = column.isNumber && value.has_value();
        column.isWhole = column.isWhole && isWhole;
        column.isLarge = column.isLarge || (value && std::abs(*value) >= kExact);
        column.isBool = column.isBool && (text == u"true"_s || text == u"false"_s);
    }
    if (m_timeCell < 0)
        return;
    bool isTime = false;
    const qint64 us = cells[m_timeCell].trimmed().toLongLong(&isTime) / kNsPerUs;
    if (isTime)
        m_times = {m_times ? m_times->first : us, us};
}

ColumnType CsvData::typeOf(const Column &column) const
{
    const bool isTime = column.cell == m_timeCell;
    if (column.isEmpty)
        return ColumnType::Float64;
    if (column.isNumber)
        return column.isWhole && (column.isLarge || isTime) ? ColumnType::Int64
                                                            : ColumnType::Float64;
    return column.isBool ? ColumnType::Bool : ColumnType::Utf8;
}

void CsvData::makeSchema(const QStringList &header)
{
    QStringList names;
    for (const Column &column : m_columns)
        names << columnHeading(header[column.cell]).name;
    m_schema.name = QFileInfo(m_path).completeBaseName();
    m_schema.nodeId = QUuid::fromString(importedUid(u"csv node/"_s + m_schema.name));
    for (const Column &column : m_columns) {
        const ColumnHeading heading = columnHeading(header[column.cell]);
        const bool isAlone = names.count(heading.name) == 1 && !heading.name.isEmpty();
        ColumnSpec spec;
        spec.name = isAlone ? heading.name : header[column.cell];
        spec.unit = isAlone ? heading.unit : QString();
        spec.type = typeOf(column);
        spec.role = column.cell == m_timeCell && spec.type == ColumnType::Int64 ? ColumnRole::Time
                    : heading.isSetpoint ? ColumnRole::Setpoint
                                         : ColumnRole::Value;
        m_schema.columns.append(spec);
    }
}

Status CsvData::look()
{
    auto reader = CsvReader::open(m_path, m_delimiter);
    if (!reader)
        return reader.error();
    m_isDecimalComma = reader.value().delimiter() == ';';
    findColumns(reader.value().header());
    for (;;) {
        const auto cells = reader.value().next();
        if (!cells)
            return cells.error();
        if (!cells.value())
            break;
        lookAt(*cells.value());
    }
    makeSchema(reader.value().header());
    return ok();
}

void CsvData::append(const Column &column, const QStringList &cells, bool wasQuoted,
                     ColumnValues &values) const
{
    const QString &cell = cells[column.cell];
    const QString text = cell.trimmed();
    std::optional<ValueState> state;
    if (column.state >= 0)
        state = stateOf(cells[column.state].trimmed());
    const bool isText = values.type() == ColumnType::Utf8;
    if (text.isEmpty() && !(isText && wasQuoted))
        return values.appendMissingRow(state.value_or(ValueState::Skipped));
    switch (values.type()) {
    case ColumnType::Float64: {
        const double value = *number(cell);
        const ValueState found = std::isnan(value) ? ValueState::NotANumber : ValueState::Ok;
        return values.appendDouble(value, state.value_or(found));
    }
    case ColumnType::Int64:
        return values.appendInt(text.toLongLong(), state.value_or(ValueState::Ok));
    case ColumnType::Bool:
        return values.appendBool(text == u"true"_s, state.value_or(ValueState::Ok));
    case ColumnType::Utf8:
        return values.appendText(cell, state.value_or(ValueState::Ok));
    }
}

Status CsvData::write(FinishedScanWriter &writer)
{
    auto reader = CsvReader::open(m_path, m_delimiter);
    if (!reader)
        return reader.error();
    const qint64 atOnce = FinishedScanWriter::rowsPerChunk(m_schema);
    std::vector<ColumnValues> columns;
    for (const ColumnSpec &spec : m_schema.columns)
        columns.emplace_back(spec.type);
    qint64 gathered = 0;
    for (qint64 row = 0; row < m_rows; ++row) {
        const auto cells = reader.value().next();
        if (!cells)
            return cells.error();
        if (!cells.value())
            return Error{ErrorCode::Conflict,
                         tr("%1 was written while it was read: run the import again").arg(m_path)};
        for (size_t i = 0; i < m_columns.size(); ++i)
            append(m_columns[i], *cells.value(), reader.value().wasQuoted(m_columns[i].cell),
                   columns[i]);
        if (++gathered < atOnce && row + 1 < m_rows)
            continue;
        if (Status done = writer.append(0, columns); !done)
            return done;
        for (ColumnValues &column : columns)
            column.clear();
        gathered = 0;
    }
    return ok();
}

} // namespace birch
