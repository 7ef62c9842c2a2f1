#pragma once

#include "core/store/database.h"
#include "core/store/upkeep/backup.h"

#include <QDateTime>

#include <optional>
#include <thread>

namespace birch {

struct BackupSchedule {
    QString folder; ///< made when missing, for its owner alone
    int hour = 3;   ///< local time; negative: never
};

/// Takes the backup of the day if it is due, then removes those that it supersedes. Nothing when it
/// is not due, or another program takes it at the moment. Blocks. Errors as backupDatabase().
Result<std::optional<BackupReport>> takeScheduledBackup(const Database &database,
                                                        const BackupSchedule &schedule,
                                                        const QDateTime &now,
                                                        const std::stop_token &stop = {});

/// The same on a thread of its own, beside whatever the program does; a failure is logged.
class BackgroundBackup
{
public:
    /// \a database outlives it.
    BackgroundBackup(const Database &database, BackupSchedule schedule);
    /// Stops one that is under way; it is due again at the next start.
    ~BackgroundBackup() = default;
    /// Blocks until it is done.
    void wait();

private:
    std::jthread m_thread;
};

} // namespace birch
