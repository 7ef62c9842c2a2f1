#include "core/store/schema/live_readers.h"
#include "core/store/schema/sql_text.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// A partition is made with its table.
constexpr auto kOurs = " c.relnamespace = current_schema()::regnamespace AND NOT c.relispartition "
                       "AND c.relkind IN ('r', 'p', 'v', 'm') "_L1;

Status readColumns(Connection &connection, SchemaShape &schema)
{
    return connection.select(
        u"SELECT c.relname, a.attname, upper(format_type(a.atttypid, a.atttypmod)), a.attnotnull, "
        "coalesce(pg_get_expr(d.adbin, d.adrelid), ''), a.attidentity, "
        "CASE WHEN a.attcollation <> t.typcollation THEN l.collname ELSE '' END "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
        "AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid "
        "LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
        "LEFT JOIN pg_collation l ON l.oid = a.attcollation WHERE"_s +
            kOurs,
        {}, [&schema](const SqlRow &row) {
            TableShape &table = schema.tables[row.text(0)];
            table.name = row.text(0);
            QString type = row.text(2);
            if (!row.text(6).isEmpty())
                type += u" COLLATE "_s + row.text(6);
            const bool isIdentity = !row.text(5).trimmed().isEmpty();
            table.columns << ColumnShape{row.text(1), type, row.value(3).toBool(),
                                         isIdentity ? u"identity"_s : canonicalSql(row.text(4))};
        });
}

QStringList names(const QString &list)
{
    QStringList all;
    for (const QString &name : list.split(u','))
        all << name.trimmed().remove(u'"');
    return all;
}

void addConstraint(TableShape &table, const QString &definition)
{
    static const QRegularExpression foreignKey(
        uR"(^FOREIGN KEY \(([^)]*)\) REFERENCES ([^( ]+)\s*\([^)]*\)(?:.* ON DELETE (\w+( NULL)?))?)"_s);
    const QString inside = insideBrackets(definition, definition.indexOf(u'('));
    if (definition.startsWith(u"CHECK"_s))
        table.checks << canonicalCheck(inside);
    else if (definition.startsWith(u"PRIMARY KEY"_s))
        table.primaryKey = names(inside);
    else if (definition.startsWith(u"UNIQUE"_s))
        table.uniques << names(inside);
    else if (const auto match = foreignKey.match(definition); match.hasMatch())
        table.foreignKeys << ForeignKeyShape{
            names(match.captured(1)), match.captured(2).remove(u'"'),
            match.captured(3).isEmpty() ? u"NO ACTION"_s : match.captured(3)};
    else
        table.checks << canonicalSql(definition); // EXCLUDE
}

Status readConstraints(Connection &connection, SchemaShape &schema)
{
    return connection.select(
        u"SELECT c.relname, pg_get_constraintdef(k.oid) FROM pg_constraint k "
        "JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype IN ('c', 'p', 'u', 'f', 'x') AND"_s +
            kOurs,
        {},
        [&schema](const SqlRow &row) { addConstraint(schema.tables[row.text(0)], row.text(1)); });
}

/// Besides those of constraints. "CREATE INDEX n ON t USING btree (a, b)" -> "( a , b )"
Status readIndexes(Connection &connection, SchemaShape &schema)
{
    return connection.select(
        u"SELECT c.relname, i.relname, x.indisunique, pg_get_indexdef(x.indexrelid) "
        "FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid "
        "JOIN pg_class i ON i.oid = x.indexrelid WHERE NOT EXISTS (SELECT FROM pg_constraint k "
        "WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')) AND"_s +
            kOurs,
        {}, [&schema](const SqlRow &row) {
            QString definition = row.text(3).section(u" USING "_s, 1);
            if (definition.startsWith(u"btree "_s))
                definition = definition.sliced(6);
            schema.tables[row.text(0)].indexes
                << IndexShape{row.text(1), canonicalSql(definition), row.value(2).toBool()};
        });
}

Status readTriggers(Connection &connection, SchemaShape &schema)
{
    return connection.select(u"SELECT c.relname, t.tgname FROM pg_trigger t "
                             "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND"_s +
                                 kOurs,
                             {}, [&schema](const SqlRow &row) {
                                 schema.tables[row.text(0)].triggers.insert(row.text(1), {});
                             });
}

Status readTriggerTexts(Connection &connection, SchemaShape &schema)
{
    return connection.select(
        u"SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid, true) FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND"_s +
            kOurs,
        {}, [&schema](const SqlRow &row) {
            schema.tables[row.text(0)].triggers[row.text(1)] = canonicalSql(row.text(2));
        });
}

Status readOptions(Connection &connection, SchemaShape &schema)
{
    return connection.select(
        u"SELECT c.relname, concat_ws(' ', CASE WHEN c.relrowsecurity THEN 'row security' END, "
        "CASE WHEN c.relforcerowsecurity THEN 'forced' END, "
        "CASE WHEN c.relkind = 'p' THEN 'partitions: ' || (SELECT count(*) FROM pg_inherits i "
        "WHERE i.inhparent = c.oid) || ' ' || pg_get_partkeydef(c.oid) END, "
        "CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, "
        "(SELECT string_agg(concat_ws(' ', p.polname, p.polcmd, p.polpermissive, "
        "pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)), '; ' "
        "ORDER BY p.polname) FROM pg_policy p WHERE p.polrelid = c.oid)) FROM pg_class c WHERE"_s +
            kOurs,
        {}, [&schema](const SqlRow &row) {
            schema.tables[row.text(0)].options = canonicalSql(row.text(1));
        });
}

Status readRoutines(Connection &connection, SchemaShape &schema)
{
    return connection.select(
        u"SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', "
        "md5(p.prosrc) FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace "
        "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"_s,
        {}, [&schema](const SqlRow &row) { schema.routines.insert(row.text(0), row.text(1)); });
}
} // namespace

Result<SchemaShape> readPostgresSchema(Connection &connection, ShapeDetail detail)
{
    SchemaShape schema;
    QList<Status (*)(Connection &, SchemaShape &)> reads{readColumns, readConstraints, readIndexes,
                                                         readTriggers};
    if (detail == ShapeDetail::Whole)
        reads << readTriggerTexts << readOptions << readRoutines;
    for (const auto read : reads) {
        if (Status done = read(connection, schema); !done)
            return done.error();
    }
    return schema;
}

} // namespace birch
