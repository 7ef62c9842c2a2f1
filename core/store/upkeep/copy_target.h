#pragma once

#include "core/store/exclusive_database.h"
#include "core/store/upkeep/copy.h"
#include "core/store/upkeep/copy_state.h"

namespace birch {

/// Where a copy goes: a database with the schema of this program and no rows, that nobody can open
/// before finish(). Belongs to one thread.
class CopyTarget
{
public:
    /// A new one, or the one where a copy of \a sourceUid was interrupted. Errors: Conflict - there
    /// is a database with data, or an unfinished copy of another source.
    static Result<CopyTarget> open(const DatabaseUrl &url, const QString &sourceUid,
                                   const CopyOptions &options);

    Connection &connection() { return *m_database.connection; }
    const TableCatalogue &catalogue() const { return m_catalogue; }
    CopyState state() { return CopyState(*m_database.connection); }
    bool wasResumed() const { return m_wasResumed; }
    /// A copy that was killed when only its name was missing: everything is in it.
    bool isComplete() const { return m_isComplete; }

    /// \a lastStep runs in the transaction that makes it a database; then it has its name.
    Status finish(const std::function<Status()> &lastStep);
    /// The last part of finish().
    Status giveName();

private:
    CopyTarget() = default;
    Status make(const QString &userName);
    Status prepare(const QString &sourceUid, const CopyOptions &options);
    Status begin(const QString &sourceUid);

    DatabaseUrl m_url;
    DatabaseUrl m_workUrl; ///< the file before it has its name; of a server: m_url
    std::unique_ptr<FileLock> m_nameLock;
    ExclusiveDatabase m_database;
    TableCatalogue m_catalogue;
    QList<PausedReference> m_references;
    bool m_wasResumed = false;
    bool m_isComplete = false;
};

} // namespace birch
