#pragma once

#include "core/exchange/export_progress.h"

#include <QStringList>

namespace birch {

/// One HDF5 file laid out after NeXus, so that silx, h5py, nexpy and others open it as it is:
///
/// /entry (NXentry): title, start_time, end_time, entry_identifier (scan id),
///   entry_identifier_uuid, experiment_description, program_name
///   user, sample (NXuser, NXsample), instrument (NXinstrument: one group per nickname with its
///   definition, identity, `settings` and `settings_at_end`), birch (NXcollection: `metadata`, the
///   JSON document of scan_metadata.h) one NXdata per measurement object, a dataset per column,
///   rows first, arrays as arrays, with units and long_name; `<column>_<axis>` for the axis of an
///   array; signal, axes (the innermost setpoint, else time; then the array's axis) and
///   auxiliary_signals.
///
/// A flagged number is NaN (an integer stays as it was recorded); where a column has flagged
/// values,
/// `<column>_state` holds the state of each. Times are nanoseconds since 1970 UTC. The file is
/// written under a temporary name, synced and renamed.
Result<QStringList> exportNexus(ScanSource &source, const QList<int> &objects, const QString &path,
                                ExportProgress &progress);

} // namespace birch
