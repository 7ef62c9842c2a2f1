#include "core/store/timing_table.h"

#include "core/base/id.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr auto kWall = "wall"_L1;

Status storeRow(Connection &connection, qint64 scanRow, int epoch, const QVariantList &key,
                qint64 stretches, qint64 ns, qint64 longestNs)
{
    return connection.execute(
        u"INSERT INTO scan_timings (scan_id, epoch, lane, node_uid, operation, part, stretches, "
        "total_ns, longest_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (scan_id, epoch, lane, node_uid, operation, part) DO UPDATE SET "
        "stretches = excluded.stretches, total_ns = excluded.total_ns, "
        "longest_ns = excluded.longest_ns"_s,
        QVariantList{scanRow, epoch} + key + QVariantList{stretches, ns, longestNs});
}
} // namespace

Status storeTiming(Connection &connection, qint64 scanRow, int epoch, const ScanTiming &timing)
{
    const QString none = u""_s; // not null
    if (Status done = storeRow(connection, scanRow, epoch, {none, none, none, QString(kWall)}, 1,
                               timing.wallNs, timing.wallNs);
        !done)
        return done;
    for (const TimingEntry &entry : timing.entries) {
        const QVariantList key{entry.lane.isEmpty() ? none : entry.lane,
                               entry.node.isNull() ? none : uidText(entry.node),
                               entry.operation.isEmpty() ? none : entry.operation,
                               timePartName(entry.part)};
        if (Status done =
                storeRow(connection, scanRow, epoch, key, entry.count, entry.ns, entry.longestNs);
            !done)
            return done;
    }
    return ok();
}

Result<QList<TimedRun>> loadTimings(Connection &connection, qint64 scanRow)
{
    QList<TimedRun> runs;
    const Status done = connection.select(
        u"SELECT epoch, lane, node_uid, operation, part, stretches, total_ns, longest_ns "
        "FROM scan_timings WHERE scan_id = ? ORDER BY epoch, lane, total_ns DESC, part, operation"_s,
        {scanRow}, [&runs](const SqlRow &row) {
            const int epoch = int(row.integer(0));
            if (runs.isEmpty() || runs.last().epoch != epoch)
                runs.append(TimedRun{epoch, {}});
            ScanTiming &timing = runs.last().timing;
            const QString part = row.text(4);
            if (part == kWall)
                timing.wallNs = row.integer(6);
            else if (const auto known = timePartFromName(part)) // none: of a later version
                timing.entries.append({row.text(1), QUuid::fromString(row.text(2)), row.text(3),
                                       *known, row.integer(5), row.integer(6), row.integer(7)});
        });
    if (!done)
        return done.error();
    return runs;
}

} // namespace birch
