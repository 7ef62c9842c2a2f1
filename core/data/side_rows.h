#pragma once

#include "core/data/run_store.h"

namespace birch {

/// Where rows go that a station had acquired for a scan before it was taken from it, and brings
/// only after another station has continued the scan: tables of their own beside those of the scan.
struct SideRows {
    QUuid scan;
    int epoch = 0;            ///< that is over
    QList<qint64> base;       ///< per object: rows the scan had when it was taken over
    QList<qint64> rowsStored; ///< per object: base and what the side tables hold already
};

} // namespace birch
