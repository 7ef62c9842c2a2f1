#include "core/store/schema/declared_schema.h"

#include "core/store/schema/sql_text.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
ColumnShape idColumn(const Dialect &dialect)
{
    if (dialect.isPostgres())
        return {u"id"_s, u"BIGINT"_s, true, u"identity"_s};
    return {u"id"_s, u"INTEGER"_s, false, {}};
}

ColumnShape columnShape(const ColumnModel &column, const Dialect &dialect)
{
    return {column.name, dialect.fillTypes(column.type).remove(u'"'), column.isRequired,
            canonicalSql(dialect.fillTypes(column.defaultValue))};
}
} // namespace

TableShape tableShape(const TableModel &table, const Dialect &dialect)
{
    TableShape shape;
    shape.name = table.name;
    shape.options = dialect.fillTypes(u"{strict}"_s).trimmed().toLower();
    shape.columns << idColumn(dialect);
    shape.primaryKey << u"id"_s;
    for (const ColumnModel &column : table.columns) {
        shape.columns << columnShape(column, dialect);
        if (!column.check.isEmpty())
            shape.checks << canonicalCheck(column.check);
    }
    shape.uniques = table.uniques;
    for (const ForeignKeyModel &key : table.foreignKeys)
        shape.foreignKeys << ForeignKeyShape{{key.column}, key.table, deleteRuleSql(key.onDelete)};
    for (const IndexModel &index : table.indexes)
        shape.indexes << IndexShape{index.name,
                                    canonicalSql(u'(' + index.columns.join(u", "_s) + u')'), false};
    for (const QString &trigger : objectTriggerNames(table.name, dialect.isPostgres()))
        shape.triggers.insert(trigger, {});
    shape.sort();
    return shape;
}

SchemaShape declaredSchema(const QList<EntitySpec> &specs, const Dialect &dialect)
{
    SchemaShape schema;
    for (const EntitySpec &spec : specs)
        schema.tables.insert(spec.table, tableShape(tableModel(spec), dialect));
    return schema;
}

} // namespace birch
