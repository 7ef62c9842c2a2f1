#include "core/store/schema/data_loss.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Schema", text);
}

Result<qint64> count(Connection &connection, const QString &table, const QString &condition)
{
    const auto row =
        connection.firstRow(u"SELECT count(*) FROM \"%1\" WHERE %2"_s.arg(table, condition));
    if (!row)
        return row.error();
    return row.value()->first().toLongLong();
}

Status addColumns(Connection &connection, const TableShape &before, const TableShape &after,
                  QStringList &lost)
{
    for (const ColumnShape &column : before.columns) {
        if (after.column(column.name))
            continue;
        QString condition = u"\"%1\" IS NOT NULL"_s.arg(column.name);
        if (!column.defaultValue.isEmpty() && column.defaultValue != u"identity"_s)
            condition += u" AND \"%1\" <> %2"_s.arg(column.name, column.defaultValue);
        const auto values = count(connection, before.name, condition);
        if (!values)
            return values.error();
        if (values.value() > 0)
            lost << tr("%1.%2 (%3 values)").arg(before.name, column.name).arg(values.value());
    }
    return ok();
}
} // namespace

Result<QStringList> dataLoss(Connection &connection, const SchemaShape &before,
                             const SchemaShape &after)
{
    QStringList lost;
    for (const TableShape &table : before.tables) {
        if (table.columns.isEmpty()) // a view, an index of words: made of what others hold
            continue;
        const auto kept = after.tables.constFind(table.name);
        if (kept != after.tables.cend()) {
            if (Status done = addColumns(connection, table, *kept, lost); !done)
                return done.error();
            continue;
        }
        const auto rows = count(connection, table.name, u"1 = 1"_s);
        if (!rows)
            return rows.error();
        if (rows.value() > 0)
            lost << tr("%1 (%2 rows)").arg(table.name).arg(rows.value());
    }
    return lost;
}

} // namespace birch
