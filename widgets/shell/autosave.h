#pragma once

#include "core/base/result.h"

#include <QString>

#include <optional>

namespace birch {

struct AutosavedTree {
    QString path; ///< the file it belongs to; "" for none
    QByteArray text;
};

/// Keeps the unsaved tree of each running window in a file of its own, named by process id, so that
/// it is offered again after a crash. UI thread; writes are small and atomic.
class Autosave
{
public:
    explicit Autosave(const QString &folder);

    Status write(const AutosavedTree &tree);
    void clear(); ///< saved or discarded: nothing to restore
    /// Takes the file of a window that is gone, the newest first; nothing: there is none.
    std::optional<AutosavedTree> takeOrphan();

private:
    QString m_folder;
    QString m_path;
};

} // namespace birch
