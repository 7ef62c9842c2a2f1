#include "core/store/upkeep/backup.h"
#include "core/store/upkeep/backup_target.h"
#include "core/store/upkeep/sqlite_check.h"

#include <QFileInfo>
#include <QJsonObject>

#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kPagesPerStep = 64; // 256 KiB: between two steps somebody may stop it

QString tr(const char *text)
{
    return QCoreApplication::translate("Backup", text);
}

/// One state of the database for as long as it lives. Without it the copy would begin anew after
/// every commit of a scan, hence never end.
class Snapshot
{
public:
    static Result<Snapshot> take(Connection &connection)
    {
        if (Status begun = connection.script(u"BEGIN"_s); !begun)
            return begun.error();
        Snapshot snapshot(connection);
        // BEGIN alone is deferred: the first read makes the snapshot.
        if (Status read = connection.script(u"SELECT 1 FROM sqlite_master LIMIT 1"_s); !read)
            return read.error();
        return snapshot;
    }
    Snapshot(Snapshot &&other) noexcept
        : m_connection(std::exchange(other.m_connection, nullptr))
    {
    }
    Snapshot &operator=(Snapshot &&) = delete;
    ~Snapshot()
    {
        if (m_connection)
            (void)m_connection->script(u"ROLLBACK"_s); // nothing was written
    }

private:
    explicit Snapshot(Connection &connection)
        : m_connection(&connection)
    {
    }
    Connection *m_connection;
};

Status copyPages(sqlite3 *from, SqliteFile &to, const BackupOptions &options)
{
    const std::unique_ptr<sqlite3_backup, decltype(&sqlite3_backup_finish)> backup(
        sqlite3_backup_init(to.handle(), "main", from, "main"), &sqlite3_backup_finish);
    if (!backup)
        return to.error(sqlite3_extended_errcode(to.handle()));
    for (;;) {
        if (options.stop.stop_requested())
            return Error{ErrorCode::Cancelled, tr("The backup was stopped; nothing was kept")};
        const int code = sqlite3_backup_step(backup.get(), kPagesPerStep);
        if (options.progress) {
            const int total = sqlite3_backup_pagecount(backup.get());
            options.progress(total - sqlite3_backup_remaining(backup.get()), total);
        }
        if (code == SQLITE_DONE)
            return ok();
        if (code != SQLITE_OK)
            return to.error(code);
    }
}

/// Leaves one file that needs no other beside it.
Status makeStandAlone(const QString &path)
{
    auto file = SqliteFile::open(path, SqliteFile::Access::ReadWrite);
    if (!file)
        return file.error();
    return file.value().run("PRAGMA journal_mode = DELETE;");
}

Status compare(const SqliteSummary &source, const SqliteSummary &copy)
{
    for (auto it = source.rows.begin(); it != source.rows.end(); ++it) {
        if (copy.rows.value(it.key(), -1) != it.value())
            return Error{ErrorCode::Storage,
                         tr("The copy has %1 rows in table %2 instead of %3: check the disk and "
                            "take the backup again")
                             .arg(copy.rows.value(it.key(), 0))
                             .arg(it.key())
                             .arg(it.value())};
    }
    if (source != copy)
        return Error{ErrorCode::Storage,
                     tr("The copy is not what the database was: check the disk and take the "
                        "backup again")};
    return ok();
}

Result<SqliteSummary> copySnapshot(Connection &connection, const QString &temporary,
                                   const BackupOptions &options)
{
    auto snapshot = Snapshot::take(connection);
    if (!snapshot)
        return snapshot.error();
    {
        auto copy = SqliteFile::open(temporary, SqliteFile::Access::ReadWrite);
        if (!copy)
            return copy.error();
        if (Status done = copyPages(connection.sqliteHandle(), copy.value(), options); !done)
            return done.error();
    }
    return summarise(connection.sqliteHandle(), tr("The database"));
}

/// An error about the hidden file, told of the name that was asked for.
Error named(Error error, const FileWriter &file)
{
    error.message.replace(file.temporaryPath(), file.path());
    return error;
}
} // namespace

QJsonObject BackupReport::toJson() const
{
    QJsonObject counts;
    for (auto it = rows.begin(); it != rows.end(); ++it)
        counts.insert(it.key(), it.value());
    return {{u"file"_s, path}, {u"bytes"_s, bytes}, {u"schema"_s, schema}, {u"rows"_s, counts}};
}

Result<BackupReport> backupSqlite(Connection &connection, const QString &path,
                                  const BackupOptions &options)
{
    auto created = createBackupFile(path, options.mayReplace);
    if (!created)
        return created.error();
    FileWriter &file = created.value();
    const auto source = copySnapshot(connection, file.temporaryPath(), options);
    if (!source)
        return named(source.error(), file);
    if (Status done = makeStandAlone(file.temporaryPath()); !done)
        return named(done.error(), file);
    const auto copy = checkSqliteFile(file.temporaryPath());
    if (!copy)
        return named(copy.error(), file);
    if (Status same = compare(source.value(), copy.value()); !same)
        return same.error();
    if (Status done = file.commit(); !done)
        return done.error();
    return BackupReport{file.path(), QFileInfo(file.path()).size(), copy.value().schema,
                        copy.value().rows};
}

Result<BackupReport> backupDatabase(Connection &connection, const QString &path,
                                    const BackupOptions &options)
{
    return connection.dialect().isPostgres() ? backupPostgres(connection, path, options)
                                             : backupSqlite(connection, path, options);
}

} // namespace birch
