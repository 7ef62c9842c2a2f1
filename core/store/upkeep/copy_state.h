#pragma once

#include "core/store/upkeep/bulk_load.h"
#include "core/store/upkeep/table_digest.h"

#include <optional>

namespace birch {

/// How far a copy has come, in a table of its target: it commits with the rows it tells of.
class CopyState
{
public:
    struct Progress {
        Row lastKey; ///< of the last row copied; empty: none yet
        TableDigest digest;
        bool isDone = false;
    };

    explicit CopyState(Connection &target)
        : m_target(target)
    {
    }

    /// The source's uid and the references that the target is to get back; nothing where no copy
    /// was begun.
    struct Begun {
        QString sourceUid;
        QList<PausedReference> references;
    };
    Result<std::optional<Begun>> load();
    Status create(const Begun &begun);
    Status drop();

    Result<Progress> progress(const CatalogueTable &table);
    Status save(const CatalogueTable &table, const Progress &progress);
    /// Nothing copied yet.
    Status clear();

private:
    Connection &m_target;
};

} // namespace birch
