#include "core/store/upkeep/sqlite_check.h"

#include <QCoreApplication>
#include <QStringList>

#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("SqliteCheck", text);
}

QString textAt(sqlite3_stmt *statement, int column)
{
    return QString::fromUtf8(reinterpret_cast<const char *>(sqlite3_column_text(statement, column)),
                             sqlite3_column_bytes(statement, column));
}

Error noBirchDatabase(const QString &path)
{
    return {ErrorCode::BadInput,
            tr("%1 is no Birch database: take a file that birchctl db backup made").arg(path)};
}

/// Rows of one statement, on a handle that may be anybody's.
Status rowsOf(sqlite3 *handle, const QString &path, const QByteArray &sql,
              const std::function<void(sqlite3_stmt *)> &onRow)
{
    sqlite3_stmt *statement = nullptr;
    int code = sqlite3_prepare_v2(handle, sql.constData(), -1, &statement, nullptr);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(statement);
        if (code == SQLITE_ROW)
            onRow(statement);
    }
    sqlite3_finalize(statement);
    if (code == SQLITE_DONE)
        return ok();
    return Error{ErrorCode::BadInput, tr("%1 can not be read (%2): take another file")
                                          .arg(path, QString::fromUtf8(sqlite3_errmsg(handle)))};
}

Status checkReferences(SqliteFile &file)
{
    QString broken;
    const Status read = file.select("PRAGMA foreign_key_check", [&broken](sqlite3_stmt *statement) {
        broken = tr("row %1 of table %2 refers to a row of %3 that is not there")
                     .arg(sqlite3_column_int64(statement, 1))
                     .arg(textAt(statement, 0), textAt(statement, 2));
        return false;
    });
    if (!read)
        return read;
    if (broken.isEmpty())
        return ok();
    return Error{ErrorCode::BadInput,
                 tr("%1 is not whole: %2. Take another backup").arg(file.path(), broken)};
}
} // namespace

Result<SqliteSummary> summarise(sqlite3 *handle, const QString &path)
{
    SqliteSummary summary;
    QStringList tables;
    Status read = rowsOf(handle, path,
                         "SELECT name FROM pragma_table_list WHERE schema = 'main' "
                         "AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                         [&tables](sqlite3_stmt *row) { tables << textAt(row, 0); });
    if (!read)
        return read.error();
    if (!tables.contains(u"schema_version"_s) || !tables.contains(u"database_info"_s))
        return noBirchDatabase(path);
    for (const QString &table : std::as_const(tables)) {
        QString name = table;
        name.replace(u'"', u"\"\""_s);
        read = rowsOf(
            handle, path, "SELECT count(*) FROM \"" + name.toUtf8() + '"',
            [&](sqlite3_stmt *row) { summary.rows.insert(table, sqlite3_column_int64(row, 0)); });
        if (!read)
            return read.error();
    }
    read = rowsOf(handle, path,
                  "SELECT (SELECT max(version) FROM schema_version), "
                  "(SELECT uid FROM database_info)",
                  [&summary](sqlite3_stmt *row) {
                      summary.schema = sqlite3_column_int(row, 0);
                      summary.databaseUid = textAt(row, 1);
                  });
    if (!read)
        return read.error();
    if (summary.schema == 0 || summary.databaseUid.isEmpty())
        return noBirchDatabase(path);
    return summary;
}

Result<SqliteSummary> checkSqliteFile(const QString &path)
{
    auto opened = SqliteFile::open(path, SqliteFile::Access::ReadOnly);
    if (!opened)
        return opened.error();
    SqliteFile &file = opened.value();
    QString damage;
    const Status read =
        file.select("PRAGMA integrity_check(1)", [&damage](sqlite3_stmt *statement) {
            damage = textAt(statement, 0);
            return false;
        });
    if (!read)
        return read.error();
    if (damage != u"ok"_s)
        return Error{ErrorCode::BadInput,
                     tr("%1 is damaged (%2): take another backup").arg(path, damage)};
    if (Status whole = checkReferences(file); !whole)
        return whole.error();
    return summarise(file.handle(), path);
}

} // namespace birch
