#include "core/store/upkeep/table_sizes.h"

#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace birch {

Result<QMap<QString, qint64>> tableSizes(Connection &connection)
{
    const bool isPostgres = connection.dialect().isPostgres();
    QMap<QString, qint64> sizes;
    if (!isPostgres && sqlite3_compileoption_used("ENABLE_DBSTAT_VTAB") == 0)
        return sizes;
    const QString sql =
        isPostgres
            ? u"SELECT c.relname, (SELECT sum(pg_total_relation_size(p.relid)) "
              "FROM pg_partition_tree(c.oid) p UNION ALL SELECT pg_total_relation_size(c.oid) "
              "WHERE c.relkind = 'r' ORDER BY 1 DESC NULLS LAST LIMIT 1)::bigint "
              "FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace "
              "AND c.relkind IN ('r', 'p') AND NOT c.relispartition"_s
            : u"SELECT coalesce(m.tbl_name, d.name), sum(d.pgsize) FROM dbstat d "
              "LEFT JOIN sqlite_master m ON m.name = d.name WHERE d.aggregate = TRUE GROUP BY 1"_s;
    const Status read = connection.select(
        sql, {}, [&sizes](const SqlRow &row) { sizes.insert(row.text(0), row.integer(1)); });
    if (!read)
        return read.error();
    return sizes;
}

} // namespace birch
