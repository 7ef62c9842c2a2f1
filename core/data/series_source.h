#pragma once

#include "core/data/point_batch.h"

#include <optional>
#include <vector>

namespace birch {

struct ValueRange {
    double low = 0;
    double high = 0;
    bool operator==(const ValueRange &) const = default;
};

/// Consecutive rows of one trace, reduced to what a pixel can show; a single row has rows == 1 and
/// all its y alike. In row order, so that drawing a line from each block's last to the next one's
/// first gives the trace.
struct SeriesBlock {
    double xFirst = 0;
    double xLast = 0;
    double yFirst = 0;
    double yLast = 0;
    double yMin = 0;
    double yMax = 0;
    qint64 firstRow = 0;
    qint64 rows = 0;
    bool startsGap = false; ///< rows without a number lie before it: no line from the block before
};

inline constexpr int kRowNumber = -1; ///< as x column: the row's number

/// One measurement object to draw: of the running scan (from the ring and its pyramid) or of a
/// stored one (from the stored overviews). Called on the thread that draws; answers in about a
/// millisecond whatever the size, never waits for a disk that is slow (a stored source answers what
/// it has and becomes complete later). Flagged and non-finite values are gaps.
class SeriesSource
{
public:
    virtual ~SeriesSource() = default;

    virtual const TableSchema &schema() const = 0; ///< constant
    virtual qint64 rowCount() const = 0;           ///< grows while the scan runs
    /// Over everything so far; of an array column over all elements. None: no number yet.
    virtual std::optional<ValueRange> range(int column) const = 0;
    /// Column \a y over column \a x (or kRowNumber) between \a low and \a high of x, one block
    /// before and after included, into \a blocks (cleared first): about \a pixels blocks where x is
    /// monotonic, else blocks narrower than a pixel of (high - low) / pixels.
    virtual void reduce(int x, int y, double low, double high, int pixels,
                        std::vector<SeriesBlock> *blocks) const = 0;
    /// Rows [first, first + count) of a scalar column as numbers, NaN where flagged; clipped to
    /// rowCount().
    virtual std::vector<double> values(int column, qint64 first, qint64 count) const = 0;
    /// All elements of an array column at \a row; empty when there is no such row.
    virtual std::vector<double> arrayAt(int column, qint64 row) const = 0;
};

} // namespace birch
