#pragma once

#include "core/data/series_source.h"

#include <QList>

#include <optional>

namespace birch {

/// The index columns of loops around the one that moves \a x: where one of them changes, x begins
/// anew. None while x has not moved yet,
/// or is not at hand.
std::optional<QList<int>> outerLoops(const SeriesSource &source, int x);

/// Each run of x is a line of its own: a gap before every block whose row is in another round of
/// one of \a loops than the block before it. Rows that are not at hand break nothing.
void breakAtLoops(const SeriesSource &source, const QList<int> &loops,
                  std::vector<SeriesBlock> *blocks);

} // namespace birch
