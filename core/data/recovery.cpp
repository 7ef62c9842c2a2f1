#include "core/data/recovery.h"

#include "core/base/id.h"
#include "core/data/commit_builder.h"
#include "core/data/side_rows.h"
#include "core/data/spool_lock.h"
#include "core/data/spool_reader.h"
#include "core/data/spooled_scan.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString text(const char *source)
{
    return QCoreApplication::translate("Recovery", source);
}

Error foreign(const QString &name, const QUuid &theirs, const QUuid &ours)
{
    if (theirs.isNull())
        return {ErrorCode::Conflict,
                text("Scan %1 was recorded without a database: bring it into this one with "
                     "birchctl resume")
                    .arg(name)};
    return {
        ErrorCode::Conflict,
        text("The spool of scan %1 belongs to database %2, this is database %3: open that database "
             "to recover it")
            .arg(name, uidText(theirs), uidText(ours))};
}

QString displayName(const QString &scanId, const QUuid &scan)
{
    return scanId.isEmpty() ? uidText(scan) : scanId;
}

/// When the dead program wrote last, as microseconds UTC.
qint64 lastWriteUs(const QString &folder)
{
    qint64 last = 0;
    for (const QFileInfo &file : QDir(folder).entryInfoList(QDir::Files))
        last = std::max(last, file.lastModified().toMSecsSinceEpoch() * 1000);
    return last;
}

SpoolInfo describe(const QString &folder, const QUuid &database)
{
    SpoolInfo info;
    info.folder = folder;
    info.scan = QUuid::fromString(QFileInfo(folder).fileName());
    if (const auto claim = readClaim(folder)) {
        info.scan = claim->scan;
        info.database = claim->database;
    }
    const auto reader = SpoolReader::open(folder);
    if (reader) {
        info.scan = reader.value().header().scanUid;
        info.scanId = reader.value().header().scanId;
        if (!reader.value().header().databaseUid.isNull())
            info.database = reader.value().header().databaseUid;
    }
    const QString name = displayName(info.scanId, info.scan);
    if (SpoolLock::isHeld(folder)) {
        info.condition = SpoolCondition::Running;
        info.message = text("Scan %1 is being run by another program").arg(name);
    } else if (!reader && reader.error().code != ErrorCode::NotFound) {
        info.condition = SpoolCondition::Unreadable;
        info.message = reader.error().message;
    } else if (info.database.isNull() && hasSpooledScan(folder)) {
        info.condition = SpoolCondition::Unowned;
        info.message = text("Scan %1 was recorded without a database: bring it into this one with "
                            "birchctl resume")
                           .arg(name);
    } else if (!info.database.isNull() && info.database != database) {
        info.condition = SpoolCondition::Foreign;
        info.message = foreign(name, info.database, database).message;
    } else {
        info.message =
            text("The program that ran scan %1 is gone: recover it (birchctl resume)").arg(name);
    }
    return info;
}

/// One recovery under way, the lock held.
class Recovery
{
public:
    Recovery(std::shared_ptr<SpoolLock> lock, RunStore &store, const RecoverySettings &settings)
        : m_lock(std::move(lock))
        , m_store(store)
        , m_settings(settings)
        , m_encoder(settings.compress)
    {
    }

    Result<RecoveredScan> run();

private:
    Result<RecoveredScan> runClaimOnly();
    /// Errors: Conflict - the spool is another database's.
    Status checkDatabase(const QString &name, const QUuid &scan, const QUuid &header);
    /// The scan as the database has it; created there when it began without.
    Result<OpenedScan> openScan(const QUuid &scan);
    Status copyRecords(SpoolReader &reader);
    /// Of a scan that has another owner than this spool by now.
    Status copyLate(SpoolReader &reader);
    Status copySide(SpoolReader &reader);
    Status commitGathered(bool isLast);
    void endBuilder(CommitBuilder &builder) const;
    /// Whether rows of the spool lie behind \a rows of each object.
    static Result<bool> hasRowsBehind(SpoolReader &reader, const QList<qint64> &rows);
    Status cleanUp(const QString &warning);

    std::shared_ptr<SpoolLock> m_lock;
    RunStore &m_store;
    const RecoverySettings &m_settings;
    ChunkEncoder m_encoder;
    OpenedScan m_stored;
    QList<TableSchema> m_objects;
    std::optional<CommitBuilder> m_builder;
    RecoveredScan m_result;
};

