#pragma once

#include "core/data/run_store.h"
#include "core/store/connection.h"

#include <vector>

namespace birch {

/// One measurement object as stored.
struct StoredObject {
    qint64 id = 0;
    TableSchema schema;
    qint64 rowsStored = 0;
};

/// What the writer needs to know of a scan.
struct StoredScan {
    qint64 id = 0;
    qint64 labId = 0;
    QUuid uid;
    QString scanId;
    int epoch = 0;
    ScanState state = ScanState::Queued;
    QJsonObject cursor;
    std::vector<StoredObject> objects; ///< by position
};

/// Errors: NotFound - not in this database.
Result<StoredScan> loadScan(Connection &connection, const QUuid &uid);
/// Objects of the scan with the database id \a scanRow, in order; without rows that came too late.
Result<std::vector<StoredObject>> loadObjects(Connection &connection, qint64 scanRow);

} // namespace birch
