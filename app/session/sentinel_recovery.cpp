#include "app/session/sentinel_recovery.h"

#include "app/session/process_handle.h"
#include "core/data/sentinel_record.h"

#include <QCoreApplication>
#include <QDeadlineTimer>

#include <algorithm>
#include <csignal>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr std::chrono::seconds kLeaveTime{3};

QString tr(const char *text)
{
    return QCoreApplication::translate("SentinelRecovery", text);
}

bool hasEnded(const ProcessIdentity &process)
{
    const auto handle = ProcessHandle::open(process);
    return !handle && handle.error().code == ErrorCode::NotFound;
}

bool isAnyOf(const QStringList &these, const QStringList &those)
{
    return std::any_of(these.begin(), these.end(),
                       [&those](const QString &one) { return those.contains(one); });
}

/// What to tell; "": nothing.
QString settleOne(const SentinelRecord &record, RunStore &store)
{
    const Status stored = storeSentinelRecord(record.folder, store);
    if (stored && record.log.isEmpty())
        return {};
    if (stored)
        return tr("While no Birch ran, birch-sentinel saw to the instruments of scan %1; its log "
                  "tells how.")
            .arg(record.guard.scanId);
    if (stored.error().code != ErrorCode::NotFound)
        return stored.error().message;
    (void)discardSentinelRecord(record.folder); // killed before the scan was on record
    return tr("birch-sentinel saw to the instruments of a scan that never came to be recorded: %1")
        .arg(record.log.last().message);
}

} // namespace

QStringList awaitSentinels(const QString &spoolDir, const QStringList &addresses,
                           std::chrono::milliseconds patience)
{
    QStringList notes;
    const QDeadlineTimer giveUp(patience);
    for (const SentinelRecord &record : listSentinelRecords(spoolDir)) {
        if (!record.isHeld || !isAnyOf(record.guard.addresses, addresses) ||
            !hasEnded(record.guard.workstation))
            continue;
        const auto sentinel = ProcessHandle::open(record.guard.sentinel);
        if (!sentinel)
            continue;
        const auto left = std::chrono::milliseconds(giveUp.remainingTime());
        if (sentinel.value().waitForEnd(left))
            continue;
        notes << tr("birch-sentinel still tried to make %1 safe; this program takes over: watch "
                    "these instruments.")
                     .arg(record.guard.instruments.join(u", "_s));
        sentinel.value().signal(SIGTERM);
        if (!sentinel.value().waitForEnd(kLeaveTime))
            sentinel.value().signal(SIGKILL);
    }
    return notes;
}

QStringList recoverSentinels(const QString &spoolDir,
                             const std::function<Result<RunStore *>()> &store)
{
    QStringList notes;
    for (const SentinelRecord &record : listSentinelRecords(spoolDir)) {
        if (record.isHeld) {
            if (hasEnded(record.guard.workstation))
                notes << tr("birch-sentinel is making %1 safe; what it does follows into the log "
                            "of scan %2.")
                             .arg(record.guard.instruments.join(u", "_s), record.guard.scanId);
            continue;
        }
        if (record.log.isEmpty()) {
            (void)discardSentinelRecord(record.folder);
            continue;
        }
        const auto opened = store();
        if (!opened)
            return notes << opened.error().message;
        if (const QString note = settleOne(record, *opened.value()); !note.isEmpty())
            notes << note;
    }
    return notes;
}

} // namespace birch
