#include "core/data/spool_backlog.h"

#include "core/data/recovery.h"
#include "core/data/spool_reader.h"

#include <algorithm>

namespace birch {

namespace {
/// Adds the rows of one spool that are not in \a stored.
void addRows(SpoolReader &reader, const QList<qint64> &stored, SpoolBacklog *backlog)
{
    while (const auto record = reader.next()) {
        if (!record.value())
            return;
        const auto *rows = std::get_if<RowsRecord>(&*record.value());
        if (!rows)
            continue;
        const PointBatch &batch = rows->batch;
        const qint64 known = stored.value(batch.object) - batch.firstRow;
        const qint64 waiting = std::clamp(batch.rowCount() - known, qint64(0), batch.rowCount());
        if (waiting == 0)
            continue;
        backlog->rows += waiting;
        for (const ColumnValues &column : batch.columns)
            backlog->bytes += qint64(column.bytes().size()) + qint64(column.flags().size());
    }
}
} // namespace

QList<SpoolBacklog> spoolBacklogs(const QString &spoolDir, const StoredRows &stored)
{
    QList<SpoolBacklog> backlogs;
    for (const SpoolInfo &spool : listSpools(spoolDir, {})) {
        auto place = std::ranges::find(backlogs, spool.database, &SpoolBacklog::database);
        if (place == backlogs.end())
            place = backlogs.insert(backlogs.end(), SpoolBacklog{.database = spool.database});
        ++place->scans;
        place->running += spool.condition == SpoolCondition::Running ? 1 : 0;
        place->unreadable += spool.condition == SpoolCondition::Unreadable ? 1 : 0;
        auto reader = SpoolReader::open(spool.folder);
        if (reader)
            addRows(reader.value(), stored ? stored(spool.scan) : QList<qint64>(), &*place);
    }
    return backlogs;
}

} // namespace birch
