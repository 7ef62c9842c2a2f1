#pragma once

#include "core/data/series_source.h"

#include <memory>

namespace birch {

/// One row of an array column as a trace: column 0 is the axis (or the element's number), column 1
/// the values. Follows the newest row, or stays at the one it was told.
class ArrayRowSource final : public SeriesSource
{
public:
    ArrayRowSource(std::shared_ptr<const SeriesSource> source, int column);

    void setRow(qint64 row); ///< -1: follow the newest
    qint64 shownRow() const { return m_shownRow; }
    /// Fetches what is to be shown; false when nothing changed.
    bool update();

    const TableSchema &schema() const override { return m_schema; }
    qint64 rowCount() const override { return qint64(m_values.size()); }
    std::optional<ValueRange> range(int column) const override;
    void reduce(int x, int y, double low, double high, int pixels,
                std::vector<SeriesBlock> *blocks) const override;
    std::vector<double> values(int column, qint64 first, qint64 count) const override;
    std::vector<double> arrayAt(int, qint64) const override { return {}; }

private:
    double xAt(size_t index) const;

    std::shared_ptr<const SeriesSource> m_source;
    int m_column;
    TableSchema m_schema;
    std::vector<double> m_axis; ///< empty: element numbers
    std::vector<double> m_values;
    qint64 m_row = -1;
    qint64 m_shownRow = -1;
};

} // namespace birch
