#include "core/data/spool_reserve.h"

#include "core/data/spool_file.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>

using namespace Qt::StringLiterals;

namespace birch {

SpoolReserve::SpoolReserve(QString spoolDir, qint64 bytes, const SpoolDisk &disk)
    : m_path(spoolDir + u"/reserve"_s)
    , m_bytes(bytes)
    , m_disk(disk)
{
}

bool SpoolReserve::ensure()
{
    if (m_bytes <= 0 || QFileInfo(m_path).size() >= m_bytes)
        return true;
    auto file = openFile(m_path, O_RDWR | O_CREAT);
    if (!file)
        return false;
    if (m_disk.allocate(file.value().get(), m_bytes) == 0)
        return true;
    // A file system without reservations (EOPNOTSUPP): there is nothing to set aside, go on.
    const bool isUnsupported = errno == EOPNOTSUPP;
    release();
    return isUnsupported;
}

void SpoolReserve::release()
{
    QFile::remove(m_path);
}

} // namespace birch
