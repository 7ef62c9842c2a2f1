#include "core/store/upkeep/merge_map.h"

#include "core/store/upkeep/server_session.h"
#include "core/store/upkeep/table_match.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr auto kId = "id"_L1;
constexpr auto kUid = "uid"_L1;

constexpr std::array kLeftOut{u"database_info", u"event_log",      u"event_chains",
                              u"object_counts", u"login_failures", u"user_tokens"};
constexpr std::array kKeyed{u"settings", u"id_counters"};
/// Columns that refer although the engine does not know: lab_id of bulk data.
constexpr auto kLab = "lab_id"_L1;

bool isRegistry(const CatalogueTable &table)
{
    return table.name == QStringView(upkeep::kRegistry);
}

/// Ids that the store counts: the same number is not the same thing.
bool isCounted(const QString &table, const QString &column)
{
    if (table == u"scans"_s)
        return column == u"scan_id"_s;
    const EntitySpec *spec = entityByTable(table);
    const EntityField *field = spec ? spec->field(column) : nullptr;
    return field && !field->counter.isEmpty();
}

void addToKey(QByteArray *key, const Cell &cell)
{
    const QByteArray text =
        cell.kind == Cell::Kind::Integer ? QByteArray::number(cell.integer) : cell.bytes;
    key->append(QByteArray::number(text.size())).append(':').append(text);
}

/// Nothing where a part is missing: that clashes with nothing.
std::optional<QByteArray> keyOf(const CatalogueTable &table, const QStringList &columns,
                                const Row &row)
{
    QByteArray key;
    for (const QString &column : columns) {
        const Cell &cell = row[size_t(table.indexOf(column))];
        if (cell.isNull())
            return {};
        addToKey(&key, cell);
    }
    return key;
}

} // namespace

QString upkeep::rowName(const CatalogueTable &table, const Row &row)
{
    const ReferenceTarget target = referenceTarget(table.name);
    for (const QString &column : {target.humanId, u"name"_s, u"sha256"_s, u"uid"_s}) {
        const qsizetype at = column.isEmpty() ? -1 : table.indexOf(column);
        if (at >= 0 && !row[size_t(at)].bytes.isEmpty())
            return QString::fromUtf8(row[size_t(at)].bytes);
    }
    return QString::number(row[size_t(table.indexOf(kId))].integer);
}
bool upkeep::isLeftOutOfMerges(const QString &table)
{
    const auto is = [&table](const char16_t *name) { return table == QStringView(name); };
    return std::ranges::any_of(kLeftOut, is) || std::ranges::any_of(kKeyed, is);
}

Status MergeMap::build()
{
    for (const CatalogueTable &table : m_catalogue.tables()) {
        if (table.indexOf(kId) < 0 || upkeep::isLeftOutOfMerges(table.name))
            continue;
        if (Status matched = matchUids(table); !matched)
            return matched;
    }
    // The registry last, then what hangs on it: its rows are found by those that they stand for.
    QList<const CatalogueTable *> order;
    for (const CatalogueTable &table : m_catalogue.tables()) {
        if (m_tables.contains(table.name))
            order << &table;
    }
    const auto rank = [](const CatalogueTable *table) {
        const bool hangs = std::ranges::any_of(table->references, [](const auto &reference) {
            return reference.parent == QStringView(upkeep::kRegistry);
        });
        return hangs ? 2 : (isRegistry(*table) ? 1 : 0);
    };
    std::ranges::stable_sort(order, {}, rank);
    for (const CatalogueTable *table : std::as_const(order)) {
        if (Status resolved = resolveClashes(*table); !resolved)
            return resolved;
    }
    const CatalogueTable *registry = m_catalogue.find(QString::fromUtf16(upkeep::kRegistry));
    return registry ? resolveClashes(*registry) : ok(); // of what hangs on it
}

