#pragma once

#include "core/data/spool_disk.h"

#include <QString>

namespace birch {

/// Space set aside in the spool folder for the moment the disk is full: freed then, so that scans
/// can still be closed (and the database, when it lies on the same disk, can note it). Shared by
/// all programs on that folder; losing it to another one is harmless.
class SpoolReserve
{
public:
    SpoolReserve(QString spoolDir, qint64 bytes, const SpoolDisk &disk);

    /// Sets the space aside where it is not yet; false when there is none to spare.
    bool ensure();
    void release();

private:
    QString m_path;
    qint64 m_bytes;
    const SpoolDisk &m_disk;
};

} // namespace birch
