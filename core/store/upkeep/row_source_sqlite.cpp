#include "core/store/upkeep/row_source.h"
#include "core/store/upkeep/sqlite_cell.h"

#include <sqlite3.h>

namespace birch {

namespace {
Cell cellAt(sqlite3_stmt *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return Cell::ofInteger(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
        return Cell::ofReal(sqlite3_column_double(statement, column));
    case SQLITE_TEXT: {
        const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(statement, column));
        return Cell::ofText(QByteArray(text, sqlite3_column_bytes(statement, column)));
    }
    case SQLITE_BLOB: {
        const auto *bytes = static_cast<const char *>(sqlite3_column_blob(statement, column));
        return Cell::ofBytes(QByteArray(bytes, sqlite3_column_bytes(statement, column)));
    }
    default:
        return {};
    }
}
} // namespace

Error sqliteError(const Connection &connection)
{
    sqlite3 *handle = connection.sqliteHandle();
    return connection.dialect().error(QSqlError({}, QString::fromUtf8(sqlite3_errmsg(handle)),
                                                QSqlError::StatementError,
                                                QString::number(sqlite3_errcode(handle))));
}

int bindCell(sqlite3_stmt *statement, int position, const Cell &cell)
{
    switch (cell.kind) {
    case Cell::Kind::Null:
        return sqlite3_bind_null(statement, position);
    case Cell::Kind::Integer:
        return sqlite3_bind_int64(statement, position, cell.integer);
    case Cell::Kind::Real:
        return sqlite3_bind_double(statement, position, cell.real);
    case Cell::Kind::Text:
        return sqlite3_bind_text64(statement, position, cell.bytes.constData(),
                                   sqlite3_uint64(cell.bytes.size()), SQLITE_STATIC, SQLITE_UTF8);
    case Cell::Kind::Bytes:
        break;
    }
    return sqlite3_bind_blob64(statement, position,
                               cell.bytes.isEmpty() ? "" : cell.bytes.constData(),
                               sqlite3_uint64(cell.bytes.size()), SQLITE_STATIC);
}

Result<SqliteStatement> prepareSqlite(const Connection &connection, const QString &sql)
{
    sqlite3_stmt *statement = nullptr;
    const int code = sqlite3_prepare_v2(connection.sqliteHandle(), sql.toUtf8().constData(), -1,
                                        &statement, nullptr);
    SqliteStatement prepared(statement);
    if (code != SQLITE_OK)
        return sqliteError(connection);
    return prepared;
}

void FinalizeStatement::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

Status selectSqliteRows(Connection &connection, const CatalogueTable &table, const QString &sql,
                        const QList<Cell> &values, const RowHandler &onRow)
{
    const auto statement = prepareSqlite(connection, sql);
    if (!statement)
        return statement.error();
    sqlite3_stmt *handle = statement.value().get();
    for (qsizetype i = 0; i < values.size(); ++i)
        bindCell(handle, int(i) + 1, values[i]);
    Row row(size_t(table.columns.size()));
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(handle)) == SQLITE_ROW) {
        for (size_t column = 0; column < row.size(); ++column)
            row[column] = cellAt(handle, int(column));
        if (Status taken = onRow(row); !taken)
            return taken;
    }
    return code == SQLITE_DONE ? ok() : Status(sqliteError(connection));
}

} // namespace birch
