#include "core/store/schema/table_alter.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qsizetype kMostBytes = 63; // of a name in PostgreSQL

/// As PostgreSQL names what CREATE TABLE leaves unnamed: the longer part is shortened first.
QString constraintName(QString table, QString columns, const QString &kind)
{
    const qsizetype room = kMostBytes - kind.size() - 2;
    while (table.size() + columns.size() > room)
        (table.size() > columns.size() ? table : columns).chop(1);
    return u"%1_%2_%3"_s.arg(table, columns, kind);
}

QString createIndex(const QString &table, const IndexModel &index)
{
    return u"CREATE INDEX %1 ON %2 (%3);\n"_s.arg(index.name, table, index.columns.join(u", "_s));
}

QString updateSql(const QString &table, const QString &column, const QString &value)
{
    return value.isEmpty() ? QString() : u"UPDATE %1 SET %2 = %3;\n"_s.arg(table, column, value);
}

class PostgresAlter
{
public:
    explicit PostgresAlter(const TableChange &change)
        : m_change(change)
        , m_table(change.after.name)
    {
    }

    QString sql()
    {
        for (const IndexModel &index : m_change.droppedIndexes)
            m_sql += u"DROP INDEX %1;\n"_s.arg(index.name);
        for (const QStringList &group : m_change.droppedUniques)
            drop(group.join(u'_'), u"key"_s);
        for (const ForeignKeyModel &key : m_change.droppedKeys)
            drop(key.column, u"fkey"_s);
        for (const ColumnArrival &arrival : m_change.added)
            add(arrival);
        for (const ColumnChange &column : m_change.changed)
            alter(column);
        for (const ColumnModel &column : m_change.dropped)
            line(u"DROP COLUMN "_s + column.name);
        for (const ForeignKeyModel &key : m_change.addedKeys)
            line(u"ADD CONSTRAINT %1 FOREIGN KEY (%2) REFERENCES %3 (id) ON DELETE %4"_s.arg(
                constraintName(m_table, key.column, u"fkey"_s), key.column, key.table,
                deleteRuleSql(key.onDelete)));
        for (const QString &mark : m_change.marks)
            m_sql += fillInMark(mark);
        for (const QStringList &group : m_change.addedUniques)
            line(u"ADD CONSTRAINT %1 UNIQUE (%2)"_s.arg(
                constraintName(m_table, group.join(u'_'), u"key"_s), group.join(u", "_s)));
        for (const IndexModel &index : m_change.addedIndexes)
            m_sql += createIndex(m_table, index);
        return m_sql;
    }

private:
    void line(const QString &action) { m_sql += u"ALTER TABLE %1 %2;\n"_s.arg(m_table, action); }
    void drop(const QString &columns, const QString &kind)
    {
        line(u"DROP CONSTRAINT "_s + constraintName(m_table, columns, kind));
    }
    void add(const ColumnArrival &arrival)
    {
        ColumnModel open = arrival.column;
        open.isRequired = open.isRequired && !needsValue(open);
        line(u"ADD COLUMN "_s + columnSql(m_change.after, open));
        m_sql += fillInMark(arrival.mark) + updateSql(m_table, open.name, arrival.value);
        if (needsValue(arrival.column))
            line(u"ALTER COLUMN %1 SET NOT NULL"_s.arg(open.name));
    }

    void alter(const ColumnChange &change)
    {
        const QString name = change.after.name;
        const QString column = u"ALTER COLUMN "_s + name;
        if (change.isCheckChange() && !change.before.check.isEmpty())
            drop(name, u"check"_s);
        if (change.isTypeChange() && !change.before.defaultValue.isEmpty())
            line(column + u" DROP DEFAULT"_s);
        m_sql += fillInMark(change.mark);
        if (change.isTypeChange())
            line(column + u" TYPE %1 USING %2"_s.arg(change.after.type,
                                                     change.value.isEmpty() ? name : change.value));
        else
            m_sql += updateSql(m_table, name, change.value);
        if (change.before.defaultValue != change.after.defaultValue || change.isTypeChange())
            line(column + (change.after.defaultValue.isEmpty()
                               ? u" DROP DEFAULT"_s
                               : u" SET DEFAULT "_s + change.after.defaultValue));
        if (change.before.isRequired != change.after.isRequired)
            line(column + (change.after.isRequired ? u" SET NOT NULL"_s : u" DROP NOT NULL"_s));
        if (change.isCheckChange() && !change.after.check.isEmpty())
            line(u"ADD CONSTRAINT %1 CHECK (%2)"_s.arg(constraintName(m_table, name, u"check"_s),
                                                       change.after.check));
    }

    const TableChange &m_change;
    QString m_table;
    QString m_sql;
};
} // namespace

QString simpleChangeSql(const TableChange &change)
{
    const QString table = change.after.name;
    QString sql;
    for (const IndexModel &index : change.droppedIndexes)
        sql += u"DROP INDEX %1;\n"_s.arg(index.name);
    for (const ColumnArrival &arrival : change.added)
        sql += u"ALTER TABLE %1 ADD COLUMN %2;\n"_s.arg(table,
                                                        columnSql(change.after, arrival.column)) +
               fillInMark(arrival.mark) + updateSql(table, arrival.column.name, arrival.value);
    for (const ColumnModel &column : change.dropped)
        sql += u"ALTER TABLE %1 DROP COLUMN %2;\n"_s.arg(table, column.name);
    for (const IndexModel &index : change.addedIndexes)
        sql += createIndex(table, index);
    return sql;
}

QString postgresChangeSql(const TableChange &change)
{
    return PostgresAlter(change).sql();
}

} // namespace birch
