// How a scan comes to be written by this program: claim the folder, then the database.
#include "core/data/store_worker.h"

namespace birch {

Result<OpenedScan> StoreWorker::createScan(RunStore &store, const NewScan &scan)
{
    auto claim = SpoolLock::claim(m_settings.spoolDir, scan.uid, store.databaseUid(), 1);
    if (!claim)
        return claim.error();
    auto opened = store.createScan(scan);
    if (!opened) { // did it go through, and only the answer got lost?
        auto found = store.openForRecovery(scan.uid);
        if (!found) {
            // Unknown: the claim stays, and recovery finds out.
            if (found.error().code == ErrorCode::NotFound)
                (void)claim.value()->removeFolder();
            return opened.error();
        }
        opened = std::move(found);
    }
    const std::lock_guard guard(m_claimsMutex);
    m_claims[scan.uid] = std::move(claim).value();
    return opened;
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
    const std::lock_guard guard(m_claimsMutex);
    m_claims[scan] = std::move(claim).value();
    return opened;
}

} // namespace birch