Result<RecoveredScan> Recovery::run()
{
    auto reader = SpoolReader::open(m_lock->folder());
    if (!reader)
        return reader.error().code == ErrorCode::NotFound ? runClaimOnly() : reader.error();
    const SpoolHeader &header = reader.value().header();
    if (Status ours = checkDatabase(header.scanId, header.scanUid, header.databaseUid); !ours)
        return ours.error();
    auto opened = openScan(header.scanUid);
    if (!opened) {
        return opened.error().within(
            text("Scan %1 waits in %2").arg(header.scanId, m_lock->folder()));
    }
    m_stored = std::move(opened).value();
    m_objects = header.objects;
    m_stored.rowsStored.resize(m_objects.size());
    m_result.scan = header.scanUid;
    m_result.scanId = header.scanId;
    const Status copied =
        m_stored.epoch == header.epoch ? copyRecords(reader.value()) : copyLate(reader.value());
    if (!copied)
        return copied.error();
    if (Status cleaned = cleanUp(reader.value().warning()); !cleaned)
        return cleaned.error();
    m_result.rowsStored = m_stored.rowsStored;
    m_result.state = m_stored.state;
    return m_result;
}

Status Recovery::checkDatabase(const QString &name, const QUuid &scan, const QUuid &header)
{
    const auto claim = readClaim(m_lock->folder());
    const QUuid owner = header.isNull() && claim ? claim->database : header;
    const QUuid ours = m_store.databaseUid();
    if (owner == ours)
        return ok();
    if (!owner.isNull() || !m_settings.adopts)
        return foreign(name, owner, ours);
    // Before the first row goes there, so that no other database gets the rest.
    return m_lock->assign({scan, ours, claim ? claim->epoch : 1});
}

Result<OpenedScan> Recovery::openScan(const QUuid &scan)
{
    auto opened = m_store.openForRecovery(scan);
    if (opened || opened.error().code != ErrorCode::NotFound || !hasSpooledScan(m_lock->folder()))
        return opened;
    const auto spooled = readSpooledScan(m_lock->folder());
    if (!spooled)
        return spooled.error();
    return m_store.createScan(spooled.value());
}

/// The program died between claiming the folder and the first segment.
Result<RecoveredScan> Recovery::runClaimOnly()
{
    const auto claim = readClaim(m_lock->folder());
    if (!claim) { // not even the claim was written: the database knows nothing of it either
        if (Status cleaned = cleanUp({}); !cleaned)
            return cleaned.error();
        return m_result;
    }
    if (Status ours = checkDatabase(uidText(claim->scan), claim->scan, claim->database); !ours)
        return ours.error();
    m_result.scan = claim->scan;
    auto opened = openScan(claim->scan);
    if (!opened && opened.error().code != ErrorCode::NotFound)
        return opened.error();
    if (opened) {
        m_stored = std::move(opened).value();
        m_result.scanId = m_stored.scanId;
        m_result.rowsStored = m_stored.rowsStored;
        if (m_stored.epoch == claim->epoch) {
            m_builder.emplace(m_stored, m_objects, m_encoder);
            if (Status committed = commitGathered(true); !committed)
                return committed.error();
        }
        m_result.state = m_stored.state;
    }
    if (Status cleaned = cleanUp({}); !cleaned)
        return cleaned.error();
    return m_result;
}

Status Recovery::copyRecords(SpoolReader &reader)
{
    m_builder.emplace(m_stored, m_objects, m_encoder);
    while (true) {
        auto record = reader.next();
        if (!record)
            return record.error();
        if (!record.value())
            return commitGathered(true);
        // Pauses are over; only how it ended counts.
        if (std::holds_alternative<StateRecord>(*record.value()))
            continue;
        if (Status added = m_builder->add(std::move(*record.value())); !added)
            return added;
        if (m_builder->rows() >= m_settings.maxRowsPerCommit) {
            if (Status committed = commitGathered(false); !committed)
                return committed;
        }
    }
}

/// Sets the state that the scan is left in.
void Recovery::endBuilder(CommitBuilder &builder) const
{
    ScanCommit &commit = builder.commit();
    if (!builder.hasEnding() && isAllowed(m_stored.state, ScanState::Interrupted)) {
        commit.state = ScanState::Interrupted;
        commit.reason = text("The program that ran it ended unexpectedly; continue or close it");
        commit.endedUs = lastWriteUs(m_lock->folder());
    }
    if (commit.state && *commit.state != m_stored.state &&
        !isAllowed(m_stored.state, *commit.state))
        commit.state.reset(); // closed by the operator meanwhile: that stands
}

