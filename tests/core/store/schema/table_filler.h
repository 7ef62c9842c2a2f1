#pragma once

#include "core/base/id.h"
#include "core/store/schema/live_schema.h"
#include "core/store/store_time.h"

#include <QRegularExpression>

namespace birch::test {

/// Puts two rows into every table that is empty, from the catalogue alone: whatever the migrations
/// make, it can be filled.
class TableFiller
{
public:
    TableFiller(Connection &connection, const SchemaShape &schema)
        : m_connection(connection)
        , m_schema(schema)
    {
    }

    Status fill()
    {
        for (const QString &table : m_schema.tables.keys()) {
            if (Status done = fill(table); !done)
                return done.error().within(table);
        }
        return ok();
    }

private:
    Status fill(const QString &name)
    {
        using namespace Qt::StringLiterals;
        if (m_done.contains(name) || !m_schema.tables.contains(name))
            return ok();
        m_done << name;
        const TableShape &table = m_schema.tables[name];
        for (const ForeignKeyShape &key : table.foreignKeys) {
            if (Status done = fill(key.table); !done)
                return done;
        }
        const auto rows = m_connection.firstRow(u"SELECT count(*) FROM \"%1\""_s.arg(name));
        if (!rows)
            return rows.error();
        // `objects` is kept by triggers; a view and an index of words hold what others do.
        const bool isKept = name == u"objects"_s || table.columns.isEmpty();
        if (isKept || rows.value()->first().toInt() > 0)
            return ok();
        for (int row = 0; row < (table.checks.contains(u"id = 1"_s) ? 1 : 2); ++row) {
            if (Status done = insertSomehow(table, row); !done)
                return done;
        }
        return ok();
    }

    /// Conditions over several columns want certain choices, or that something is left empty.
    Status insertSomehow(const TableShape &table, int row)
    {
        Status done = ok();
        for (const bool isWhole : {true, false}) {
            for (m_shift = 0; m_shift < 8; ++m_shift) {
                done = insert(table, row, isWhole);
                if (done)
                    return done;
            }
        }
        return done;
    }

    Status insert(const TableShape &table, int row, bool isWhole)
    {
        using namespace Qt::StringLiterals;
        QStringList columns;
        QVariantList values;
        for (const ColumnShape &column : table.columns) {
            const bool isNumbered = column.name == u"id"_s && !table.checks.contains(u"id = 1"_s);
            if (isNumbered || !column.defaultValue.isEmpty())
                continue;
            if (!isWhole && !column.isRequired)
                continue;
            const QVariant given = value(table, column, row);
            if (!given.isValid() && !column.isRequired)
                continue;
            columns << u'"' + column.name + u'"';
            values << given;
        }
        const QString marks = QStringList(columns.size(), u"?"_s).join(u", "_s);
        return m_connection.execute(
            u"INSERT INTO \"%1\" (%2) VALUES (%3)"_s.arg(table.name, columns.join(u", "_s), marks),
            values);
    }

    QVariant value(const TableShape &table, const ColumnShape &column, int row)
    {
        using namespace Qt::StringLiterals;
        for (const ForeignKeyShape &key : table.foreignKeys) {
            if (key.columns.contains(column.name))
                return parent(key.table, row);
        }
        for (const QString &check : table.checks) {
            const QVariant allowed = choice(check, column.name, row + m_shift);
            if (allowed.isValid())
                return allowed;
        }
        const int number = ++m_number;
        if (column.name.endsWith(u"uid"_s))
            return uidText(newUid());
        if (column.type.contains(u"INT"_s))
            return row + 1; // within every bound
        if (column.type == u"REAL"_s || column.type.startsWith(u"DOUBLE"_s))
            return row + 1.5;
        if (column.type == u"BOOLEAN"_s)
            return number % 2 == 0;
        if (column.type == u"BLOB"_s || column.type == u"BYTEA"_s)
            return QByteArray("bytes") + char(number);
        if (column.type == u"JSONB"_s)
            return u"{\"n\": %1}"_s.arg(number);
        return column.type.startsWith(u"TEXT"_s) ? QVariant(u"text %1"_s.arg(number)) : QVariant();
    }

    QVariant parent(const QString &table, int row)
    {
        using namespace Qt::StringLiterals;
        for (const int offset : {row, 0}) {
            const auto found = m_connection.firstRow(
                u"SELECT id FROM \"%1\" ORDER BY id LIMIT 1 OFFSET %2"_s.arg(table).arg(offset));
            if (found && found.value())
                return found.value()->first();
        }
        return {};
    }

    static QVariant choice(const QString &check, const QString &column, int row)
    {
        using namespace Qt::StringLiterals;
        if (check == column + u" = 1"_s)
            return 1;
        if (!check.startsWith(column + u" in "_s))
            return {};
        const QStringList choices = check.sliced(column.size() + 4).split(u" , "_s);
        return choices[row % choices.size()].sliced(1).chopped(1);
    }

    Connection &m_connection;
    const SchemaShape &m_schema;
    QStringList m_done;
    int m_number = 0;
    int m_shift = 0; ///< of the choices taken
};

/// Every row of the tables and columns of \a schema, as text, sorted; without `objects`, which
/// follows from the others.
inline QStringList rowsOf(Connection &connection, const SchemaShape &schema)
{
    using namespace Qt::StringLiterals;
    QStringList rows;
    for (const TableShape &table : schema.tables) {
        if (table.columns.isEmpty() || table.name == u"objects"_s)
            continue;
        QStringList columns;
        for (const ColumnShape &column : table.columns)
            columns << (connection.dialect().isPostgres()
                            ? u"coalesce(\"%1\"::text, 'NULL')"_s.arg(column.name)
                            : u"quote(\"%1\")"_s.arg(column.name));
        const Status done = connection.select(
            u"SELECT %1 FROM \"%2\" ORDER BY 1"_s.arg(columns.join(u" || '|' || "_s), table.name),
            {}, [&rows, &table](const SqlRow &row) { rows << table.name + u": "_s + row.text(0); });
        if (!done)
            rows << done.error().message;
    }
    return rows;
}

} // namespace birch::test
