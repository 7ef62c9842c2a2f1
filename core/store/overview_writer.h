#pragma once

#include "core/data/pyramid.h"
#include "core/store/stored_scan.h"

#include <span>

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

    /// An object that has grown to its rowsStored rows, all of them in data_chunks.
    struct Growth {
        const StoredObject &object;
        qint64 labRow = 0;
        qint64 rowsBefore = 0;
        std::span<const Chunk> added; ///< of this object, if at hand: saves reading them back
    };
    /// \a isEnd: nothing will be added soon, so unfinished rows are written too.
    Status update(const Growth &growth, bool isEnd);

    /// The blocks of \a segment of \a level (kOverviewBlocks of them when it is full), made from
    /// what lies below, when \a rows rows exist. Errors: Storage - rows are missing or damaged.
    Result<std::vector<PyramidBlock>> segment(StoredObject object, int column, int level,
                                              qint64 segment, qint64 rows);

private:
    Status writeColumn(const Growth &growth, int column, bool isEnd);
    /// Writes \a segment of \a level from what lies below.
    Status writeSegment(const Growth &growth, int column, int level, qint64 segment);
    Status write(const Growth &growth, int column, int level, qint64 firstBlock,
                 const QByteArray &payload);
    Result<std::vector<PyramidBlock>> blocks(const Growth &growth, int column, int level,
                                             qint64 segment);
    Result<std::vector<double>> numbers(const Growth &growth, int column, qint64 from, qint64 to);
    Result<std::vector<PyramidBlock>> fromValues(const Growth &growth, int column, qint64 from,
                                                 qint64 to);
    Result<std::vector<PyramidBlock>> fromBelow(const StoredObject &object, int column, int level,
                                                qint64 segment);

    Connection &m_connection;
};

} // namespace birch
