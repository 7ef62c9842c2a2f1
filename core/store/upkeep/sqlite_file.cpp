#include "core/store/upkeep/sqlite_file.h"

#include "core/base/file_io.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <sqlite3.h>

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("SqliteFile", text);
}
} // namespace

void SqliteFile::Close::operator()(sqlite3 *handle) const
{
    sqlite3_close_v2(handle);
}

Result<SqliteFile> SqliteFile::open(const QString &path, Access access)
{
    SqliteFile file(path);
    sqlite3 *handle = nullptr;
    const int flags = access == Access::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    const int code = sqlite3_open_v2(QFile::encodeName(path).constData(), &handle,
                                     flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    file.m_handle.reset(handle);
    if (code != SQLITE_OK)
        return file.error(code);
    if (access == Access::ReadWrite) {
        // Exclusive: a write-ahead log would otherwise want its shared memory beside the file.
        // Whoever makes the file flushes and renames it, or drops it: it needs no way back.
        if (Status set = file.run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; "
                                  "PRAGMA synchronous = OFF;");
            !set)
            return set.error();
    }
    return file;
}

Status SqliteFile::run(const char *sql)
{
    const int code = sqlite3_exec(m_handle.get(), sql, nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? ok() : Status(error(code));
}

Status SqliteFile::select(const char *sql, const std::function<bool(sqlite3_stmt *)> &onRow)
{
    sqlite3_stmt *statement = nullptr;
    int code = sqlite3_prepare_v2(m_handle.get(), sql, -1, &statement, nullptr);
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> guard(statement,
                                                                           &sqlite3_finalize);
    if (code != SQLITE_OK)
        return error(code);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (!onRow(statement))
            return ok();
    }
    return code == SQLITE_DONE ? ok() : Status(error(code));
}

Error SqliteFile::error(int code) const
{
    const int number = m_handle ? sqlite3_system_errno(m_handle.get()) : 0;
    switch (code & 0xff) {
    case SQLITE_FULL:
        return fileError(ENOSPC, m_path);
    case SQLITE_CANTOPEN:
        return fileError(number != 0 ? number : ENOENT, m_path);
    case SQLITE_IOERR:
        return fileError(number != 0 ? number : EIO, m_path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return fileError(EACCES, m_path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::Conflict,
                tr("%1 is in use by another program: close it there, then try again").arg(m_path)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return {ErrorCode::BadInput,
                tr("%1 is damaged or no SQLite database: take another file").arg(m_path)};
    default:
        return {ErrorCode::Storage,
                tr("%1 was refused (%2): take another file, or make it again")
                    .arg(m_path, QString::fromUtf8(m_handle ? sqlite3_errmsg(m_handle.get())
                                                            : sqlite3_errstr(code)))};
    }
}

} // namespace birch
