#pragma once

#include "core/data/pyramid.h"
#include "core/data/series_source.h"

#include <mutex>

namespace birch {

/// One measurement object of a running scan, held in memory for the charts.
///
/// append() runs on the engine thread and waits for nobody; everything else may be called on any
/// thread at any time and sees whole rows. Every reader keeps its own place; nothing is signalled.
/// Numbers are kept as doubles (a time in ns to about 0.3 µs): exact values come from the store.
/// Rows are counted from where this program started or continued the scan.
class LiveSeries final : public SeriesSource
{
public:
    /// Bytes kept of one array column; rows beyond that are dropped but for the newest.
    static constexpr qint64 kArrayBytes = qint64(256) << 20;

    /// \a firstRow: rows stored before a continuation; they are not in memory.
    explicit LiveSeries(TableSchema schema, qint64 firstRow = 0);
    ~LiveSeries() override;

    /// Engine thread. Rows that do not join on are left out: a chart may skip.
    void append(const PointBatch &batch);

    const TableSchema &schema() const override { return m_schema; }
    qint64 rowCount() const override { return m_rows.load(std::memory_order_acquire); }
    std::optional<ValueRange> range(int column) const override;
    void reduce(int x, int y, double low, double high, int pixels,
                std::vector<SeriesBlock> *blocks) const override;
    std::vector<double> values(int column, qint64 first, qint64 count) const override;
    std::vector<double> arrayAt(int column, qint64 row) const override;

private:
    struct ScalarColumn;
    struct ArrayColumn;

    void appendScalar(ScalarColumn &to, const ColumnValues &from);
    void appendArray(ArrayColumn &to, const ColumnValues &from);
    const ScalarColumn *scalar(int column) const;
    const ArrayColumn *array(int column) const;

    const TableSchema m_schema;
    const qint64 m_firstRow;
    std::vector<std::unique_ptr<ScalarColumn>> m_scalars; ///< per column; null: an array or text
    std::vector<std::unique_ptr<ArrayColumn>> m_arrays;   ///< per column; null: a scalar or text
    std::atomic<qint64> m_rows{0};                        ///< published after all columns have them
    std::vector<double> m_scratch;                        ///< engine thread
};

} // namespace birch
