#include "core/store/schema/live_readers.h"
#include "core/store/schema/sql_text.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Ordinary tables only: a virtual table's columns and its shadow tables follow from its text.
Status readColumns(Connection &connection, SchemaShape &schema)
{
    return connection.select(
        u"SELECT t.name, t.strict, t.wr, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk "
        "FROM pragma_table_list t JOIN pragma_table_info(t.name) c "
        "WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' "
        "ORDER BY t.name, c.pk, c.cid"_s,
        {}, [&schema](const SqlRow &row) {
            TableShape &table = schema.tables[row.text(0)];
            table.name = row.text(0);
            table.options = row.integer(1) != 0 ? u"strict"_s : QString();
            if (row.integer(2) != 0)
                table.options += u" without rowid"_s;
            table.columns << ColumnShape{row.text(3), row.text(4).toUpper(), row.integer(5) != 0,
                                         canonicalSql(row.text(6))};
            if (row.integer(7) > 0)
                table.primaryKey << row.text(3);
        });
}

/// Unique groups of CREATE TABLE; indexes made by CREATE INDEX come with their text.
Status readUniques(Connection &connection, SchemaShape &schema)
{
    QString last;
    return connection.select(
        u"SELECT m.name, i.name, c.name FROM sqlite_master m JOIN pragma_index_list(m.name) i "
        "JOIN pragma_index_info(i.name) c WHERE m.type = 'table' AND i.origin = 'u' "
        "ORDER BY m.name, i.name, c.seqno"_s,
        {}, [&schema, &last](const SqlRow &row) {
            const auto table = schema.tables.find(row.text(0));
            if (table == schema.tables.end())
                return;
            if (row.text(1) != last)
                table->uniques << QStringList();
            last = row.text(1);
            table->uniques.last() << row.text(2);
        });
}

Status readForeignKeys(Connection &connection, SchemaShape &schema)
{
    return connection.select(
        u"SELECT m.name, k.seq, k.\"from\", k.\"table\", k.on_delete FROM sqlite_master m "
        "JOIN pragma_foreign_key_list(m.name) k WHERE m.type = 'table' "
        "ORDER BY m.name, k.id, k.seq"_s,
        {}, [&schema](const SqlRow &row) {
            const auto table = schema.tables.find(row.text(0));
            if (table == schema.tables.end())
                return;
            if (row.integer(1) == 0)
                table->foreignKeys << ForeignKeyShape{{}, row.text(3), row.text(4)};
            table->foreignKeys.last().columns << row.text(2);
        });
}

/// "CREATE UNIQUE INDEX name ON table (a, b) WHERE c" -> "( a , b ) where c"
IndexShape indexFrom(const QString &name, const QString &sql)
{
    return {name, canonicalSql(sql.sliced(std::max<qsizetype>(0, sql.indexOf(u'(')))),
            sqlTokens(sql).value(1) == u"unique"_s};
}

void addText(SchemaShape &schema, const SqlRow &row, ShapeDetail detail)
{
    const auto text = [detail](const QString &sql) {
        return detail == ShapeDetail::Whole ? canonicalSql(sql) : QString();
    };
    const QString type = row.text(0);
    const QString name = row.text(1);
    const QString sql = row.text(3);
    const auto table = schema.tables.find(row.text(2));
    if (type == u"view"_s || sql.startsWith(u"CREATE VIRTUAL"_s, Qt::CaseInsensitive)) {
        schema.tables[name].name = name;
        schema.tables[name].options = text(sql);
    } else if (type == u"trigger"_s && table == schema.tables.end()) {
        schema.tables[row.text(2)].name = row.text(2); // of a view that is still to come
        schema.tables[row.text(2)].triggers.insert(name, text(sql));
    } else if (table == schema.tables.end()) {
        return; // of a shadow table
    } else if (type == u"trigger"_s) {
        table->triggers.insert(name, text(sql));
    } else if (type == u"index"_s) {
        table->indexes << indexFrom(name, sql);
    } else {
        for (const QString &check : checksIn(sql))
            table->checks << canonicalCheck(check);
    }
}
} // namespace

Result<SchemaShape> readSqliteSchema(Connection &connection, ShapeDetail detail)
{
    SchemaShape schema;
    for (const auto read : {readColumns, readUniques, readForeignKeys}) {
        if (Status done = read(connection, schema); !done)
            return done.error();
    }
    if (Status done = connection.select(
            u"SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"_s, {},
            [&schema, detail](const SqlRow &row) { addText(schema, row, detail); });
        !done)
        return done.error();
    return schema;
}

} // namespace birch
