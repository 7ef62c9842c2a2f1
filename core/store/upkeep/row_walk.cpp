#include "core/store/upkeep/row_walk.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr auto kId = "id"_L1;

/// References that are no foreign keys: the content of a file is found by its hash.
struct ContentReference {
    const char16_t *table;
    const char16_t *column;
    const char16_t *content;
    const char16_t *key;
};
constexpr std::array kContents{
    ContentReference{u"attachments", u"sha256", u"blobs", u"sha256"},
    ContentReference{u"attachments", u"thumbnail_sha256", u"blobs", u"sha256"},
};

bool isContentTable(const QString &table)
{
    return std::ranges::any_of(kContents, [&](const ContentReference &reference) {
        return table == QStringView(reference.content);
    });
}

const Cell *cellOf(const CatalogueTable &table, const Row &row, const QString &column)
{
    const qsizetype at = table.indexOf(column);
    return at < 0 ? nullptr : &row[size_t(at)];
}
} // namespace

RowWalk::RowWalk(Connection &connection, const TableCatalogue &catalogue, Sink sink)
    : m_connection(connection)
    , m_catalogue(catalogue)
    , m_sink(std::move(sink))
{
}

Result<RowWalk::Taken> RowWalk::take(const QString &table, const QString &column, const Cell &value)
{
    Taken taken;
    const CatalogueTable *found = m_catalogue.find(table);
    if (!found || found->indexOf(column) < 0)
        return taken;
    const Status read =
        readRows(m_connection, *found, {.where = quotedName(column) + u" = ?"_s, .values = {value}},
                 [&](const Row &row) { return take(*found, row, &taken); });
    if (!read)
        return read.error();
    return taken;
}

Status RowWalk::take(const CatalogueTable &table, const Row &row, Taken *taken)
{
    if (const Cell *id = cellOf(table, row, kId)) {
        const QPair<QString, qint64> key(table.name, id->integer);
        if (m_told.contains(key))
            return ok();
        m_told.insert(key);
        taken->ids << id->integer;
    }
    if (const Cell *uid = cellOf(table, row, u"uid"_s))
        taken->uids << *uid;
    noteNeeds(table, row);
    return m_sink(table, row);
}

void RowWalk::noteNeeds(const CatalogueTable &table, const Row &row)
{
    for (const CatalogueReference &reference : table.references) {
        const Cell *value = cellOf(table, row, reference.columns.first());
        if (reference.columns.size() == 1 && value && !value->isNull() &&
            !isTold(reference.parent, reference.parentColumns.first(), *value))
            m_needs.append({reference.parent, reference.parentColumns.first(), *value});
    }
    for (const ContentReference &reference : kContents) {
        if (table.name != QStringView(reference.table))
            continue;
        const Cell *hash = cellOf(table, row, QString::fromUtf16(reference.column));
        if (hash && !hash->isNull())
            m_needs.append(
                {QString::fromUtf16(reference.content), QString::fromUtf16(reference.key), *hash});
    }
    if (table.name != QStringView(upkeep::kRegistry))
        return;
    // The registry's row names its owner.
    const Cell *kind = cellOf(table, row, u"kind"_s);
    const Cell *owner = cellOf(table, row, u"row_id"_s);
    if (kind && owner && !isTold(QString::fromUtf8(kind->bytes), kId, *owner))
        m_needs.append({QString::fromUtf8(kind->bytes), kId, *owner});
}

bool RowWalk::isTold(const QString &table, const QString &column, const Cell &value) const
{
    return column == kId && m_told.contains({table, value.integer});
}

Status RowWalk::withParts(const QString &table, qint64 id)
{
    const auto taken = take(table, kId, Cell::ofInteger(id));
    if (!taken)
        return taken.error();
    return parts(table, taken.value().ids);
}

Status RowWalk::theRow(const QString &table, qint64 id)
{
    const Cell key = Cell::ofInteger(id);
    if (!isTold(table, kId, key))
        m_needs.append({table, kId, key});
    return whatTheyNeed();
}

Status RowWalk::parts(const QString &table, const QList<qint64> &ids)
{
    for (const CatalogueTable &child : m_catalogue.tables()) {
        for (const CatalogueReference &reference : child.references) {
            if (reference.parent != table || reference.onDelete != DeleteRule::Cascade)
                continue;
            for (const qint64 id : ids) {
                const auto taken = take(child.name, reference.columns.first(), Cell::ofInteger(id));
                if (!taken)
                    return taken.error();
                if (Status done = parts(child.name, taken.value().ids); !done)
                    return done;
            }
        }
    }
    const QString registry = QString::fromUtf16(upkeep::kRegistry);
    if (table == registry || !m_catalogue.find(registry))
        return ok();
    for (const qint64 id : ids) { // deleted by a trigger, with all that hangs on it
        const CatalogueTable &objectTable = *m_catalogue.find(registry);
        Taken taken;
        const Status read =
            readRows(m_connection, objectTable,
                     {.where = u"kind = ? AND row_id = ?"_s,
                      .values = {Cell::ofText(table), Cell::ofInteger(id)}},
                     [&](const Row &row) { return take(objectTable, row, &taken); });
        if (!read)
            return read;
        if (Status done = parts(registry, taken.ids); !done)
            return done;
    }
    return ok();
}

Status RowWalk::whatTheyNeed()
{
    const QString registry = QString::fromUtf16(upkeep::kRegistry);
    while (!m_needs.isEmpty()) {
        const Need need = m_needs.takeLast();
        if (isTold(need.table, need.column, need.value))
            continue;
        const auto taken = take(need.table, need.column, need.value);
        if (!taken)
            return taken.error();
        if (isContentTable(need.table)) {
            if (Status done = parts(need.table, taken.value().ids); !done)
                return done;
        }
        for (const Cell &uid : taken.value().uids) {
            if (const auto object = take(registry, u"uid"_s, uid); !object)
                return object.error();
        }
    }
    return ok();
}

} // namespace birch
