#include "core/store/lab/analysis_store.h"

#include "core/data/chunk_codec.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <QJsonArray>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kValuesPerChunk = 65'536; // 512 KiB before compression

qint64 product(const QList<qint64> &shape)
{
    qint64 count = 1;
    for (const qint64 extent : shape) {
        if (extent < 0 || (extent > 0 && count > kMaxChunkBytes / extent))
            return -1;
        count *= extent;
    }
    return count;
}

QVariant orNothing(const std::optional<double> &value)
{
    return value ? QVariant(*value) : QVariant();
}

QJsonArray shapeOf(const NewResult &result)
{
    QJsonArray shape;
    for (const qint64 extent : result.shape)
        shape.append(extent);
    if (shape.isEmpty() && !result.array.empty())
        shape.append(qint64(result.array.size()));
    return shape;
}
} // namespace

Result<QString> AnalysisStore::measurementUid(const AnalysisInput &input)
{
    const auto row = m_connection.firstRow(
        u"SELECT m.uid FROM measurement_objects m JOIN scans s ON s.id = m.scan_id "
        "WHERE (s.scan_id = ? OR s.uid = ?) AND m.name = ?"_s,
        {input.scan, input.scan.toLower(), input.measurement});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound,
                     tr("Scan %1 has no measurement \"%2\": birchctl show %1 lists them")
                         .arg(input.scan, input.measurement)};
    return row.value()->first().toString();
}

Result<QString> AnalysisStore::sampleOf(const NewAnalysis &analysis)
{
    if (!analysis.sample.isEmpty() || analysis.inputs.isEmpty())
        return analysis.sample;
    const QString scan = analysis.inputs.first().scan;
    const auto row =
        m_connection.firstRow(u"SELECT m.uid FROM scans s JOIN samples m "
                              "ON m.id = s.sample_id WHERE s.scan_id = ? OR s.uid = ?"_s,
                              {scan, scan.toLower()});
    if (!row)
        return row.error();
    return row.value() ? row.value()->first().toString() : QString();
}

Status AnalysisStore::addInputs(const Session &session, const QString &analysisUid,
                                const NewAnalysis &analysis)
{
    EntityRepository inputs(m_connection, *entityByTable(u"analysis_inputs"_s));
    for (const AnalysisInput &input : analysis.inputs) {
        QVariantMap values{
            {u"analysis"_s, analysisUid}, {u"scan"_s, input.scan}, {u"role"_s, input.role}};
        if (!input.measurement.isEmpty()) {
            const auto uid = measurementUid(input);
            if (!uid)
                return uid.error();
            values.insert(u"measurement"_s, uid.value());
        }
        if (const auto added = inputs.insert(session, values); !added)
            return added.error();
    }
    return ok();
}

Status AnalysisStore::addArray(const EntityRecord &result, const std::vector<double> &values)
{
    ChunkEncoder encoder;
    for (qint64 from = 0; from < qint64(values.size()); from += kValuesPerChunk) {
        const qint64 count = std::min(kValuesPerChunk, qint64(values.size()) - from);
        ColumnValues column;
        column.appendDoubles({values.data() + from, size_t(count)});
        const Chunk chunk = encoder.encode(0, 0, from, column);
        const Status done = m_connection.execute(
            u"INSERT INTO analysis_arrays (result_id, first_value, lab_id, value_count, codec, "
            "payload) SELECT id, ?, lab_id, ?, ?, ? FROM analysis_results WHERE id = ?"_s,
            {from, count, int(chunk.codec), chunk.payload, result.id});
        if (!done)
            return done;
    }
    return ok();
}

Status AnalysisStore::addResult(const Session &session, const QString &analysisUid,
                                const NewResult &result)
{
    const bool hasArray = !result.array.empty();
    if (hasArray && !result.shape.isEmpty() && product(result.shape) != qint64(result.array.size()))
        return Error{ErrorCode::BadInput,
                     tr("Result %1: its shape does not hold its %2 values: correct shape or array")
                         .arg(result.name)
                         .arg(result.array.size())};
    QVariantMap values{{u"analysis"_s, analysisUid},
                       {u"name"_s, result.name},
                       {u"value"_s, orNothing(result.value)},
                       {u"unit"_s, result.unit},
                       {u"uncertainty"_s, orNothing(result.uncertainty)},
                       {u"text_value"_s, result.text}};
    if (hasArray)
        values.insert(u"array_shape"_s, QVariant(QJsonValue(shapeOf(result))));
    const auto added = EntityRepository(m_connection, *entityByTable(u"analysis_results"_s))
                           .insert(session, values);
    if (!added)
        return added.error().within(tr("Result %1").arg(result.name));
    return hasArray ? addArray(added.value(), result.array) : ok();
}

Result<EntityRecord> AnalysisStore::record(const Session &session, const NewAnalysis &analysis)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto sample = sampleOf(analysis);
    if (!sample)
        return sample.error();
    const qint64 now = nowUs();
    EntityRepository analyses(m_connection, *entityByTable(u"analyses"_s));
    auto record = analyses.insert(
        session, {{u"method"_s, analysis.method},
                  {u"name"_s, analysis.name},
                  {u"sample"_s, sample.value()},
                  {u"project"_s, analysis.project},
                  {u"status"_s, analysis.status.isEmpty() ? u"completed"_s : analysis.status},
                  {u"started_at"_s, analysis.startedUs.value_or(now)},
                  {u"completed_at"_s, analysis.completedUs.value_or(now)},
                  {u"parameters"_s, QVariant(QJsonValue(analysis.parameters))},
                  {u"software_version"_s, analysis.softwareVersion},
                  {u"error_message"_s, analysis.errorMessage}});
    if (!record)
        return record;
    if (Status done = addInputs(session, record.value().uid, analysis); !done)
        return done.error();
    for (const NewResult &result : analysis.results) {
        if (Status done = addResult(session, record.value().uid, result); !done)
            return done.error();
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return record;
}

Result<ResultArray> AnalysisStore::array(const Session &session, const QString &resultUid)
{
    const auto result = EntityRepository(m_connection, *entityByTable(u"analysis_results"_s))
                            .find(session, resultUid);
    if (!result)
        return result.error();
    ResultArray array;
    for (const QJsonValue extent :
         result.value().values.value(u"array_shape"_s).toJsonValue().toArray())
        array.shape << extent.toInteger();
    Status decoded = ok();
    const Status done =
        m_connection.select(u"SELECT first_value, value_count, codec, payload FROM analysis_arrays "
                            "WHERE result_id = ? ORDER BY first_value"_s,
                            {result.value().id}, [&](const SqlRow &row) {
                                Chunk chunk;
                                chunk.firstRow = row.integer(0);
                                chunk.rowCount = row.integer(1);
                                chunk.codec = ChunkCodec(row.integer(2));
                                chunk.payload = row.bytes(3);
                                const auto values = decodeChunk(chunk, ColumnSpec());
                                if (!values) {
                                    decoded = values.error();
                                    return;
                                }
                                for (qint64 i = 0; i < values.value().valueCount(); ++i)
                                    array.values.push_back(values.value().doubleAt(i));
                            });
    if (!done)
        return done.error();
    if (!decoded)
        return decoded.error();
    if (array.values.empty() || product(array.shape) != qint64(array.values.size()))
        return Error{ErrorCode::NotFound, tr("Result %1 has no whole array: look at its value, or "
                                             "run birchctl db integrity")
                                              .arg(resultUid)};
    return array;
}

} // namespace birch
