#pragma once

#include "app/session/station_data.h"

namespace birch {

/// Whether another program of this station records a scan with the instrument \a nickname at the
/// moment: leases are known within a program only. Blocks for the disk. Errors: Conflict, naming
/// the scan and what to do.
Status checkUnused(const StationData &data, const QString &nickname);

} // namespace birch
