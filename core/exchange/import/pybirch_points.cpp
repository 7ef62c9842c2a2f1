#include "core/exchange/import/pybirch_points.h"

#include "core/exchange/import/source_values.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qsizetype kMaxExamples = 5;
constexpr qint64 kNsPerUs = 1000;

ColumnSpec plain(const QString &name, const QString &unit, ColumnType type, ColumnRole role)
{
    ColumnSpec column;
    column.name = name;
    column.unit = unit;
    column.type = type;
    column.role = role;
    return column;
}
} // namespace

Status PybirchPoints::eachPoint(const SqliteSource::OnRow &onRow) const
{
    return m_source.eachWhere(u"measurement_data_points"_s, u"measurement_object_id"_s, m_object,
                              {u"sequence_index"_s, u"id"_s}, onRow);
}

std::optional<QJsonObject> PybirchPoints::values(const SourceRow &row)
{
    const QJsonValue json = sourceJson(row.value(u"values"_s));
    if (json.isUndefined())
        return std::nullopt;
    if (json.isObject())
        return json.toObject();
    return QJsonObject{{u"value"_s, json}};
}

Status PybirchPoints::look(const QStringList &names, const QString &unit,
                           std::optional<qint64> made, const SourceClock &clock)
{
    m_gatherer = ColumnGatherer(names);
    const Status read = eachPoint([&](const SourceRow &row) {
        lookAt(row, made, clock);
        return ok();
    });
    if (!read)
        return read;
    makeColumns(unit);
    return ok();
}

void PybirchPoints::lookAt(const SourceRow &row, std::optional<qint64> made,
                           const SourceClock &clock)
{
    const auto found = values(row);
    if (!found) {
        QStringList &examples = m_counts.bad[tr("its values are no JSON")];
        if (examples.size() < kMaxExamples)
            examples << row.text(u"id"_s);
        ++m_counts.badCount;
        return;
    }
    m_gatherer.look(*found);
    if (const auto time = timeWithoutZone(row.text(u"timestamp"_s))) {
        m_hasTime = true;
        if (!m_offset)
            m_offset = *time - clock.utc(*time, made);
    }
    const QVariant sequence = row.value(u"sequence_index"_s);
    m_hasSequence = m_hasSequence || (sequence.isValid() && sequence.toLongLong() != m_counts.good);
    m_hasExtra = m_hasExtra || !sourceJson(row.value(u"extra_data"_s)).isUndefined();
    ++m_counts.good;
}

void PybirchPoints::makeColumns(const QString &unit)
{
    QList<ColumnSpec> values = m_gatherer.columns();
    if (values.size() == 1 && values[0].unit.isEmpty())
        values[0].unit = unit;
    QStringList taken;
    for (const ColumnSpec &column : values)
        taken << column.name;
    const auto free = [&taken](const QString &name) {
        return taken.contains(name) ? name + u" (PyBirch)"_s : name;
    };
    m_columns.clear();
    if (m_hasTime)
        m_columns << plain(free(u"time"_s), u"ns"_s, ColumnType::Int64, ColumnRole::Time);
    if (m_hasSequence)
        m_columns << plain(free(u"sequence"_s), {}, ColumnType::Int64, ColumnRole::Index);
    m_columns += values;
    if (m_hasExtra)
        m_columns << plain(free(u"extra_data"_s), {}, ColumnType::Utf8, ColumnRole::Value);
}

std::vector<ColumnValues> PybirchPoints::emptyColumns() const
{
    std::vector<ColumnValues> columns;
    for (const ColumnSpec &column : m_columns)
        columns.emplace_back(column.type, column.valuesPerRow());
    return columns;
}

void PybirchPoints::add(const SourceRow &row, const QJsonObject &values,
                        std::vector<ColumnValues> &columns) const
{
    size_t at = 0;
    if (m_hasTime) {
        const auto time = timeWithoutZone(row.text(u"timestamp"_s));
        if (time)
            columns[at].appendInt((*time - *m_offset) * kNsPerUs);
        else
            columns[at].appendMissingRow(ValueState::Skipped);
        ++at;
    }
    if (m_hasSequence) {
        if (row.value(u"sequence_index"_s).isValid())
            columns[at].appendInt(row.integer(u"sequence_index"_s));
        else
            columns[at].appendMissingRow(ValueState::Skipped);
        ++at;
    }
    const size_t behind = columns.size() - (m_hasExtra ? 1 : 0);
    m_gatherer.add(values, std::span(columns).subspan(at, behind - at));
    if (!m_hasExtra)
        return;
    const QVariant extra = row.value(u"extra_data"_s);
    if (isMeaningful(extra))
        columns.back().appendText(extra.toString());
    else
        columns.back().appendMissingRow(ValueState::Skipped);
}

Status
PybirchPoints::read(qint64 rowsAtOnce,
                    const std::function<Status(const std::vector<ColumnValues> &)> &onRows) const
{
    std::vector<ColumnValues> columns = emptyColumns();
    qint64 gathered = 0;
    const Status read = eachPoint([&](const SourceRow &row) {
        const auto found = values(row);
        if (!found)
            return ok();
        add(row, *found, columns);
        if (++gathered < rowsAtOnce)
            return ok();
        gathered = 0;
        const Status taken = onRows(columns);
        for (ColumnValues &column : columns)
            column.clear();
        return taken;
    });
    if (!read || gathered == 0)
        return read;
    return onRows(columns);
}

} // namespace birch
