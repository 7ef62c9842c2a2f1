#pragma once

#include "core/data/series_source.h"
#include "core/store/stored_scan.h"

#include <memory>
#include <mutex>

namespace birch {

/// One measurement object of a stored scan, for the charts.
///
/// What load() has brought can be drawn; a column that was not loaded is empty. Small columns are
/// held whole, large ones as blocks of the stored overview (kilobytes to a few megabytes), made
/// from the chunks where there is no overview yet.
class StoredSeries final : public SeriesSource
{
    Q_DECLARE_TR_FUNCTIONS(StoredSeries)
public:
    struct Limits {
        qint64 wholeRows = qint64(1) << 21; ///< columns up to this are held whole
        qint64 blocks = qint64(1) << 16;    ///< of a larger column
    };
    explicit StoredSeries(StoredObject object)
        : StoredSeries(std::move(object), Limits())
    {
    }
    StoredSeries(StoredObject object, const Limits &limits);
    ~StoredSeries() override;

    /// Reads a column; on the thread of \a connection, also while another thread draws. Of an array
    /// column: all rows where they are few, else the last one.
    Status load(Connection &connection, int column);
    /// Reads one row of an array column.
    Status loadArray(Connection &connection, int column, qint64 row);
    bool isLoaded(int column) const;

    const TableSchema &schema() const override { return m_object.schema; }
    qint64 rowCount() const override { return m_object.rowsStored; }
    std::optional<ValueRange> range(int column) const override;
    void reduce(int x, int y, double low, double high, int pixels,
                std::vector<SeriesBlock> *blocks) const override;
    /// Empty for a column that is not held whole.
    std::vector<double> values(int column, qint64 first, qint64 count) const override;
    std::vector<double> arrayAt(int column, qint64 row) const override;

private:
    struct Column;
    std::shared_ptr<const Column> column(int index) const;
    void publish(int index, std::shared_ptr<const Column> column);
    Result<std::shared_ptr<Column>> readWhole(Connection &connection, int index) const;
    Result<std::shared_ptr<Column>> readBlocks(Connection &connection, int index) const;
    Result<std::shared_ptr<Column>> readArrays(Connection &connection, int index, qint64 firstRow,
                                               qint64 rows) const;

    const StoredObject m_object;
    const Limits m_limits;
    int m_level = 0;                   ///< of the overview that large columns are drawn from
    mutable std::mutex m_columnsMutex; // guards m_columns, not what they point to
    std::vector<std::shared_ptr<const Column>> m_columns;
};

} // namespace birch
