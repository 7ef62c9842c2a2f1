#include "core/store/upkeep/table_catalogue.h"

#include "core/store/upkeep/catalogue_query.h"

#include <QSet>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr char16_t kIdentityTable[] = u"database_info";
/// Not content: they tell of the database itself.
constexpr std::array kNotContent{u"schema_version", upkeep::kCopyState};

bool isContent(const CatalogueTable &table)
{
    return std::ranges::none_of(
        kNotContent, [&](const char16_t *name) { return table.name == QStringView(name); });
}

bool isReady(const CatalogueTable &table, const QSet<QString> &waiting)
{
    return std::ranges::none_of(table.references, [&](const CatalogueReference &reference) {
        return reference.parent != table.name && waiting.contains(reference.parent);
    });
}

/// Parents first; of a cycle the first by name.
QList<CatalogueTable> inOrder(QList<CatalogueTable> tables)
{
    std::ranges::sort(tables, {}, &CatalogueTable::name);
    QSet<QString> waiting;
    for (const CatalogueTable &table : std::as_const(tables))
        waiting.insert(table.name);
    QList<CatalogueTable> ordered;
    while (!tables.isEmpty()) {
        auto next = std::ranges::find_if(
            tables, [&](const CatalogueTable &table) { return isReady(table, waiting); });
        if (next == tables.end())
            next = tables.begin();
        waiting.remove(next->name);
        ordered.append(*next);
        tables.erase(next);
    }
    std::ranges::stable_partition(ordered, [](const CatalogueTable &table) {
        return table.name != QStringView(kIdentityTable);
    });
    return ordered;
}
} // namespace

QStringList CatalogueTable::columnNames() const
{
    QStringList names;
    for (const CatalogueColumn &column : columns)
        names << column.name;
    return names;
}

QList<CellType> CatalogueTable::columnTypes() const
{
    QList<CellType> types;
    for (const CatalogueColumn &column : columns)
        types << column.type;
    return types;
}

qsizetype CatalogueTable::indexOf(const QString &column) const
{
    const auto found = std::ranges::find(columns, column, &CatalogueColumn::name);
    return found == columns.end() ? -1 : found - columns.begin();
}

const CatalogueColumn *CatalogueTable::identity() const
{
    const auto found = std::ranges::find(columns, true, &CatalogueColumn::isIdentity);
    return found == columns.end() ? nullptr : &*found;
}

Result<TableCatalogue> TableCatalogue::read(Connection &connection)
{
    auto tables = connection.dialect().isPostgres() ? readPostgresTables(connection)
                                                    : readSqliteTables(connection);
    if (!tables)
        return tables.error();
    erase_if(tables.value(), [](const CatalogueTable &table) { return !isContent(table); });
    TableCatalogue catalogue;
    catalogue.m_tables = inOrder(std::move(tables).value());
    return catalogue;
}

const CatalogueTable *TableCatalogue::find(const QString &name) const
{
    const auto found = std::ranges::find(m_tables, name, &CatalogueTable::name);
    return found == m_tables.end() ? nullptr : &*found;
}

QString quotedName(const QString &name)
{
    QString quoted = name;
    return u'"' + quoted.replace(u'"', u"\"\""_s) + u'"';
}

QString quotedNames(const QStringList &names)
{
    QStringList quoted;
    for (const QString &name : names)
        quoted << quotedName(name);
    return quoted.join(u", "_s);
}

} // namespace birch
