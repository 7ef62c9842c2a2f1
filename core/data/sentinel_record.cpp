#include "core/data/sentinel_record.h"

#include "core/base/file_io.h"
#include "core/base/id.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qint64 kRoomForProof = 64 * 1024;
constexpr qint64 kLongestRecord = 16 * 1024 * 1024;
constexpr int kTries = 10;
/// Above every line that the scan itself wrote in its epoch, below the next one's.
constexpr qint64 kFirstSequence = qint64(1) << 31;

QString text(const char *source)
{
    return QCoreApplication::translate("SentinelRecord", source);
}

QString recordsDir(const QString &spoolDir)
{
    return spoolDir + u"/sentinels"_s;
}

QString linesPath(const QString &folder)
{
    return folder + u"/record.jsonl"_s;
}

QJsonObject identityJson(const ProcessIdentity &process)
{
    return {{u"pid"_s, process.pid}, {u"start"_s, process.start}};
}

ProcessIdentity identityFrom(const QJsonValue &json)
{
    return {json[u"pid"].toInteger(), json[u"start"].toInteger()};
}

QJsonObject guardJson(const SentinelGuard &guard)
{
    return {{u"kind"_s, u"guard"_s},
            {u"workstation"_s, identityJson(guard.workstation)},
            {u"sentinel"_s, identityJson(guard.sentinel)},
            {u"database"_s, uidText(guard.database)},
            {u"scan"_s, uidText(guard.scan)},
            {u"scan_id"_s, guard.scanId},
            {u"instruments"_s, QJsonArray::fromStringList(guard.instruments)},
            {u"addresses"_s, QJsonArray::fromStringList(guard.addresses)}};
}

SentinelGuard guardFrom(const QJsonObject &json)
{
    SentinelGuard guard;
    guard.workstation = identityFrom(json[u"workstation"_s]);
    guard.sentinel = identityFrom(json[u"sentinel"_s]);
    guard.database = QUuid::fromString(json[u"database"_s].toString());
    guard.scan = QUuid::fromString(json[u"scan"_s].toString());
    guard.scanId = json[u"scan_id"_s].toString();
    guard.instruments = json[u"instruments"_s].toVariant().toStringList();
    guard.addresses = json[u"addresses"_s].toVariant().toStringList();
    return guard;
}

/// A line that a kill cut off is no JSON, and the last one.
SentinelRecord readRecord(const QString &folder)
{
    SentinelRecord record;
    record.folder = folder;
    const auto bytes = readFile(linesPath(folder), kLongestRecord);
    if (!bytes)
        return record;
    for (const QByteArray &line : bytes.value().split('\n')) {
        const QJsonObject json = QJsonDocument::fromJson(line).object();
        const QString kind = json[u"kind"_s].toString();
        if (kind == u"guard")
            record.guard = guardFrom(json);
        else if (kind == u"log")
            record.log.append({json[u"time_ns"_s].toString().toLongLong(),
                               json[u"level"_s].toString(), json[u"message"_s].toString()});
        else if (kind == u"end")
            record.isOver = true;
    }
    return record;
}

/// A folder that is not locked yet may be tidied away by another program: then anew.
Result<std::shared_ptr<SpoolLock>> lockNewFolder(const QString &spoolDir)
{
    Result<std::shared_ptr<SpoolLock>> lock = Error{ErrorCode::Io, {}};
    for (int i = 0; i < kTries; ++i) {
        const QString folder = recordsDir(spoolDir) + u'/' + uidText(newUid());
        if (!QDir().mkpath(folder))
            return fileError(folder, errno);
        lock = SpoolLock::take(folder);
        if (lock || lock.error().code == ErrorCode::Full || lock.error().code == ErrorCode::Io)
            return lock;
    }
    return lock;
}

bool hasSpool(const QString &recordFolder, const QUuid &scan)
{
    const QDir records = QFileInfo(recordFolder).dir(); // …/spool/sentinels
    return QFileInfo::exists(records.filePath(u"../"_s + uidText(scan)));
}

