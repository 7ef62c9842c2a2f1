#pragma once

#include "core/data/series_source.h"

#include <algorithm>
#include <cmath>

namespace birch::test {

/// A series held in plain vectors, reduced in the slowest obvious way: for tests of what draws.
class MemorySeries final : public SeriesSource
{
public:
    explicit MemorySeries(TableSchema schema)
        : m_schema(std::move(schema))
        , m_columns(size_t(m_schema.columns.size()))
    {
    }

    void addRow(const std::vector<double> &values)
    {
        for (size_t i = 0; i < m_columns.size(); ++i)
            m_columns[i].push_back(values[i]);
    }

    void clearRows()
    {
        for (auto &values : m_columns)
            values.clear();
    }

    const TableSchema &schema() const override { return m_schema; }
    qint64 rowCount() const override { return m_columns.empty() ? 0 : qint64(m_columns[0].size()); }
    std::optional<ValueRange> range(int column) const override
    {
        std::optional<ValueRange> range;
        for (const double value : m_columns[size_t(column)]) {
            if (!std::isfinite(value))
                continue;
            range = range ? ValueRange{std::min(range->low, value), std::max(range->high, value)}
                          : ValueRange{value, value};
        }
        return range;
    }
    void reduce(int x, int y, double, double, int, std::vector<SeriesBlock> *blocks) const override
    {
        blocks->clear();
        bool isGap = false;
        for (qint64 row = 0; row < rowCount(); ++row) {
            const double at = x == kRowNumber ? double(row) : m_columns[size_t(x)][size_t(row)];
            const double value = m_columns[size_t(y)][size_t(row)];
            if (!std::isfinite(value) || !std::isfinite(at)) {
                isGap = true;
                continue;
            }
            blocks->push_back(
                {at, at, value, value, value, value, row, 1, isGap && !blocks->empty()});
            isGap = false;
        }
    }
    std::vector<double> values(int column, qint64 first, qint64 count) const override
    {
        const auto &all = m_columns[size_t(column)];
        const qint64 end = std::min(first + count, rowCount());
        return {all.begin() + first, all.begin() + end};
    }
    std::vector<double> arrayAt(int, qint64 row) const override
    {
        if (row < 0 || row >= qint64(arrays.size()))
            return {};
        return arrays[size_t(row)];
    }

    std::vector<std::vector<double>> arrays; ///< one per row, for the array column

private:
    TableSchema m_schema;
    std::vector<std::vector<double>> m_columns;
};

inline ColumnSpec column(const QString &name, const QString &unit, ColumnRole role)
{
    ColumnSpec spec;
    spec.name = name;
    spec.unit = unit;
    spec.role = role;
    return spec;
}

} // namespace birch::test
