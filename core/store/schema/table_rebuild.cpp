#include "core/store/schema/sql_text.h"
#include "core/store/schema/table_alter.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Columns of the new table and where each value comes from, one per line.
struct CopyList {
    QStringList columns{u"id"_s};
    QStringList values{u"id"_s};
};

CopyList copyList(const TableChange &change)
{
    CopyList list;
    for (const ColumnModel &column : change.after.columns) {
        const auto changed =
            std::ranges::find(change.changed, column.name,
                              [](const ColumnChange &candidate) { return candidate.after.name; });
        QString value = column.name;
        if (changed != change.changed.cend() && !changed->value.isEmpty())
            value = changed->value;
        if (changed != change.changed.cend() && !changed->mark.isEmpty())
            value = fillInMark(changed->mark) + u"\n    "_s + value;
        if (!change.before.column(column.name)) {
            if (!needsValue(column))
                continue; // the default, or nothing
            value = fillInMark(u"%1.%2 of rows that exist"_s.arg(change.after.name, column.name)) +
                    u"\n    NULL"_s;
        }
        list.columns << column.name;
        list.values << value;
    }
    return list;
}

/// SQLite checks the text of every trigger when a table is renamed, also of those of other tables.
QStringList triggersAbout(const QString &table, const MigrationSource &source)
{
    QStringList names;
    for (auto it = source.triggers.begin(); it != source.triggers.end(); ++it) {
        if (sqlTokens(it.value()).contains(table))
            names << it.key();
    }
    return names;
}
} // namespace

QString sqliteRebuildSql(const TableChange &change, const MigrationSource &source)
{
    const QString table = change.after.name;
    const QStringList triggers = triggersAbout(table, source);
    TableModel renamed = change.after;
    renamed.name = table + u"_new"_s;
    renamed.indexes.clear();
    const CopyList copy = copyList(change);
    QString sql;
    for (const QString &trigger : triggers)
        sql += u"DROP TRIGGER %1;\n"_s.arg(trigger);
    sql += createTableSql(renamed);
    sql += u"INSERT INTO %1_new (%2)\n    SELECT %3\n    FROM %1;\n"_s.arg(
        table, copy.columns.join(u", "_s), copy.values.join(u",\n    "_s));
    // An id is never given twice, also when its row is gone.
    sql += u"DELETE FROM sqlite_sequence WHERE name = '%1_new';\n"
           "INSERT INTO sqlite_sequence (name, seq)\n"
           "    SELECT '%1_new', seq FROM sqlite_sequence WHERE name = '%1';\n"
           "DROP TABLE %1;\nALTER TABLE %1_new RENAME TO %1;\n"_s.arg(table);
    for (const IndexModel &index : change.after.indexes)
        sql +=
            u"CREATE INDEX %1 ON %2 (%3);\n"_s.arg(index.name, table, index.columns.join(u", "_s));
    for (const IndexShape &index : source.shape.tables.value(table).indexes) {
        if (source.ownIndexes.contains(index.name))
            sql += source.ownIndexes.value(index.name) + u";\n"_s;
    }
    for (const QString &trigger : triggers)
        sql += source.triggers.value(trigger) + u";\n"_s;
    return sql;
}

} // namespace birch
