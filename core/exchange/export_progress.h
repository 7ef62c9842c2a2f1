#pragma once

#include "core/base/result.h"
#include "core/exchange/scan_source.h"

#include <functional>
#include <stop_token>

namespace birch {

/// Counts what an export has written, tells whoever wants to know, and notices that it shall stop.
/// On the thread of the export.
class ExportProgress
{
public:
    /// \a told gets values written so far and altogether.
    using Told = std::function<void(qint64 done, qint64 total)>;

    ExportProgress(const ExportedScan &scan, const QList<int> &objects, Told told,
                   std::stop_token stop);

    /// \a values more are written. Errors: Cancelled.
    Status advance(qint64 values);

private:
    qint64 m_done = 0;
    qint64 m_total = 0;
    Told m_told;
    std::stop_token m_stop;
};

/// Rows to read at a time, so that a chunk of all columns takes tens of megabytes at most.
qint64 rowsAtATime(const TableSchema &schema);

/// Reads one column chunk by chunk, \a take gets each with its first row.
Status eachChunk(ScanSource &source, int object, int column, ExportProgress &progress,
                 const std::function<Status(const ColumnValues &chunk, qint64 firstRow)> &take);

} // namespace birch