ScanCommit logCommit(const OpenedScan &scan, const SentinelRecord &record)
{
    ScanCommit commit;
    commit.scan = scan.uid;
    commit.epoch = scan.epoch;
    commit.rowsBefore = scan.rowsStored;
    commit.rowsAfter = scan.rowsStored;
    commit.log = record.log;
    if (!record.isOver)
        commit.log.append(
            {record.log.last().timeNs, u"error"_s,
             text("birch-sentinel was ended before it was done: check the instruments")});
    commit.logSequence = (qint64(scan.epoch) << 32) + kFirstSequence;
    commit.isDurable = true;
    return commit;
}

} // namespace

Result<std::unique_ptr<SentinelRecordWriter>>
SentinelRecordWriter::create(const QString &spoolDir, const SentinelGuard &guard)
{
    auto lock = lockNewFolder(spoolDir);
    if (!lock)
        return lock.error();
    const QString path = linesPath(lock.value()->folder());
    auto file = openFile(path, O_WRONLY | O_CREAT | O_APPEND);
    if (!file)
        return file.error();
    if (::fallocate(file.value().get(), FALLOC_FL_KEEP_SIZE, 0, kRoomForProof) != 0 &&
        errno != EOPNOTSUPP && errno != ENOSYS) {
        const Error full = fileError(path, errno);
        (void)lock.value()->removeFolder();
        return full;
    }
    std::unique_ptr<SentinelRecordWriter> writer(
        new SentinelRecordWriter(std::move(lock).value(), std::move(file).value(), path));
    if (Status written = writer->guard(guard); !written)
        return written.error();
    return writer;
}

Status SentinelRecordWriter::append(const QJsonObject &line)
{
    return writeAll(m_file.get(), QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n',
                    m_path);
}

Status SentinelRecordWriter::guard(const SentinelGuard &guard)
{
    return append(guardJson(guard));
}

Status SentinelRecordWriter::log(const ScanLogEntry &entry)
{
    return append({{u"kind"_s, u"log"_s},
                   {u"time_ns"_s, QString::number(entry.timeNs)}, // no double holds it
                   {u"level"_s, entry.level},
                   {u"message"_s, entry.message}});
}

Status SentinelRecordWriter::end()
{
    const Status written = append({{u"kind"_s, u"end"_s}});
    if (::fdatasync(m_file.get()) != 0)
        return fileError(m_path, errno);
    return written;
}

Status SentinelRecordWriter::discard()
{
    return m_lock->removeFolder();
}

QList<SentinelRecord> listSentinelRecords(const QString &spoolDir)
{
    QList<SentinelRecord> records;
    const QDir dir(recordsDir(spoolDir));
    for (const QString &name : dir.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        // Asked first: one that ends meanwhile is then read as held, not as cut off.
        const bool isHeld = SpoolLock::isHeld(dir.filePath(name));
        records.append(readRecord(dir.filePath(name)));
        records.last().isHeld = isHeld;
    }
    return records;
}

Status storeSentinelRecord(const QString &folder, RunStore &store)
{
    const auto lock = SpoolLock::take(folder);
    if (!lock)
        return lock.error();
    const SentinelRecord record = readRecord(folder);
    if (record.log.isEmpty())
        return lock.value()->removeFolder();
    const SentinelGuard &guard = record.guard;
    if (hasSpool(folder, guard.scan))
        return Error{ErrorCode::Conflict,
                     text("Points of scan %1 still wait in the spool: bring them in first "
                          "(birchctl resume), its safe values follow into its log")
                         .arg(guard.scanId)};
    if (!guard.database.isNull() && guard.database != store.databaseUid())
        return Error{ErrorCode::Conflict,
                     text("birch-sentinel made the instruments of scan %1 safe; its record belongs "
                          "to database %2: open that database to have it in the scan's log")
                         .arg(guard.scanId, uidText(guard.database))};
    const auto scan = store.openForRecovery(guard.scan);
    if (!scan)
        return scan.error();
    if (scan.value().state == ScanState::Running || scan.value().state == ScanState::Paused)
        return Error{ErrorCode::Conflict,
                     text("Scan %1 runs again: what birch-sentinel did follows into its log at the "
                          "next start")
                         .arg(guard.scanId)};
    if (Status stored = store.commit(logCommit(scan.value(), record)); !stored)
        return stored;
    return lock.value()->removeFolder();
}

Status discardSentinelRecord(const QString &folder)
{
    const auto lock = SpoolLock::take(folder);
    return lock ? lock.value()->removeFolder() : Status(lock.error());
}

} // namespace birch