Status MergeMap::matchUids(const CatalogueTable &table)
{
    TableMap &map = m_tables[table.name];
    const CatalogueTable *target = m_targetCatalogue.find(table.name);
    const auto last = target ? lastNumber(m_target, *target) : Result<qint64>(qint64(0));
    if (!last)
        return last.error();
    const QString newest = u"SELECT coalesce(max(id), 0) FROM "_s + quotedName(table.name);
    const auto highest = m_target.firstRow(newest);
    if (!highest)
        return highest.error();
    map.offset = std::max(last.value(), highest.value()->first().toLongLong());
    if (table.indexOf(kUid) < 0)
        return ok();
    QHash<QString, qint64> there;
    const QString sql = u"SELECT uid, id FROM "_s + quotedName(table.name);
    if (Status read = m_target.select(
            sql, {}, [&](const SqlRow &row) { there.insert(row.text(0), row.integer(1)); });
        !read)
        return read;
    return m_source.select(sql, {}, [&](const SqlRow &row) {
        if (const auto found = there.constFind(row.text(0)); found != there.constEnd())
            map.known.insert(row.integer(1), found.value());
    });
}

Result<QList<MergeMap::KeyIndex>> MergeMap::keysOf(const CatalogueTable &table)
{
    QList<KeyIndex> keys;
    for (const QStringList &columns : table.uniqueKeys) {
        if (columns != QStringList{kId} && columns != QStringList{kUid})
            keys.append({columns, {}});
    }
    if (keys.isEmpty())
        return keys;
    const auto target = matchingTable(m_targetCatalogue, table);
    if (!target)
        return target.error();
    const auto idAt = size_t(table.indexOf(kId));
    const Status read = readRows(m_target, target.value(), {}, [&](const Row &row) {
        for (KeyIndex &key : keys) {
            if (const auto value = keyOf(table, key.columns, row))
                key.rows.insert(*value, row[idAt].integer);
        }
        return ok();
    });
    return read ? Result<QList<KeyIndex>>(keys) : read.error();
}

Status MergeMap::resolveClashes(const CatalogueTable &table)
{
    auto keys = keysOf(table);
    if (!keys)
        return keys.error();
    const bool isPart = table.name == u"measurement_objects"_s;
    if (keys.value().isEmpty() && !isPart)
        return ok();
    const auto idAt = size_t(table.indexOf(kId));
    return readRows(m_source, table, {.byKey = true}, [&](const Row &row) {
        TableMap &map = m_tables[table.name];
        const qint64 id = row[idAt].integer;
        if (map.known.contains(id))
            return ok();
        if (isPart && isOfKnownOwner(table, row))
            map.dropped.insert(id);
        else
            resolve(table, row, keys.value());
        return ok();
    });
}

void MergeMap::resolve(const CatalogueTable &table, const Row &row, QList<KeyIndex> &keys)
{
    TableMap &map = m_tables[table.name];
    const qint64 id = row[size_t(table.indexOf(kId))].integer;
    const bool isToldOf = !isRegistry(table) && table.indexOf(kUid) >= 0;
    for (KeyIndex &key : keys) {
        Row placed = inTarget(table, row);
        auto value = keyOf(table, key.columns, placed);
        if (!value || key.rows.value(*value, -1) == id + map.offset)
            continue;
        if (!key.rows.contains(*value))
            continue;
        if (!isCounted(table.name, key.columns.last())) {
            map.known.insert(id, key.rows.value(*value));
            map.byName.insert(id);
            map.renamed.remove(id);
            return;
        }
        Cell &number = placed[size_t(table.indexOf(key.columns.last()))];
        const QByteArray old = number.bytes;
        for (int i = 2; key.rows.contains(*value); ++i) {
            number = Cell::ofText(old + '-' + QByteArray::number(i));
            value = keyOf(table, key.columns, placed);
        }
        map.renamed.insert(id, number.bytes);
        if (isToldOf && ++m_report.conflictCount <= MergeReport::kMostTold)
            m_report.conflicts.append(
                {MergeConflict::Kind::Renamed,
                 table.name,
                 upkeep::rowName(table, row),
                 {{key.columns.last(), QString::fromUtf8(old), QString::fromUtf8(number.bytes)}}});
    }
    const Row placed = inTarget(table, row);
    for (KeyIndex &key : keys) { // two of the source may have become one
        if (const auto value = keyOf(table, key.columns, placed))
            key.rows.insert(*value, id + map.offset);
    }
}

