#include "core/store/upkeep/catalogue_query.h"

#include <map>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
Result<CellType> typeOf(const QString &table, const QString &column, const QString &declared)
{
    if (declared == u"INTEGER"_s || declared == u"INT"_s)
        return CellType::Integer;
    if (declared == u"REAL"_s)
        return CellType::Real;
    if (declared == u"TEXT"_s)
        return CellType::Text;
    if (declared == u"BLOB"_s)
        return CellType::Bytes;
    return Error{ErrorCode::Storage,
                 QCoreApplication::translate("TableCatalogue",
                                             "%1.%2 has the type %3, which can not be carried "
                                             "over: run birchctl db check")
                     .arg(table, column, declared)};
}

DeleteRule ruleOf(const QString &action)
{
    if (action == u"CASCADE"_s)
        return DeleteRule::Cascade;
    return action == u"SET NULL"_s ? DeleteRule::SetNull : DeleteRule::Restrict;
}

using Tables = std::map<QString, CatalogueTable>;

Status readColumns(Connection &connection, Tables *tables)
{
    Status refused = ok();
    std::map<QString, std::map<qint64, QString>> keys;
    const Status read = connection.select(
        // hidden: 2 and 3 are computed columns
        u"SELECT t.name, c.name, upper(c.type), c.\"notnull\", c.pk, "
        "m.sql LIKE '%AUTOINCREMENT%' FROM pragma_table_list t "
        "JOIN pragma_table_xinfo(t.name) c JOIN sqlite_master m ON m.name = t.name "
        "WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' "
        "AND c.hidden = 0 ORDER BY t.name, c.cid"_s,
        {}, [&](const SqlRow &row) {
            CatalogueTable &table = (*tables)[row.text(0)];
            table.name = row.text(0);
            const auto type = typeOf(table.name, row.text(1), row.text(2));
            if (!type)
                refused = type.error();
            else
                table.columns.append({.name = row.text(1),
                                      .type = type.value(),
                                      .isNullable = row.integer(3) == 0 && row.integer(4) == 0,
                                      .isIdentity = row.integer(4) == 1 && row.integer(5) != 0});
            if (row.integer(4) > 0)
                keys[table.name][row.integer(4)] = row.text(1);
        });
    if (!read)
        return read;
    for (const auto &[name, key] : keys) {
        for (const auto &[position, column] : key)
            (*tables)[name].primaryKey << column;
        (*tables)[name].uniqueKeys << (*tables)[name].primaryKey;
    }
    return refused;
}

Status readUniqueKeys(Connection &connection, Tables *tables)
{
    std::map<QString, std::pair<QString, QStringList>> keys; // by index
    const Status read = connection.select(
        u"SELECT t.name, i.name, c.name FROM pragma_table_list t JOIN pragma_index_list(t.name) i "
        "JOIN pragma_index_info(i.name) c WHERE t.schema = 'main' AND t.type = 'table' "
        "AND i.\"unique\" = 1 AND i.partial = 0 AND i.origin <> 'pk' AND c.name IS NOT NULL "
        "ORDER BY i.name, c.seqno"_s,
        {}, [&keys](const SqlRow &row) {
            auto &key = keys[row.text(1)];
            key.first = row.text(0);
            key.second << row.text(2);
        });
    for (const auto &[index, key] : keys) {
        if (const auto table = tables->find(key.first); table != tables->end())
            table->second.uniqueKeys << key.second;
    }
    return read;
}

Status readReferences(Connection &connection, Tables *tables)
{
    return connection.select(
        u"SELECT t.name, f.seq, f.\"table\", f.\"from\", coalesce(f.\"to\", 'id'), f.on_delete "
        "FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f "
        "WHERE t.schema = 'main' AND t.type = 'table' ORDER BY t.name, f.id, f.seq"_s,
        {}, [tables](const SqlRow &row) {
            const auto table = tables->find(row.text(0));
            if (table == tables->end())
                return;
            QList<CatalogueReference> &references = table->second.references;
            if (row.integer(1) == 0)
                references.append({.columns = {},
                                   .parent = row.text(2),
                                   .parentColumns = {},
                                   .onDelete = ruleOf(row.text(5))});
            references.last().columns << row.text(3);
            references.last().parentColumns << row.text(4);
        });
}
} // namespace

Result<QList<CatalogueTable>> readSqliteTables(Connection &connection)
{
    Tables tables;
    for (const auto part : {readColumns, readUniqueKeys, readReferences}) {
        if (Status read = part(connection, &tables); !read)
            return read.error();
    }
    QList<CatalogueTable> list;
    for (const auto &[name, table] : tables)
        list.append(table);
    return list;
}

} // namespace birch
