#pragma once

#include "core/store/upkeep/merge_map.h"

namespace birch {

/// Tells of every row that is in both and differs, by fields; who changed it last and how often
/// does not count.
Status compareKnown(Connection &source, const TableCatalogue &catalogue, Connection &target,
                    const TableCatalogue &targetCatalogue, const MergeMap &map,
                    MergeReport *report);

/// Settings that only the source has come along. In the caller's transaction, as below.
Status mergeSettings(Connection &source, Connection &target, MergeReport *report);
/// The higher number counts: no id is given twice.
Status raiseCounters(Connection &source, Connection &target, MergeReport *report);

} // namespace birch
