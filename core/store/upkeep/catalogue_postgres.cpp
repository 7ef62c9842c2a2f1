#include "core/store/upkeep/catalogue_query.h"

#include <map>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
struct NamedType {
    const char16_t *name;
    CellType type;
};
constexpr NamedType kTypes[] = {
    {u"int8", CellType::Integer}, {u"int4", CellType::Integer}, {u"int2", CellType::Integer},
    {u"bool", CellType::Boolean}, {u"float8", CellType::Real},  {u"text", CellType::Text},
    {u"jsonb", CellType::Json},   {u"bytea", CellType::Bytes},
};

Result<CellType> typeOf(const QString &table, const QString &column, const QString &declared)
{
    for (const NamedType &known : kTypes) {
        if (declared == QStringView(known.name))
            return known.type;
    }
    return Error{ErrorCode::Storage,
                 QCoreApplication::translate("TableCatalogue",
                                             "%1.%2 has the type %3, which can not be carried "
                                             "over: run birchctl db check")
                     .arg(table, column, declared)};
}

DeleteRule ruleOf(const QString &action)
{
    if (action == u"c"_s)
        return DeleteRule::Cascade;
    return action == u"n"_s ? DeleteRule::SetNull : DeleteRule::Restrict;
}

using Tables = std::map<QString, CatalogueTable>;

Status readColumns(Connection &connection, Tables *tables)
{
    Status refused = ok();
    const Status read = connection.select(
        u"SELECT c.relname, a.attname, y.typname, a.attnotnull, a.attidentity <> '' "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "JOIN pg_type y ON y.oid = a.atttypid "
        "WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') "
        "AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped "
        "AND a.attgenerated = '' ORDER BY c.relname, a.attnum"_s,
        {}, [&](const SqlRow &row) {
            CatalogueTable &table = (*tables)[row.text(0)];
            table.name = row.text(0);
            const auto type = typeOf(table.name, row.text(1), row.text(2));
            if (!type)
                refused = type.error();
            else
                table.columns.append({.name = row.text(1),
                                      .type = type.value(),
                                      .isNullable = !row.value(3).toBool(),
                                      .isIdentity = row.value(4).toBool()});
        });
    return read ? refused : read;
}

Status readUniqueKeys(Connection &connection, Tables *tables)
{
    struct Key {
        QString table;
        bool isPrimary = false;
        QStringList columns;
    };
    std::map<qint64, Key> keys; // by index
    const Status read = connection.select(
        u"SELECT c.relname, i.indexrelid::bigint, i.indisprimary, a.attname FROM pg_index i "
        "JOIN pg_class c ON c.oid = i.indrelid "
        "CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(number, position) "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number "
        "WHERE c.relnamespace = current_schema()::regnamespace AND NOT c.relispartition "
        "AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL "
        "ORDER BY i.indexrelid, k.position"_s,
        {}, [&keys](const SqlRow &row) {
            Key &key = keys[row.integer(1)];
            key.table = row.text(0);
            key.isPrimary = row.value(2).toBool();
            key.columns << row.text(3);
        });
    for (const auto &[index, key] : keys) {
        const auto table = tables->find(key.table);
        if (table == tables->end())
            continue;
        table->second.uniqueKeys << key.columns;
        if (key.isPrimary)
            table->second.primaryKey = key.columns;
    }
    return read;
}

Status readReferences(Connection &connection, Tables *tables)
{
    return connection.select(
        u"SELECT c.relname, k.position, p.relname, a.attname, b.attname, f.confdeltype "
        "FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid "
        "JOIN pg_class p ON p.oid = f.confrelid "
        "CROSS JOIN LATERAL unnest(f.conkey, f.confkey) "
        "WITH ORDINALITY k(own, theirs, position) "
        "JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.own "
        "JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = k.theirs "
        "WHERE f.contype = 'f' AND f.conparentid = 0 AND NOT c.relispartition "
        "AND c.relnamespace = current_schema()::regnamespace ORDER BY f.oid, k.position"_s,
        {}, [tables](const SqlRow &row) {
            const auto table = tables->find(row.text(0));
            if (table == tables->end())
                return;
            QList<CatalogueReference> &references = table->second.references;
            if (row.integer(1) == 1)
                references.append({.columns = {},
                                   .parent = row.text(2),
                                   .parentColumns = {},
                                   .onDelete = ruleOf(row.text(5))});
            references.last().columns << row.text(3);
            references.last().parentColumns << row.text(4);
        });
}
} // namespace

Result<QList<CatalogueTable>> readPostgresTables(Connection &connection)
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
