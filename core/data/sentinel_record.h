#pragma once

#include "core/data/run_store.h"
#include "core/data/spool_lock.h"

namespace birch {

/// A process for certain: a number may be given again, with another time of start.
struct ProcessIdentity {
    qint64 pid = 0;
    qint64 start = 0; ///< clock ticks since boot, as in /proc/PID/stat

    bool operator==(const ProcessIdentity &) const = default;
};

/// Whom a sentinel guards, and whose log shall tell of it.
struct SentinelGuard {
    ProcessIdentity workstation;
    ProcessIdentity sentinel;
    QUuid database; ///< null: recorded without one
    QUuid scan;
    QString scanId;
    QStringList instruments; ///< nicknames
    QStringList addresses;   ///< of these

    bool operator==(const SentinelGuard &) const = default;
};

/// What birch-sentinel writes while it guards, and what it did when it had to: a folder in
/// `sentinels` of the spool folder. Not in the scan's own spool: that has one owner, recovery takes
/// it over the moment the workstation is dead, and what comes then would come too late. Held by a
/// lock for the life of the sentinel. Belongs to one thread; blocks for the disk.
class SentinelRecordWriter
{
public:
    /// Takes the room that a proof needs, so that a disk which fills up later does not cost it.
    /// Errors: Full, Io.
    static Result<std::unique_ptr<SentinelRecordWriter>> create(const QString &spoolDir,
                                                                const SentinelGuard &guard);

    Status guard(const SentinelGuard &guard); ///< from now on these instruments and this scan
    Status log(const ScanLogEntry &entry);
    /// Nothing follows; on the disk when it returns.
    Status end();
    /// There was nothing to do.
    Status discard();

private:
    SentinelRecordWriter(std::shared_ptr<SpoolLock> lock, FileHandle file, QString path)
        : m_lock(std::move(lock))
        , m_file(std::move(file))
        , m_path(std::move(path))
    {
    }
    Status append(const QJsonObject &line);

    std::shared_ptr<SpoolLock> m_lock;
    FileHandle m_file;
    QString m_path;
};

/// As found on the disk.
struct SentinelRecord {
    QString folder;
    SentinelGuard guard;
    QList<ScanLogEntry> log; ///< empty: it never had to drive
    bool isHeld = false;     ///< the sentinel lives
    bool isOver = false;     ///< it has ended by itself
};

/// By folder name; changes nothing.
QList<SentinelRecord> listSentinelRecords(const QString &spoolDir);

/// Puts what a sentinel that is gone did into the log of its scan, once, and deletes the record;
/// one that never had to drive is deleted. May be killed at any instant and called again.
/// Errors: Conflict - the sentinel lives, the scan's points still wait for recovery, or the record
/// is another database's; NotFound - the database has no such scan; as RunStore::commit(). The
/// record is left as it was then.
Status storeSentinelRecord(const QString &folder, RunStore &store);

/// Deletes a record that no scan is waiting for. Errors: Conflict - the sentinel lives; Io.
Status discardSentinelRecord(const QString &folder);

} // namespace birch
