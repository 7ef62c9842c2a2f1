#pragma once

#include "core/data/spool_file.h"

#include <QUuid>

#include <memory>
#include <optional>

namespace birch {

/// What a folder's claim file says.
struct SpoolClaim {
    QUuid scan;
    QUuid database; ///< null: none yet
    int epoch = 0;  ///< that the scan has once it has been created or continued
};
std::optional<SpoolClaim> readClaim(const QString &folder);

/// Ownership of one scan's spool folder: an open-file-description lock on its file `owner`, held
/// for life and gone with the process, whatever kills it. Writing, recovering and deleting a spool,
/// and calling its scan interrupted, happen only with this in hand.
class SpoolLock
{
public:
    /// Locks an existing folder. Errors: Conflict - a living process owns it; NotFound - no such
    /// folder (any more); Io.
    static Result<std::shared_ptr<SpoolLock>> take(const QString &folder);
    /// Makes the folder of \a scan in \a spoolDir and locks it; the claim says which database the
    /// scan belongs to before anything else is known about it.
    /// Errors: Conflict - a spool of this scan is there already and waits for recovery; Full; Io.
    static Result<std::shared_ptr<SpoolLock>> claim(const QString &spoolDir, const QUuid &scan,
                                                    const QUuid &database, int epoch);
    /// True while a living process (this one included) owns \a folder.
    static bool isHeld(const QString &folder);

    const QString &folder() const { return m_folder; }
    /// Says anew which database the scan belongs to; durable when it returns. Errors: Full, Io.
    Status assign(const SpoolClaim &claim) const;
    /// Deletes the spool, its lock file last. What can not be deleted is left and reported.
    Status removeFolder();

private:
    SpoolLock(QString folder, FileHandle owner)
        : m_folder(std::move(folder))
        , m_owner(std::move(owner))
    {
    }

    QString m_folder;
    FileHandle m_owner;
};

} // namespace birch
