#include "core/store/schema/table_model.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString columnType(EntityFieldType type)
{
    switch (type) {
    case EntityFieldType::Integer:
    case EntityFieldType::Reference:
    case EntityFieldType::Object:
    case EntityFieldType::Time:
        return u"{int}"_s;
    case EntityFieldType::Boolean:
        return u"{bool}"_s;
    case EntityFieldType::Real:
        return u"{real}"_s;
    case EntityFieldType::Json:
        return u"{json}"_s;
    case EntityFieldType::Text:
    case EntityFieldType::LongText:
    case EntityFieldType::Date:
    case EntityFieldType::Choice:
    case EntityFieldType::Unit:
        return u"{text}"_s;
    }
    return {};
}

QString quoted(QString text)
{
    return u'\'' + text.replace(u'\'', u"''"_s) + u'\'';
}

QString defaultSql(const EntityField &field)
{
    switch (field.type) {
    case EntityFieldType::Choice:
        return field.isRequired ? QString() : quoted(field.choices.first());
    case EntityFieldType::Boolean:
        return field.defaultValue.toBool() ? u"{true}"_s : u"{false}"_s;
    case EntityFieldType::Integer:
    case EntityFieldType::Real:
        return field.defaultValue.isValid() ? field.defaultValue.toString() : QString();
    default:
        return field.defaultValue.isValid() ? quoted(field.defaultValue.toString()) : QString();
    }
}

QString checkSql(const EntityField &field)
{
    if (field.type == EntityFieldType::Choice) {
        QStringList choices;
        for (const QString &choice : field.choices)
            choices << quoted(choice);
        return u"%1 IN (%2)"_s.arg(field.column(), choices.join(u", "_s));
    }
    QStringList bounds;
    if (field.minimum)
        bounds << u"%1 >= %2"_s.arg(field.column()).arg(*field.minimum);
    if (field.maximum)
        bounds << u"%1 <= %2"_s.arg(field.column()).arg(*field.maximum);
    return bounds.join(u" AND "_s);
}

ColumnModel columnModel(const EntityField &field)
{
    const QString defaultValue = defaultSql(field);
    return {field.column(), columnType(field.type), field.isRequired || !defaultValue.isEmpty(),
            defaultValue, checkSql(field)};
}

ColumnModel columnModel(const AuditColumn &audit)
{
    ColumnModel column{QString::fromUtf16(audit.name), columnType(audit.type), audit.isRequired};
    if (column.name == u"uid"_s)
        column.type = u"{uid}"_s;
    if (column.name == u"extra_data"_s)
        column.defaultValue = u"'{}'"_s;
    if (column.name == u"revision"_s)
        column.defaultValue = u"1"_s;
    return column;
}

QStringList columnNames(const EntitySpec &spec, const QStringList &fields)
{
    QStringList columns;
    for (const QString &name : fields) {
        if (const EntityField *field = spec.field(name))
            columns << field->column();
    }
    return columns;
}

/// An index that a unique group gives for nothing is not made twice.
bool beginsAUnique(const TableModel &table, const QString &column)
{
    for (const QStringList &group : table.uniques) {
        if (group.first() == column)
            return true;
    }
    return false;
}
} // namespace

const ColumnModel *TableModel::column(const QString &wanted) const
{
    for (const ColumnModel &column : columns) {
        if (column.name == wanted)
            return &column;
    }
    return nullptr;
}

const ForeignKeyModel *TableModel::foreignKey(const QString &wanted) const
{
    for (const ForeignKeyModel &key : foreignKeys) {
        if (key.column == wanted)
            return &key;
    }
    return nullptr;
}

TableModel tableModel(const EntitySpec &spec)
{
    TableModel table;
    table.name = spec.table;
    table.columns << columnModel(kAuditColumns[0]);
    table.uniques << QStringList{u"uid"_s};
    for (const EntityField &field : spec.fields) {
        table.columns << columnModel(field);
        if (field.refers())
            table.foreignKeys << ForeignKeyModel{
                field.column(),
                field.type == EntityFieldType::Object ? u"objects"_s : field.references,
                field.deleteRule()};
        if (field.isUnique)
            table.uniques << QStringList{field.column()};
    }
    for (size_t i = 1; i < std::size(kAuditColumns); ++i)
        table.columns << columnModel(kAuditColumns[i]);
    for (const QStringList &group : spec.uniqueTogether)
        table.uniques << columnNames(spec, group);
    for (const EntityField &field : spec.fields) {
        if (field.isIndexed && !beginsAUnique(table, field.column()))
            table.indexes << IndexModel{u"%1_%2"_s.arg(spec.table, field.name), {field.column()}};
    }
    for (const QStringList &group : spec.indexedTogether)
        table.indexes << IndexModel{u"%1_by_%2"_s.arg(spec.table, group.join(u'_')),
                                    columnNames(spec, group)};
    if (spec.isGrowing)
        table.indexes << IndexModel{spec.table + u"_newest"_s,
                                    {u"created_at"_s, u"id"_s, u"trashed_at"_s}};
    return table;
}

