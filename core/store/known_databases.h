#pragma once

#include "core/store/database_url.h"
#include "core/store/session.h"

#include <QUuid>

namespace birch {

/// What a database said of itself when it was last open here.
struct KnownDatabase {
    QUuid uid;
    int schemaVersion = 0;
    Session session; ///< who was at work, with what role
};

/// The databases that this station has used, in files of its state folder: one each, by URL,
/// written whole or not at all. While a server is away, scans are recorded under what is remembered
/// here.
class KnownDatabases
{
    Q_DECLARE_TR_FUNCTIONS(KnownDatabases)
public:
    explicit KnownDatabases(QString stateFolder)
        : m_folder(std::move(stateFolder))
    {
    }

    /// Errors: as writeFile().
    Status remember(const DatabaseUrl &url, const KnownDatabase &known) const;
    /// Errors: NotFound - never used from here, or what was written is damaged.
    Result<KnownDatabase> find(const DatabaseUrl &url) const;

private:
    QString path(const DatabaseUrl &url) const;

    QString m_folder;
};

} // namespace birch
