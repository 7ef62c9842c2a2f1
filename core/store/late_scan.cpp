#include "core/store/late_scan.h"

#include "core/base/id.h"
#include "core/store/id_counter.h"
#include "core/store/scan_events.h"
#include "core/store/scan_place.h"
#include "core/store/search/object_text.h"
#include "core/store/store_time.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("LateScan", text);
}
} // namespace

Result<ScanDetails> lateDetails(Connection &connection, ScanDetails details, QString *warning)
{
    const QString given = details.sampleUid;
    if (given.isEmpty())
        return details;
    details.sampleUid.clear();
    // Its uid or human id says which; a name only while no other sample has it.
    for (const QString &column : {u"uid"_s, u"sample_id"_s, u"name"_s}) {
        QStringList uids;
        const Status found = connection.select(
            u"SELECT uid FROM samples WHERE %1 = ? AND trashed_at IS NULL LIMIT 2"_s.arg(column),
            {given}, [&uids](const SqlRow &row) { uids << row.text(0); });
        if (!found)
            return found.error();
        if (uids.size() == 1) {
            details.sampleUid = uids.first();
            return details;
        }
    }
    *warning = tr("The sample \"%1\" was named while the database was away, and it is not to be "
                  "found there: set the scan's sample with birchctl scans edit")
                   .arg(given);
    return details;
}

Result<QString> lateScanId(Connection &connection, const NewScan &scan)
{
    if (!scan.scanId.isEmpty()) {
        const auto taken =
            connection.firstRow(u"SELECT 1 FROM scans WHERE scan_id = ?"_s, {scan.scanId});
        if (!taken)
            return taken.error();
        if (!taken.value())
            return scan.scanId;
    }
    return nextScanId(connection, scan.station, scan.startedUs);
}

Result<qint64> insertLateQueue(Connection &connection, const Session &session, const NewScan &scan,
                               qint64 station)
{
    const auto lab = defaultLabRow(connection);
    if (!lab)
        return lab;
    const qint64 now = nowUs();
    const auto row = connection.firstRow(
        u"INSERT INTO queues (uid, lab_id, station_id, name, mode, state, started_at, created_at, "
        "created_by, updated_at, updated_by) VALUES (?, ?, ?, ?, 'serial', 'idle', ?, ?, ?, ?, ?) "
        "RETURNING id"_s,
        {uidText(scan.queueUid), lab.value(), station,
         scan.queueName.isEmpty() ? tr("Queue") : scan.queueName, scan.startedUs, now, session.user,
         now, session.user});
    if (!row)
        return row.error();
    const qint64 id = row.value().value().first().toLongLong();
    if (Status described = describeQueue(connection, id); !described)
        return described.error();
    if (Status noted = auditNewQueue(connection, session, id); !noted)
        return noted.error();
    return id;
}

Status logLate(Connection &connection, qint64 scanRow, const QString &warning)
{
    if (warning.isEmpty())
        return ok();
    // In front of what the scan itself has logged: its first sequence is 1 << 32.
    return connection.execute(
        u"INSERT INTO scan_logs (scan_id, epoch, sequence, logged_at_ns, level, message) "
        "VALUES (?, 1, 0, ?, 'warning', ?)"_s,
        {scanRow, nowUs() * 1000, warning});
}

} // namespace birch
