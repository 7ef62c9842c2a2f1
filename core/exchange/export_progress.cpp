#include "core/exchange/export_progress.h"

#include <QCoreApplication>

#include <algorithm>

namespace birch {

namespace {
/// Whole store chunks where rows are small.
constexpr qint64 kMostRows = 16384;
constexpr qint64 kMostValues = 4 * 1024 * 1024;

qint64 valuesPerRow(const TableSchema &schema)
{
    qint64 count = 0;
    for (const ColumnSpec &column : schema.columns)
        count += column.valuesPerRow();
    return std::max<qint64>(count, 1);
}
} // namespace

ExportProgress::ExportProgress(const ExportedScan &scan, const QList<int> &objects, Told told,
                               std::stop_token stop)
    : m_told(std::move(told))
    , m_stop(std::move(stop))
{
    for (const int object : objects)
        m_total += scan.objects[object].rows * valuesPerRow(scan.objects[object].schema);
}

Status ExportProgress::advance(qint64 values)
{
    m_done = std::min(m_done + values, m_total); // states of values are not counted again
    if (m_told)
        m_told(m_done, m_total);
    if (m_stop.stop_requested())
        return Error{ErrorCode::Cancelled,
                     QCoreApplication::translate("birch::ExportProgress",
                                                 "The export was cancelled: nothing was written")};
    return ok();
}

qint64 rowsAtATime(const TableSchema &schema)
{
    return std::clamp<qint64>(kMostValues / valuesPerRow(schema), 1, kMostRows);
}

Status eachChunk(ScanSource &source, int object, int column, ExportProgress &progress,
                 const std::function<Status(const ColumnValues &, qint64)> &take)
{
    const ExportedObject &exported = source.scan().objects[object];
    const qint64 step = rowsAtATime(exported.schema);
    for (qint64 from = 0; from < exported.rows; from += step) {
        const qint64 to = std::min(from + step, exported.rows);
        const auto chunk = source.read(object, column, from, to);
        if (!chunk)
            return chunk.error();
        if (Status taken = take(chunk.value(), from); !taken)
            return taken;
        if (Status going = progress.advance(chunk.value().valueCount()); !going)
            return going;
    }
    return ok();
}

} // namespace birch
