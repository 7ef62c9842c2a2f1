#pragma once

#include "core/data/point_batch.h"
#include "core/engine/derived_columns.h"
#include "core/engine/row_average.h"
#include "core/engine/run_handles.h"

#include <optional>
#include <span>
#include <vector>

namespace birch {

/// The rows of one measurement object that are read and not yet in the spool.
///
/// A row is made in two halves: its values (by reading into direct(), or in rounds through the
/// scratch columns), then finishRow(). Nothing allocates once the columns have grown. Engine
/// thread; does not move, because readers hold pointers into it.
class PointTable
{
public:
    PointTable(int position, const PlanObject &object, qint64 firstRow);
    PointTable(const PointTable &) = delete;
    PointTable &operator=(const PointTable &) = delete;

    /// Errors: BadInput - the plan's columns do not fit what its measurements yield.
    static Status check(const PlanObject &object);

    int averages() const { return m_averages; }
    /// Where a single read may write its row at once; empty where rows are put together.
    std::span<ColumnValues *const> direct() const { return m_direct; }
    /// Forgets what was counted in for a row that failed.
    void beginRow();
    /// Makes the scratch columns empty, for one more round of reads.
    void beginRound();
    /// Room for one read's row: \a read is its position in the object.
    std::span<ColumnValues *const> scratch(int read);
    /// Counts the rows in the scratch columns in, one per read of the object.
    void finishRound();
    /// Appends what was counted in as the values of the row.
    void takeRounds();

    /// Appends what people answered: a row each for the value columns.
    void answer(const std::vector<ColumnValues> &values);
    const ColumnValues &column(int position) const { return m_batch.columns[size_t(position)]; }
    /// Appends the values of a row that could not be read.
    void skipValues();
    /// Appends time, indices, setpoints and readbacks to the values that are there.
    void finishRow(qint64 timeNs, std::span<const qint64> indices,
                   std::span<const MovementHandle> movements);

    qint64 rowCount() const { return m_rows; }
    qint64 byteCount() const { return m_rows * m_bytesPerRow; } ///< texts estimated
    const PointBatch &batch() const { return m_batch; }
    /// All columns have the same number of rows: false is a bug of an instrument.
    bool isRectangular() const;
    /// The rows are in the spool: makes room for the next.
    void clear();

private:
    struct Target { ///< of one column of one read
        ColumnValues scratch;
        ColumnValues *values;
        ColumnValues *deviation = nullptr; ///< with count: where averages are recorded
        ColumnValues *count = nullptr;
        std::optional<RowAverage> average;
    };

    int m_averages;
    int m_indexColumns;
    QList<int> m_movements;
    PointBatch m_batch;
    qint64 m_rows = 0;
    qint64 m_bytesPerRow = 0;
    int m_firstValue;
    DerivedColumns m_derived;
    std::vector<ColumnValues *> m_direct;
    std::vector<std::vector<Target>> m_targets; ///< per read
    std::vector<std::vector<ColumnValues *>> m_scratch;
};

} // namespace birch
