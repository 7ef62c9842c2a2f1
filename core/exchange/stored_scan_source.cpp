#include "core/exchange/stored_scan_source.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/scan_repository.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// One statement per object: which columns have a chunk with flagged values.
Result<QList<bool>> flaggedColumns(Connection &connection, const StoredObject &object)
{
    QList<bool> flagged(object.schema.columns.size(), false);
    const Status done = connection.select(
        u"SELECT DISTINCT column_index FROM data_chunks WHERE measurement_object_id = ? "
        "AND flagged_count > 0 AND first_row < ?"_s,
        {object.id, object.rowsStored}, [&flagged](const SqlRow &row) {
            const qint64 column = row.integer(0);
            if (column >= 0 && column < flagged.size())
                flagged[column] = true;
        });
    if (!done)
        return done.error();
    return flagged;
}

Result<QJsonObject> sampleFields(Connection &connection, const Session &session,
                                 const QString &sampleUid)
{
    if (sampleUid.isEmpty())
        return QJsonObject();
    EntityRepository samples(connection, sampleSpec());
    const auto sample = samples.find(session, sampleUid);
    if (!sample)
        return sample.error();
    QJsonObject fields = sample.value().toJson(samples.spec());
    if (fields[u"name"_s].toString().isEmpty())
        fields[u"name"_s] = sample.value().text(u"sample_id"_s);
    return fields;
}

ExportedScan described(const ScanReport &report)
{
    const ScanRecord &record = report.scan;
    ExportedScan scan;
    scan.uid = record.uid;
    scan.scanId = record.scanId;
    scan.station = record.station;
    scan.state = record.state;
    scan.reason = record.reason;
    scan.details = record.details;
    scan.queueUid =
        record.queueUid.isNull() ? QString() : record.queueUid.toString(QUuid::WithoutBraces);
    scan.startedUs = record.startedUs;
    scan.endedUs = record.endedUs;
    scan.pointsPlanned = record.pointsPlanned;
    scan.softwareVersion = record.softwareVersion;
    scan.settings = report.settings;
    scan.endSettings = report.endSettings;
    scan.bench = report.bench;
    scan.instruments = report.instruments;
    scan.tree = report.tree;
    scan.log = report.log;
    return scan;
}
} // namespace

Result<std::unique_ptr<StoredScanSource>>
StoredScanSource::open(Connection &connection, const Session &session, const QString &key)
{
    const auto report = ScanRepository(connection).show(session, key);
    if (!report)
        return report.error();
    std::unique_ptr<StoredScanSource> source(new StoredScanSource(connection));
    source->m_scan = described(report.value());
    source->m_objects = report.value().scan.objects;
    for (const StoredObject &object : source->m_objects) {
        const auto flagged = flaggedColumns(connection, object);
        if (!flagged)
            return flagged.error();
        source->m_scan.objects.append({object.schema, object.rowsStored, flagged.value()});
    }
    const auto sample = sampleFields(connection, session, report.value().scan.details.sampleUid);
    if (!sample)
        return sample.error();
    source->m_scan.sample = sample.value();
    return source;
}

Result<ColumnValues> StoredScanSource::read(int object, int column, qint64 from, qint64 to)
{
    return m_reader.read(m_objects.at(size_t(object)), column, from, to);
}

} // namespace birch
