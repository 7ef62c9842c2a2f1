#pragma once

#include "core/data/pyramid.h"
#include "core/data/series_source.h"

#include <functional>

namespace birch {

/// One column as the reduction sees it.
struct ReducedColumn {
    const Pyramid *pyramid = nullptr; ///< null: the row's number
    /// Rows [first, first + count) as numbers into \a values; false when they are not at hand, then
    /// the pyramid's blocks are all there is.
    std::function<bool(qint64 first, qint64 count, double *values)> rows;
};

/// SeriesSource::reduce() over two pyramids that have grown together.
///
/// Descends from the widest blocks until a block is narrower than a pixel in x, or single rows: no
/// assumption about the order of x, so that snakes and loops come out right; what lies outside
/// [low, high] is left out unread. \a rowCount: rows that both columns have.
void reduceSeries(const ReducedColumn &x, const ReducedColumn &y, qint64 rowCount, double low,
                  double high, int pixels, std::vector<SeriesBlock> *blocks);

} // namespace birch
