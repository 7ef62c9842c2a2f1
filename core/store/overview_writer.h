#pragma once

#include "core/data/pyramid.h"
#include "core/store/stored_scan.h"

namespace birch {

// How the pyramid of core/data lies in data_overviews: level by level, kOverviewBlocks consecutive
// blocks in a row, complete blocks only. Level 0 (64 rows a block) is left out: it would be a sixth
// of the data, and a chunk is read as fast.
inline constexpr int kFirstOverviewLevel = 1;
inline constexpr qint64 kOverviewBlocks = 256;

/// Rows of the column that one full row of data_overviews stands for.
constexpr qint64 overviewRows(int level)
{
    return Pyramid::rowsPerBlock(level) * kOverviewBlocks;
}

/// True for columns that charts draw from blocks: scalar numbers.
bool hasOverview(const ColumnSpec &column);

/// Keeps data_overviews up to date inside the caller's transaction: a row is written when it is
/// full, and the unfinished ones when the scan ends. Keeps nothing in memory: it starts from what
/// is stored, whoever stored it. Belongs to the connection's thread.
class OverviewWriter
{
public:
    explicit OverviewWriter(Connection &connection)
        : m_connection(connection)
    {
    }

    /// \a object has grown from \a rowsBefore to \a rowsAfter rows, all of them in data_chunks.
    Status update(const StoredObject &object, qint64 labRow, qint64 rowsBefore, qint64 rowsAfter,
                  bool isEnd);

    /// The blocks of \a segment of \a level (kOverviewBlocks of them when it is full), made from
    /// what lies below, when \a rows rows exist. Errors: Storage - rows are missing or damaged.
    Result<std::vector<PyramidBlock>> segment(const StoredObject &object, int column, int level,
                                              qint64 segment, qint64 rows);

private:
    struct Column {
        const StoredObject &object;
        qint64 labRow;
        int index;
    };
    Status writeColumn(const Column &column, qint64 rowsBefore, qint64 rowsAfter, bool isEnd);
    /// Writes \a segment of \a level from what lies below; at most \a rows rows exist.
    Status writeSegment(const Column &column, int level, qint64 segment, qint64 rows);
    Result<std::vector<PyramidBlock>> fromValues(const StoredObject &object, int column,
                                                 qint64 from, qint64 to);
    Result<std::vector<PyramidBlock>> fromBelow(const StoredObject &object, int column, int level,
                                                qint64 segment);

    Connection &m_connection;
};

} // namespace birch
