#pragma once

#include "core/data/run_store.h"
#include "core/store/connection.h"
#include "core/store/session.h"

namespace birch {

/// Where a scan belongs, as database ids; null where nothing was chosen.
struct ScanPlace {
    qint64 labRow = 0;
    QVariant sampleRow;
    QVariant projectRow;
};

/// Sample by uid, project by name (made in the scan's lab when there is none of that name: a scan
/// is not held up by paperwork); lab of the sample, else of the project, else homeLab().
/// Errors: NotFound - no such sample; Conflict - the project is in the trash; Denied - it would
/// have to be made.
Result<ScanPlace> resolvePlace(Connection &connection, const Session &session,
                               const ScanDetails &details);

/// Id of the station, which is registered when it is new.
Result<qint64> stationRow(Connection &connection, const Session &session, const QString &station);

/// The lab that the database was made for.
Result<qint64> defaultLabRow(Connection &connection);

} // namespace birch
