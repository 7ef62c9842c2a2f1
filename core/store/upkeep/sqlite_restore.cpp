#include "core/base/file_writer.h"
#include "core/store/database_lock.h"
#include "core/store/network_file_system.h"
#include "core/store/upkeep/backup_container.h"
#include "core/store/upkeep/restore.h"
#include "core/store/upkeep/sqlite_check.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::seconds kLockPatience{2};
constexpr qint64 kCopyBytes = 1 << 20;

QString tr(const char *text)
{
    return QCoreApplication::translate("Restore", text);
}

Status copyBytes(const QString &from, FileWriter &to)
{
    QFile source(from);
    errno = 0;
    if (!source.open(QIODevice::ReadOnly))
        return fileError(errno != 0 ? errno : EIO, from);
    while (!source.atEnd()) {
        const QByteArray bytes = source.read(kCopyBytes);
        if (bytes.isEmpty())
            return fileError(EIO, from);
        if (Status written = to.write(bytes); !written)
            return written;
    }
    return ok();
}

QString keptName(const QString &path)
{
    const QString base =
        path + u".replaced-"_s + QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd-HHmmss"_s);
    QString name = base;
    for (int i = 2; QFileInfo::exists(name); ++i)
        name = u"%1-%2"_s.arg(base).arg(i);
    return name;
}

Status rename(const QString &from, const QString &to)
{
    if (::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) != 0)
        return fileError(errno, from);
    return ok();
}

bool hasSqliteHeader(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && file.read(15) == "SQLite format 3";
}

/// Gives the file at \a path the second name \a kept; it stays where it is until it is renamed
/// over, so that there is a database at any moment. A damaged one is moved with what belongs to
/// it: its write-ahead log would else be taken for the new one's.
Status keep(const QString &path, const QString &kept)
{
    if (hasSqliteHeader(path)) { // SQLite would throw away the log of what is none
        // Opened exclusively: fails while any program has it open; brings its write-ahead log in.
        const auto settled = SqliteFile::open(path, SqliteFile::Access::ReadWrite);
        if (!settled && settled.error().code != ErrorCode::BadInput)
            return settled.error();
        if (settled && !QFileInfo::exists(path + u"-wal"_s) &&
            ::link(QFile::encodeName(path).constData(), QFile::encodeName(kept).constData()) == 0)
            return ok();
    }
    for (const QString &part : {u"-wal"_s, u"-shm"_s, u"-journal"_s}) {
        if (!QFileInfo::exists(path + part))
            continue;
        if (Status moved = rename(path + part, kept + part); !moved)
            return moved;
    }
    return rename(path, kept);
}

bool isThere(const QString &path)
{
    return QFileInfo(path).size() > 0;
}
} // namespace

QJsonObject RestoreReport::toJson() const
{
    QJsonObject counts;
    for (auto it = rows.begin(); it != rows.end(); ++it)
        counts.insert(it.key(), it.value());
    return {{u"replaced"_s, replaced}, {u"schema"_s, schema}, {u"rows"_s, counts}};
}

Result<RestoreReport> restoreSqlite(const DatabaseUrl &url, const QString &file,
                                    const RestoreOptions &options)
{
    if (isContainer(file))
        return Error{ErrorCode::BadInput,
                     tr("%1 is a backup of a PostgreSQL database: restore it into one, then copy "
                        "that with birchctl db copy")
                         .arg(file)};
    if (QFileInfo(file).canonicalFilePath() == QFileInfo(url.path()).canonicalFilePath() &&
        QFileInfo::exists(file))
        return Error{ErrorCode::BadInput,
                     tr("%1 is the database itself: name the backup").arg(file)};
    if (const auto checked = checkSqliteFile(file); !checked)
        return checked.error();
    if (Status local = checkLocalFileSystem(url.path()); !local)
        return local.error();
    QDir().mkpath(QFileInfo(url.path()).path()); // a failure shows at the lock file
    const auto lock = FileLock::acquire(url.path(), LockMode::Exclusive, kLockPatience);
    if (!lock)
        return lock.error();
    if (isThere(url.path()) && !options.mayReplace)
        return Error{ErrorCode::Conflict,
                     tr("There is a database at %1 already: add --replace to put the backup in its "
                        "place (it is kept under another name), or name another place")
                         .arg(url.path())};
    auto copy = FileWriter::create(url.path());
    if (!copy)
        return copy.error();
    if (Status copied = copyBytes(file, copy.value()); !copied)
        return copied.error();
    const auto checked = checkSqliteFile(copy.value().temporaryPath());
    if (!checked)
        return checked.error();
    RestoreReport report{{}, checked.value().schema, checked.value().rows};
    if (isThere(url.path())) {
        report.replaced = keptName(url.path());
        if (Status kept = keep(url.path(), report.replaced); !kept)
            return kept.error();
    }
    if (Status done = copy.value().commit(); !done)
        return done.error();
    return report;
}

Result<RestoreReport> restoreDatabase(const DatabaseUrl &url, const QString &file,
                                      const RestoreOptions &options)
{
    return url.engine() == Engine::Sqlite ? restoreSqlite(url, file, options)
                                          : restorePostgres(url, file, options);
}

} // namespace birch
