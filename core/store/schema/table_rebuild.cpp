#include "core/store/schema/sql_text.h"
#include "core/store/schema/table_alter.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString marked(const QString &mark, const QString &value)
{
    return mark.isEmpty() ? value : fillInMark(mark) + u"    "_s + value;
}

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
        const auto added =
            std::ranges::find(change.added, column.name,
                              [](const ColumnArrival &candidate) { return candidate.column.name; });
        if (added != change.added.cend() && added->value.isEmpty())
            continue; // its default, or nothing
        list.columns << column.name;
        if (added != change.added.cend())
            list.values << marked(added->mark, added->value);
        else if (changed != change.changed.cend())
            list.values << marked(changed->mark,
                                  changed->value.isEmpty() ? column.name : changed->value);
        else
            list.values << column.name;
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
    for (const QString &mark : change.marks)
        sql += fillInMark(mark);
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
