#include "core/store/chunk_compactor.h"
#include "core/store/upkeep/maintain.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
struct Candidate {
    qint64 object = 0;
    qint64 scan = 0;
    qint64 lab = 0;
    qint64 chunks = 0;
};

/// Measurements whose chunks are more than their rows need.
Result<std::vector<Candidate>> candidates(Connection &connection)
{
    std::vector<Candidate> found;
    const Status read = connection.select(
        u"SELECT m.id, m.scan_id, m.lab_id, count(*) FROM scans s "
        "JOIN measurement_objects m ON m.scan_id = s.id "
        "JOIN data_chunks c ON c.measurement_object_id = m.id "
        "WHERE s.state IN ('completed', 'aborted', 'failed') "
        "GROUP BY m.id, m.scan_id, m.lab_id HAVING count(*) > count(DISTINCT c.column_index)"_s,
        {}, [&found](const SqlRow &row) {
            found.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3)});
        });
    if (!read)
        return read.error();
    return found;
}

Result<qint64> chunkCount(Connection &connection, qint64 object)
{
    const auto row = connection.firstRow(
        u"SELECT count(*) FROM data_chunks WHERE measurement_object_id = ?"_s, {object});
    if (!row)
        return row.error();
    return row.value()->first().toLongLong();
}

Result<qint64> mergeObject(Connection &connection, ChunkCompactor &compactor,
                           const Candidate &candidate)
{
    const auto objects = loadObjects(connection, candidate.scan);
    if (!objects)
        return objects.error();
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    for (const StoredObject &object : objects.value()) {
        if (object.id != candidate.object)
            continue;
        if (Status merged = compactor.compact(object, candidate.lab); !merged)
            return merged.error();
    }
    const auto left = chunkCount(connection, candidate.object);
    if (!left)
        return left.error();
    if (left.value() == candidate.chunks)
        return 0; // rolled back: nothing was changed
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return candidate.chunks - left.value();
}
} // namespace

Result<qint64> mergeSmallChunks(Connection &connection)
{
    const auto found = candidates(connection);
    if (!found)
        return found.error();
    ChunkWriter writer(connection);
    ChunkCompactor compactor(connection, writer);
    qint64 fewer = 0;
    for (const Candidate &candidate : found.value()) {
        const auto merged = mergeObject(connection, compactor, candidate);
        if (!merged)
            return merged.error();
        fewer += merged.value();
    }
    return fewer;
}

} // namespace birch
