// How a scan comes to be written by this program: claim the folder, then the database, or the spool
// alone while that is away.
#include "core/base/id.h"
#include "core/data/spooled_scan.h"
#include "core/data/store_worker.h"

#include <QLoggingCategory>

namespace birch {

namespace {
Q_LOGGING_CATEGORY(lcRecord, "birch.data")
} // namespace

bool StoreWorker::mayBeginWithout(const Error &error) const
{
    return isConnectionLost(error.code) && (!m_factory || !m_database.isNull());
}

Result<OpenedScan> StoreWorker::claimed(OpenedScan scan, std::shared_ptr<SpoolLock> claim)
{
    const std::lock_guard guard(m_claimsMutex);
    m_claims[scan.uid] = std::move(claim);
    return scan;
}

Result<OpenedScan> StoreWorker::createScan(const Result<RunStore *> &store, NewScan scan)
{
    if (const auto queue = m_laterQueues.find(scan.queueUid); queue != m_laterQueues.end())
        scan.queueName = queue->second;
    if (!store && !mayBeginWithout(store.error()))
        return store.error();
    auto claim = SpoolLock::claim(m_settings.spoolDir, scan.uid, m_database, 1);
    if (!claim)
        return claim.error();
    if (!store) {
        backOff(store.error());
        return beginInSpool(std::move(scan), std::move(claim).value());
    }
    RunStore &database = *store.value();
    auto opened = database.createScan(scan);
    if (!opened) { // did it go through, and only the answer got lost?
        auto found = database.openForRecovery(scan.uid);
        if (found)
            return claimedInDatabase(found.value(), std::move(scan), std::move(claim).value());
        // Creating it once more is no harm.
        if (found.error().code != ErrorCode::NotFound && mayBeginWithout(opened.error())) {
            backOff(opened.error());
            return beginInSpool(std::move(scan), std::move(claim).value());
        }
        // Unknown: the claim stays, and recovery finds out.
        if (found.error().code == ErrorCode::NotFound)
            (void)claim.value()->removeFolder();
        return opened.error();
    }
    return claimedInDatabase(opened.value(), std::move(scan), std::move(claim).value());
}

/// Rows may be on the disk of the spool before the scan is on that of the database: a server that
/// crashes between gets the scan anew from the spool.
Result<OpenedScan> StoreWorker::claimedInDatabase(const OpenedScan &opened, NewScan scan,
                                                  std::shared_ptr<SpoolLock> claim)
{
    scan.scanId = opened.scanId;
    if (Status written = writeSpooledScan(claim->folder(), scan, FileWriter::Flush::Later); written)
        m_volatileScan = VolatileScan{std::move(scan), claim->folder()};
    return claimed(opened, std::move(claim));
}

void StoreWorker::makeDurable()
{
    const auto made = std::exchange(m_volatileScan, {});
    if (!made)
        return;
    if (m_store && m_store->makeDurable(made->scan.uid))
        removeSpooledScan(made->folder);
    else
        (void)writeSpooledScan(made->folder, made->scan); // what is there is no worse
}

Result<OpenedScan> StoreWorker::beginInSpool(NewScan scan, std::shared_ptr<SpoolLock> claim)
{
    if (scan.scanId.isEmpty())
        scan.scanId = spooledScanId(scan);
    if (Status written = writeSpooledScan(claim->folder(), scan); !written) {
        (void)claim->removeFolder();
        return written.error();
    }
    OpenedScan opened;
    opened.uid = scan.uid;
    opened.scanId = scan.scanId;
    opened.databaseUid = m_database;
    opened.rowsStored = QList<qint64>(scan.objects.size(), 0);
    return claimed(std::move(opened), std::move(claim));
}

Result<OpenedScan> StoreWorker::continueScan(RunStore &store, const QUuid &scan)
{
    const auto before = store.openForRecovery(scan);
    if (!before)
        return before.error();
    const int epoch = before.value().epoch + 1;
    auto claim = SpoolLock::claim(m_settings.spoolDir, scan, store.databaseUid(), epoch);
    if (!claim)
        return claim.error();
    auto opened = store.continueScan(scan);
    if (!opened) {
        const auto found = store.openForRecovery(scan);
        // Refused, or still interrupted: nothing happened. Else the claim stays for recovery.
        if (opened.error().code == ErrorCode::Conflict ||
            (found && found.value().state == ScanState::Interrupted))
            (void)claim.value()->removeFolder();
        return opened.error();
    }
    return claimed(std::move(opened).value(), std::move(claim).value());
}

Result<QUuid> StoreWorker::createQueue(const Result<RunStore *> &store, const QString &name,
                                       const QString &mode)
{
    const Result<QUuid> made =
        store ? store.value()->createQueue(name, mode) : Result<QUuid>(store.error());
    if (made || !mayBeginWithout(made.error()))
        return made;
    backOff(made.error());
    const QUuid queue = newUid();
    m_laterQueues[queue] = name;
    return queue;
}

Status StoreWorker::setQueueState(const Result<RunStore *> &store, const QUuid &queue,
                                  QueueState state)
{
    m_laterStates.erase(queue);
    const Status done = store && !m_laterQueues.contains(queue)
                            ? store.value()->setQueueState(queue, state)
                            : Status(store ? Error{ErrorCode::NotConnected, {}} : store.error());
    if (done || !isConnectionLost(done.error().code))
        return done;
    m_laterStates[queue] = state;
    return ok();
}

/// The store has just taken something: now it takes these too.
void StoreWorker::storeQueueStates()
{
    for (auto it = m_laterStates.begin(); m_store && it != m_laterStates.end();) {
        const Status done = m_store->setQueueState(it->first, it->second);
        if (!done && isConnectionLost(done.error().code))
            return;
        if (!done && done.error().code == ErrorCode::NotFound &&
            m_laterQueues.contains(it->first)) {
            ++it; // is made with its first scan
            continue;
        }
        if (!done)
            qCWarning(lcRecord).noquote()
                << "the queue's state is not stored:" << done.error().message;
        m_laterQueues.erase(it->first);
        it = m_laterStates.erase(it);
    }
}

} // namespace birch