QString deleteRuleSql(DeleteRule rule)
{
    switch (rule) {
    case DeleteRule::Cascade:
        return u"CASCADE"_s;
    case DeleteRule::SetNull:
        return u"SET NULL"_s;
    case DeleteRule::Restrict:
        break;
    }
    return u"RESTRICT"_s;
}

QString columnSql(const TableModel &table, const ColumnModel &column)
{
    QString sql = column.name + u' ' + column.type;
    if (column.isRequired)
        sql += u" NOT NULL"_s;
    if (!column.defaultValue.isEmpty())
        sql += u" DEFAULT "_s + column.defaultValue;
    if (table.uniques.contains(QStringList{column.name}))
        sql += u" UNIQUE"_s;
    if (const ForeignKeyModel *key = table.foreignKey(column.name))
        sql += u" REFERENCES %1 (id) ON DELETE %2"_s.arg(key->table, deleteRuleSql(key->onDelete));
    if (!column.check.isEmpty())
        sql += u" CHECK (%1)"_s.arg(column.check);
    return sql;
}

QString createTableSql(const TableModel &table)
{
    QStringList lines{u"    id {id}"_s};
    for (const ColumnModel &column : table.columns)
        lines << u"    "_s + columnSql(table, column);
    for (const QStringList &group : table.uniques) {
        if (group.size() > 1)
            lines << u"    UNIQUE (%1)"_s.arg(group.join(u", "_s));
    }
    for (const QString &check : table.checks)
        lines << u"    CHECK (%1)"_s.arg(check);
    QString sql = u"CREATE TABLE %1 (\n%2\n){strict};\n"_s.arg(table.name, lines.join(u",\n"_s));
    for (const IndexModel &index : table.indexes)
        sql += u"CREATE INDEX %1 ON %2 (%3);\n"_s.arg(index.name, table.name,
                                                      index.columns.join(u", "_s));
    return sql;
}

QString objectTriggersSql(const QString &table, bool isPostgres)
{
    if (isPostgres)
        return u"CREATE TRIGGER %1_object AFTER INSERT OR DELETE OR UPDATE OF uid%2, trashed_at "
               "ON %1\n    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();\n"
               "SELECT birch_announce_changes_of('%1');\n"_s.arg(
                   table, table == u"labs"_s ? QString() : u", lab_id"_s);
    // A lab is in itself.
    const QString lab = table == u"labs"_s ? u"NEW.id"_s : u"NEW.lab_id"_s;
    const QString labColumn = table == u"labs"_s ? QString() : u", lab_id"_s;
    return u"CREATE TRIGGER %1_object_added AFTER INSERT ON %1 BEGIN\n"
           "    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)\n"
           "        VALUES ('%1', NEW.id, NEW.uid, %2, NEW.trashed_at);\nEND;\n"
           "CREATE TRIGGER %1_object_changed AFTER UPDATE OF uid%3, trashed_at ON %1 BEGIN\n"
           "    UPDATE objects SET uid = NEW.uid, lab_id = %2, trashed_at = NEW.trashed_at\n"
           "        WHERE kind = '%1' AND row_id = NEW.id;\nEND;\n"
           "CREATE TRIGGER %1_object_removed AFTER DELETE ON %1 BEGIN\n"
           "    DELETE FROM objects WHERE kind = '%1' AND row_id = OLD.id;\nEND;\n"_s.arg(
               table, lab, labColumn);
}

QStringList objectTriggerNames(const QString &table, bool isPostgres)
{
    const QString name = table + u"_object"_s;
    if (isPostgres)
        return {name, table + u"_announced"_s};
    return {name + u"_added"_s, name + u"_changed"_s, name + u"_removed"_s};
}

} // namespace birch
