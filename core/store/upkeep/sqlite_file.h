#pragma once

#include "core/base/result.h"

#include <QByteArray>

#include <functional>
#include <memory>

struct sqlite3;
struct sqlite3_stmt;

namespace birch {

/// A SQLite file that is not (yet) anybody's database: a copy being made, a backup being checked.
/// No journal and no files beside it; belongs to the thread that opened it, closes with it.
class SqliteFile
{
public:
    enum class Access : quint8 { ReadOnly, ReadWrite };

    /// Errors: NotFound, Denied, Io - naming \a path.
    static Result<SqliteFile> open(const QString &path, Access access);

    sqlite3 *handle() const { return m_handle.get(); }
    QString path() const { return m_path; }
    Status run(const char *sql);
    /// \a onRow sees one row at a time and returns false to stop.
    Status select(const char *sql, const std::function<bool(sqlite3_stmt *)> &onRow);
    /// What SQLite's \a code means for this file; Full where its disk has no space left.
    Error error(int code) const;

private:
    struct Close {
        void operator()(sqlite3 *handle) const;
    };
    explicit SqliteFile(QString path)
        : m_path(std::move(path))
    {
    }

    QString m_path;
    std::unique_ptr<sqlite3, Close> m_handle;
};

} // namespace birch