std::optional<qint64> MergeMap::known(const QString &table, qint64 id) const
{
    const auto map = m_tables.constFind(table);
    if (map == m_tables.constEnd())
        return {};
    const auto found = map->known.constFind(id);
    return found == map->known.constEnd() ? std::nullopt : std::optional(found.value());
}

bool MergeMap::isMappedByName(const QString &table, qint64 id) const
{
    const auto map = m_tables.constFind(table);
    return map != m_tables.constEnd() && map->byName.contains(id);
}

std::optional<qint64> MergeMap::idInTarget(const QString &table, qint64 id) const
{
    const auto map = m_tables.constFind(table);
    if (map == m_tables.constEnd())
        return id;
    if (const auto there = known(table, id))
        return there;
    return map->dropped.contains(id) ? std::nullopt : std::optional(id + map->offset);
}

/// Table that \a column refers to; "" for none.
QString MergeMap::targetOf(const CatalogueTable &table, const QString &column, const Row &row) const
{
    if (isRegistry(table) && column == u"row_id"_s)
        return QString::fromUtf8(row[size_t(table.indexOf(u"kind"_s))].bytes);
    if (isRegistry(table) && column == u"trash_root_id"_s)
        return table.name;
    for (const CatalogueReference &reference : table.references) {
        if (reference.columns == QStringList{column})
            return reference.parent;
    }
    return column == kLab ? u"labs"_s : QString();
}

Row MergeMap::inTarget(const CatalogueTable &table, const Row &row) const
{
    Row placed = row;
    const auto map = m_tables.constFind(table.name);
    for (qsizetype i = 0; i < table.columns.size(); ++i) {
        Cell &cell = placed[size_t(i)];
        const QString &column = table.columns[i].name;
        if (cell.kind != Cell::Kind::Integer)
            continue;
        const QString parent =
            column == kId && map != m_tables.constEnd() ? table.name : targetOf(table, column, row);
        if (parent.isEmpty())
            continue;
        const auto id = idInTarget(parent, cell.integer);
        cell = id ? Cell::ofInteger(*id) : Cell();
    }
    if (map == m_tables.constEnd())
        return placed;
    const auto number = map->renamed.constFind(row[size_t(table.indexOf(kId))].integer);
    if (number == map->renamed.constEnd())
        return placed;
    for (qsizetype i = 0; i < table.columns.size(); ++i) {
        if (isCounted(table.name, table.columns[i].name))
            placed[size_t(i)] = Cell::ofText(number.value());
    }
    return placed;
}

/// Rows without a name of their own come with what they are part of, and with that alone.
bool MergeMap::isOfKnownOwner(const CatalogueTable &table, const Row &row) const
{
    for (const CatalogueReference &reference : table.references) {
        const bool isPart = table.name == u"measurement_objects"_s
                                ? reference.parent == u"scans"_s
                                : table.primaryKey.contains(reference.columns.first());
        if (!isPart || reference.columns.size() != 1)
            continue;
        const qint64 owner = row[size_t(table.indexOf(reference.columns.first()))].integer;
        const auto map = m_tables.constFind(reference.parent);
        if (map != m_tables.constEnd() &&
            (map->known.contains(owner) || map->dropped.contains(owner)))
            return true;
    }
    return false;
}

std::optional<Row> MergeMap::translated(const CatalogueTable &table, const Row &row) const
{
    const auto map = m_tables.constFind(table.name);
    if (map == m_tables.constEnd())
        return isOfKnownOwner(table, row) ? std::nullopt : std::optional(inTarget(table, row));
    const qint64 id = row[size_t(table.indexOf(kId))].integer;
    if (map->known.contains(id) || map->dropped.contains(id))
        return {};
    return inTarget(table, row);
}

} // namespace birch
