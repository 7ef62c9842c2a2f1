#include "core/store/integrity/object_batches.h"
#include "core/store/overview_writer.h"

#include <map>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Integrity", text);
}

const qint64 kBlockBytes = encodeBlocks(std::vector<PyramidBlock>(1)).size();

/// One level of the overview of a column.
struct LevelKey {
    qint64 object;
    int column;
    int level;

    auto operator<=>(const LevelKey &) const = default;
};

class OverviewWalk
{
public:
    OverviewWalk(IntegrityContext &context, const ObjectBatch &batch)
        : m_context(context)
        , m_batch(batch)
    {
    }

    Status walk()
    {
        if (Status done = readHeaders(); !done)
            return done;
        for (const auto &[row, object] : m_batch.objects) {
            if (Status done = lookAtObject(object); !done)
                return done;
        }
        return ok();
    }

private:
    Status readHeaders();
    void lookAtHeader(const SqlRow &row);
    Status lookAtObject(const CheckedObject &object);
    void lookAtLevel(const CheckedObject &object, const LevelKey &key);
    Status lookAtValues(const CheckedObject &object, const LevelKey &key);
    void add(const CheckedObject &object, const LevelKey &key, const QString &what,
             const QString &expected, const QString &found)
    {
        m_context.add({.table = u"data_overviews"_s,
                       .id = object.place(key.column) + u", "_s + tr("level %1").arg(key.level),
                       .what = what,
                       .expected = expected,
                       .found = found,
                       .remedy = tr("the values themselves are not affected: charts of this "
                                    "column may be wrong or slow; restore a backup")});
    }

    IntegrityContext &m_context;
    const ObjectBatch &m_batch;
    std::map<LevelKey, qint64> m_blocks; ///< stored without a gap
    std::map<LevelKey, bool> m_isBroken;
};

Status OverviewWalk::readHeaders()
{
    return m_context.connection.select(
        u"SELECT measurement_object_id, column_index, level, first_block, length(payload), lab_id "
        "FROM data_overviews WHERE measurement_object_id >= ? AND measurement_object_id <= ? "
        "ORDER BY measurement_object_id, column_index, level, first_block"_s,
        {m_batch.firstRow, m_batch.lastRow}, [this](const SqlRow &row) { lookAtHeader(row); });
}

void OverviewWalk::lookAtHeader(const SqlRow &row)
{
    const auto found = m_batch.objects.find(row.integer(0));
    if (found == m_batch.objects.end() || !found->second.schemaProblem.isEmpty())
        return;
    m_context.examined(1);
    const CheckedObject &object = found->second;
    const LevelKey key{row.integer(0), int(row.integer(1)), int(row.integer(2))};
    const auto &columns = object.object.schema.columns;
    if (key.column < 0 || key.column >= columns.size() || !hasOverview(columns[key.column]) ||
        key.level < kFirstOverviewLevel || key.level >= Pyramid::kLevels)
        return add(object, key, tr("no such overview is ever made"), {}, {});
    if (row.integer(5) != object.lab)
        add(object, key, tr("it belongs to another lab than its measurement"),
            QString::number(object.lab), row.text(5));
    qint64 &blocks = m_blocks[key];
    const qint64 bytes = row.integer(4);
    if (row.integer(3) != blocks || bytes <= 0 || bytes % kBlockBytes != 0 ||
        bytes > kOverviewBlocks * kBlockBytes) {
        if (!std::exchange(m_isBroken[key], true))
            add(object, key, tr("its pieces do not follow each other"),
                tr("%1 blocks before").arg(blocks),
                tr("a piece from block %1 of %2 bytes").arg(row.integer(3)).arg(bytes));
        return;
    }
    blocks += bytes / kBlockBytes;
}

void OverviewWalk::lookAtLevel(const CheckedObject &object, const LevelKey &key)
{
    const qint64 whole = object.object.rowsStored / Pyramid::rowsPerBlock(key.level);
    // While a scan runs, the piece that is not full yet may be behind, or not there.
    const qint64 least = object.isEnded
                             ? whole
                             : object.object.rowsStored / overviewRows(key.level) * kOverviewBlocks;
    const qint64 stored = m_blocks[key];
    if (!m_isBroken[key] && (stored < least || stored > whole))
        add(object, key, tr("it does not cover the rows of the column"), tr("%1 blocks").arg(whole),
            tr("%1 blocks").arg(stored));
}

Status OverviewWalk::lookAtObject(const CheckedObject &object)
{
    const auto &columns = object.object.schema.columns;
    for (int column = 0; column < columns.size(); ++column) {
        if (!object.schemaProblem.isEmpty() || !hasOverview(columns[column]))
            continue;
        for (int level = kFirstOverviewLevel; level < Pyramid::kLevels; ++level) {
            const LevelKey key{object.object.id, column, level};
            const bool isDue = object.object.rowsStored >= Pyramid::rowsPerBlock(level);
            if (!isDue && !m_blocks.contains(key))
                continue; // most columns are short: their higher levels are neither due nor there
            lookAtLevel(object, key);
            if (!m_context.isFull || m_isBroken[key])
                continue;
            if (Status done = lookAtValues(object, key); !done)
                return done;
        }
    }
    return ok();
}

Status OverviewWalk::lookAtValues(const CheckedObject &object, const LevelKey &key)
{
    OverviewWriter writer(m_context.connection);
    const qint64 stored =
        std::min(m_blocks[key], object.object.rowsStored / Pyramid::rowsPerBlock(key.level));
    for (qint64 first = 0; first < stored; first += kOverviewBlocks) {
        const qint64 end = std::min(first + kOverviewBlocks, stored);
        const auto expected =
            writer.segment(object.object, key.column, key.level, first / kOverviewBlocks,
                           end * Pyramid::rowsPerBlock(key.level));
        if (!expected && (expected.error().code == ErrorCode::Storage ||
                          expected.error().code == ErrorCode::BadInput))
            return ok(); // rows that are missing or damaged: told by the check of chunks
        if (!expected)
            return expected.error();
        const auto payload = m_context.connection.firstRow(
            u"SELECT payload FROM data_overviews WHERE measurement_object_id = ? "
            "AND column_index = ? AND level = ? AND first_block = ?"_s,
            {key.object, key.column, key.level, first});
        if (!payload)
            return payload.error();
        if (!payload.value() ||
            payload.value()->first().toByteArray() != encodeBlocks(expected.value()))
            add(object, key, tr("blocks %1 to %2 do not show the values").arg(first).arg(end - 1),
                {}, {});
    }
    return ok();
}
} // namespace

Status checkOverviews(IntegrityContext &context)
{
    return forEachObjectBatch(context, [&context](const ObjectBatch &batch) {
        return OverviewWalk(context, batch).walk();
    });
}

} // namespace birch
