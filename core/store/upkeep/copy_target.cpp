#include "core/store/upkeep/copy_target.h"

#include "core/base/file_io.h"
#include "core/store/schema.h"
#include "core/store/write_transaction.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::seconds kLockPatience{2};

QString tr(const char *text)
{
    return QCoreApplication::translate("Copy", text);
}

Error holdsData(const DatabaseUrl &url)
{
    return {ErrorCode::Conflict, tr("%1 holds data already: name a new database").arg(url.text())};
}

Status syncFile(const QString &path)
{
    const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    const bool isSynced = file >= 0 && ::fsync(file) == 0;
    const int number = errno;
    if (file >= 0)
        ::close(file);
    return isSynced ? ok() : Status(fileError(number, path));
}
} // namespace

Result<CopyTarget> CopyTarget::open(const DatabaseUrl &url, const QString &sourceUid,
                                    const CopyOptions &options)
{
    CopyTarget target;
    target.m_url = url;
    target.m_workUrl = url;
    if (url.engine() == Engine::Sqlite) {
        target.m_workUrl = DatabaseUrl::sqliteFile(url.path() + u".copying"_s);
        QDir().mkpath(QFileInfo(url.path()).path()); // a failure shows at the lock file
        auto lock = FileLock::acquire(url.path(), LockMode::Exclusive, kLockPatience);
        if (!lock)
            return lock.error();
        target.m_nameLock = std::move(lock).value();
        if (QFileInfo(url.path()).size() > 0)
            return holdsData(url);
        if (options.mayRestart)
            QFile::remove(target.m_workUrl.path());
    }
    if (Status made = target.make(options.userName); !made)
        return made.error();
    auto database = ExclusiveDatabase::openCurrent(target.m_workUrl);
    if (!database)
        return database.error();
    target.m_database = std::move(database).value();
    if (Status prepared = target.prepare(sourceUid, options); !prepared)
        return prepared.error();
    return target;
}

Status CopyTarget::make(const QString &userName)
{
    const auto status = Schema(m_workUrl).status();
    if (status ? status.value().exists : status.error().code != ErrorCode::NotFound)
        return status ? ok() : Status(status.error());
    const auto made = Schema(m_workUrl).init(userName);
    return made ? ok() : Status(made.error());
}

Status CopyTarget::prepare(const QString &sourceUid, const CopyOptions &options)
{
    Connection &db = connection();
    if (db.dialect().isPostgres()) {
        if (Status set = db.script(u"SET row_security = off"_s); !set)
            return set;
    }
    auto catalogue = TableCatalogue::read(db);
    if (!catalogue)
        return catalogue.error();
    m_catalogue = std::move(catalogue).value();
    const auto begun = state().load();
    if (!begun)
        return begun.error();
    if (!begun.value()) {
        if (Status started = begin(sourceUid); !started)
            return started;
    } else if (begun.value()->sourceUid != sourceUid && !options.mayRestart) {
        return Error{ErrorCode::Conflict, tr("%1 holds an unfinished copy of another database: "
                                             "add --restart to throw that away")
                                              .arg(m_url.text())};
    } else {
        m_references = begun.value()->references;
        m_wasResumed = !options.mayRestart;
    }
    if (!db.dialect().isPostgres()) {
        if (Status off = setRulesActive(db, m_catalogue, false); !off)
            return off;
    }
    if (!begun.value() || !options.mayRestart)
        return ok();
    auto transaction = WriteTransaction::begin(db);
    if (!transaction)
        return transaction.error();
    if (Status emptied = emptyTables(db, m_catalogue); !emptied)
        return emptied;
    if (Status cleared = state().clear(); !cleared)
        return cleared;
    return transaction.value().commit();
}

/// Takes out what a new database holds, its identity above all, and what stands in the way.
Status CopyTarget::begin(const QString &sourceUid)
{
    Connection &db = connection();
    const auto held = db.firstRow(u"SELECT (SELECT count(*) FROM scans) + "
                                  "(SELECT count(*) FROM samples) + "
                                  "(SELECT count(*) FROM queues) + "
                                  "(SELECT count(*) FROM projects), "
                                  "(SELECT uid FROM database_info)"_s);
    if (!held)
        return held.error();
    if (held.value()->first().toLongLong() != 0) {
        const bool isOurs = m_workUrl != m_url && held.value()->at(1).toString() == sourceUid;
        m_isComplete = isOurs;
        m_wasResumed = isOurs;
        return isOurs ? ok() : Status(holdsData(m_url));
    }
    const bool isPostgres = db.dialect().isPostgres();
    if (!isPostgres) {
        if (Status off = setRulesActive(db, m_catalogue, false); !off)
            return off;
    }
    auto transaction = WriteTransaction::begin(db);
    if (!transaction)
        return transaction.error();
    auto references = removeReferences(db);
    if (!references)
        return references.error();
    m_references = std::move(references).value();
    if (Status emptied = emptyTables(db, m_catalogue); !emptied)
        return emptied;
    if (isPostgres) {
        if (Status off = setRulesActive(db, m_catalogue, false); !off)
            return off;
    }
    if (Status made = state().create({sourceUid, m_references}); !made)
        return made;
    return transaction.value().commit();
}

Status CopyTarget::finish(const std::function<Status()> &lastStep)
{
    Connection &db = connection();
    const bool isPostgres = db.dialect().isPostgres();
    {
        auto transaction = WriteTransaction::begin(db);
        if (!transaction)
            return transaction.error();
        if (Status done = lastStep(); !done)
            return done;
        if (isPostgres) {
            if (Status on = setRulesActive(db, m_catalogue, true); !on)
                return on;
        }
        if (Status added = addReferences(db, m_references); !added)
            return added;
        if (Status rebuilt = rebuildDerived(db); !rebuilt)
            return rebuilt;
        if (Status checked = checkReferences(db); !checked)
            return checked;
        if (Status dropped = state().drop(); !dropped)
            return dropped;
        if (Status done = transaction.value().commit(); !done)
            return done;
    }
    if (Status analysed = db.script(u"ANALYZE"_s); !analysed)
        return analysed;
    return giveName();
}

Status CopyTarget::giveName()
{
    if (m_workUrl == m_url)
        return ok();
    // One file: nothing of it may be left in a log beside it.
    if (Status alone = connection().script(u"PRAGMA journal_mode = DELETE"_s); !alone)
        return alone;
    m_database.connection.reset();
    const QString work = m_workUrl.path();
    if (Status synced = syncFile(work); !synced)
        return synced;
    if (::rename(QFile::encodeName(work).constData(),
                 QFile::encodeName(m_url.path()).constData()) != 0)
        return fileError(errno, m_url.path());
    QFile::remove(FileLock::lockPath(work));
    return syncFolder(QFileInfo(m_url.path()).absolutePath());
}

} // namespace birch
