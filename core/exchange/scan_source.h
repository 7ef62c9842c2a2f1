#pragma once

#include "core/base/column_values.h"
#include "core/base/result.h"
#include "core/data/run_store.h"

#include <QJsonObject>

#include <optional>

namespace birch {

/// One measurement object of a scan that is to be exported.
struct ExportedObject {
    TableSchema schema;
    qint64 rows = 0;
    /// Per column: does any value carry a state other than Ok? Known before the first row is read.
    QList<bool> hasFlags;
};

/// Everything that is said about a scan in an export.
struct ExportedScan {
    QUuid uid;
    QString scanId; ///< human id
    QString station;
    ScanState state = ScanState::Completed;
    QString reason; ///< of the ending
    ScanDetails details;
    QJsonObject sample;   ///< the sample's fields by name; empty: none
    QString queueUid;     ///< "" for none
    qint64 startedUs = 0; ///< microseconds UTC
    std::optional<qint64> endedUs;
    qint64 pointsPlanned = 0;
    QString softwareVersion;
    QJsonObject settings;    ///< nickname -> {parameter: value}, as at the start
    QJsonObject endSettings; ///< the same at the end; empty: not read
    QJsonObject instruments; ///< nickname -> {definition, version, identity, parameters}
    QJsonObject bench;       ///< the file it ran on: {file, version, text}
    QJsonObject tree;
    QList<ScanLogEntry> log;
    QList<ExportedObject> objects;
};

/// Where an export reads from: a stored scan, or a test's own. Belongs to one thread; read() blocks
/// for the database.
class ScanSource
{
public:
    virtual ~ScanSource() = default;

    /// Constant: a scan that goes on is exported as far as it was when the source was made.
    virtual const ExportedScan &scan() const = 0;
    /// Rows \a from to \a to (not included) of one column.
    virtual Result<ColumnValues> read(int object, int column, qint64 from, qint64 to) = 0;
};

} // namespace birch
