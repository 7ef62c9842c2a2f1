#pragma once

#include "core/store/integrity/integrity_check.h"
#include "core/store/stored_scan.h"

#include <unordered_map>

namespace birch {

/// A measurement object as the checks of its data see it.
struct CheckedObject {
    StoredObject object;
    qint64 lab = 0;
    QString scanId;             ///< human id of its scan
    bool isEnded = false;       ///< nobody adds rows at present
    QString schemaProblem = {}; ///< "" or why its columns can not be read

    /// "scan bench-270115-001, iv"
    QString place() const;
    /// "scan bench-270115-001, iv, column 2 (current)"
    QString place(int column) const;
};

/// Objects of consecutive ids, by id, and the range that they span.
struct ObjectBatch {
    std::unordered_map<qint64, CheckedObject> objects;
    qint64 firstRow = 0; ///< id of the first one
    qint64 lastRow = 0;
};

/// Calls \a look with all measurement objects, some at a time, each time inside a snapshot that
/// holds the objects and what \a look reads.
Status forEachObjectBatch(IntegrityContext &context,
                          const std::function<Status(const ObjectBatch &)> &look);

} // namespace birch