Status Recovery::commitGathered(bool isLast)
{
    const qint64 rows = m_builder->rows();
    if (isLast)
        endBuilder(*m_builder);
    ScanCommit commit = m_builder->build();
    commit.rowsBefore = m_stored.rowsStored;
    commit.isDurable = isLast;
    if (commit.rowsAfter.size() != commit.rowsBefore.size())
        commit.rowsAfter = commit.rowsBefore; // no segment, so no tables
    if (Status stored = m_store.commit(commit); !stored) {
        return stored.error().within(
            text("Recovering scan %1 (its points stay in %2)")
                .arg(displayName(m_result.scanId, m_result.scan), m_lock->folder()));
    }
    m_result.rowsRecovered += rows;
    m_stored.rowsStored = commit.rowsAfter;
    m_stored.state = commit.state.value_or(m_stored.state);
    m_builder.emplace(m_stored, m_objects, m_encoder);
    return ok();
}

Result<bool> Recovery::hasRowsBehind(SpoolReader &reader, const QList<qint64> &rows)
{
    while (true) {
        const auto record = reader.next();
        if (!record)
            return record.error();
        if (!record.value())
            return false;
        const auto *batch = std::get_if<RowsRecord>(&*record.value());
        if (batch &&
            batch->batch.firstRow + batch->batch.rowCount() > rows.value(batch->batch.object))
            return true;
    }
}

/// The scan has been taken over, or continued, since.
Status Recovery::copyLate(SpoolReader &reader)
{
    const int epoch = reader.header().epoch;
    const auto base = m_store.rowsAtTakeover(m_result.scan, epoch);
    if (!base)
        return base.error();
    const bool wasTakenOver = base.value().size() == m_objects.size() && !m_objects.isEmpty();
    const auto isLate = hasRowsBehind(reader, wasTakenOver ? base.value() : m_stored.rowsStored);
    if (!isLate)
        return isLate.error();
    if (!isLate.value())
        return ok(); // everything of this spool had been stored before
    auto again = SpoolReader::open(m_lock->folder());
    if (!again)
        return again.error();
    // Nobody has gone on with it: these are its next rows.
    if (wasTakenOver && m_stored.state == ScanState::Interrupted && m_stored.epoch == epoch + 1)
        return copyRecords(again.value());
    if (wasTakenOver)
        return copySide(again.value());
    return Error{ErrorCode::Conflict,
                 text("Scan %1 has been continued elsewhere although points of it wait in %2: "
                      "keep that folder and ask for help before deleting it")
                     .arg(m_result.scanId, m_lock->folder())};
}

Status Recovery::copySide(SpoolReader &reader)
{
    auto side = m_store.openSide(m_result.scan, reader.header().epoch, reader.header().station);
    if (!side)
        return side.error();
    OpenedScan rows = m_stored;
    rows.rowsStored = side.value().rowsStored;
    while (true) {
        CommitBuilder builder(rows, m_objects, m_encoder);
        bool isLast = false;
        while (!isLast && builder.rows() < m_settings.maxRowsPerCommit) {
            auto record = reader.next();
            if (!record)
                return record.error();
            isLast = !record.value();
            if (isLast || !std::holds_alternative<RowsRecord>(*record.value()))
                continue;
            if (Status added = builder.add(std::move(*record.value())); !added)
                return added;
        }
        m_result.rowsRecovered += builder.rows();
        ScanCommit commit = builder.build();
        commit.rowsBefore = rows.rowsStored;
        commit.isDurable = isLast;
        if (Status stored = m_store.commitSide(commit, side.value()); !stored)
            return stored.error().within(text("Bringing late rows of scan %1 (they stay in %2)")
                                             .arg(m_result.scanId, m_lock->folder()));
        rows.rowsStored = commit.rowsAfter;
        if (isLast)
            return ok();
    }
}

Status Recovery::cleanUp(const QString &warning)
{
    if (warning.isEmpty())
        return m_lock->removeFolder();
    const QString kept = m_lock->folder() + u".damaged"_s;
    m_result.warning = text("%1 (%2)").arg(warning, kept);
    if (!QDir().rename(m_lock->folder(), kept)) {
        return Error{ErrorCode::Io,
                     text("%1 can not be renamed to %2: check the permissions of the "
                          "spool folder")
                         .arg(m_lock->folder(), kept)};
    }
    return ok();
}

} // namespace

QList<SpoolInfo> listSpools(const QString &spoolDir, const QUuid &database)
{
    QList<SpoolInfo> spools;
    const QDir dir(spoolDir);
    for (const QString &name : dir.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        if (name == uidText(QUuid::fromString(name))) // not one that was kept as damaged
            spools.append(describe(dir.filePath(name), database));
    }
    return spools;
}

Result<RecoveredScan> recoverSpool(const QString &folder, RunStore &store,
                                   const RecoverySettings &settings)
{
    auto lock = SpoolLock::take(folder);
    if (!lock)
        return lock.error();
    return Recovery(std::move(lock).value(), store, settings).run();
}

} // namespace birch
