#include "core/store/upkeep/row_reader.h"

#include "core/store/upkeep/row_source.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString selectSql(const CatalogueTable &table, const RowFilter &filter)
{
    QString sql =
        u"SELECT %1 FROM %2"_s.arg(quotedNames(table.columnNames()), quotedName(table.name));
    if (!filter.where.isEmpty())
        sql += u" WHERE "_s + filter.where;
    if (filter.byKey && !table.primaryKey.isEmpty())
        sql += u" ORDER BY "_s + quotedNames(table.primaryKey);
    if (filter.limit >= 0)
        sql += u" LIMIT %1"_s.arg(filter.limit);
    return sql;
}
} // namespace

Status readRows(Connection &connection, const CatalogueTable &table, const RowFilter &filter,
                const std::function<Status(const Row &)> &onRow)
{
    const QString sql = selectSql(table, filter);
    const Status read = connection.dialect().isPostgres()
                            ? selectPostgresRows(connection, table, sql, filter.values, onRow)
                            : selectSqliteRows(connection, table, sql, filter.values, onRow);
    return read ? read : Status(read.error().within(table.name));
}

Status readTable(Connection &connection, const CatalogueTable &table,
                 const std::function<Status(const Row &)> &onRow)
{
    if (!connection.dialect().isPostgres())
        return readRows(connection, table, {}, onRow);
    const Status read = copyPostgresRows(connection, table, onRow);
    return read ? read : Status(read.error().within(table.name));
}

Result<TableDigest> digestTable(Connection &connection, const CatalogueTable &table,
                                const QList<CellType> &types)
{
    const QList<CellType> counted = types.isEmpty() ? table.columnTypes() : types;
    TableDigest digest;
    const Status read = readTable(connection, table, [&](const Row &row) {
        digest.add(row, counted);
        return ok();
    });
    if (!read)
        return read.error();
    return digest;
}

} // namespace birch
