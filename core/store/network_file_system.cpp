#include "core/store/network_file_system.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStorageInfo>

#include <array>

namespace birch {

bool isNetworkFileSystem(const QByteArray &type)
{
    static constexpr std::array kTypes{
        "nfs",         "nfs4",      "cifs",       "smb3",           "smbfs",     "smb2",
        "9p",          "afs",       "ceph",       "lustre",         "gpfs",      "beegfs",
        "glusterfs",   "davfs",     "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.davfs2",
        "fuse.rclone", "fuse.s3fs", "ncpfs",      "coda",           "ocfs2",     "gfs2",
    };
    for (const char *name : kTypes) {
        if (type == name)
            return true;
    }
    return false;
}

Status checkLocalFileSystem(const QString &path)
{
    QFileInfo existing(path);
    while (!existing.exists() && !existing.isRoot())
        existing.setFile(existing.path());
    const QByteArray type = QStorageInfo(existing.absoluteFilePath()).fileSystemType();
    if (!isNetworkFileSystem(type))
        return ok();
    return Error{ErrorCode::BadInput,
                 QCoreApplication::translate(
                     "NetworkFileSystem",
                     "%1 lies on a network drive (%2), where SQLite's locks do not hold and data "
                     "can be lost: choose a local disk, or use a PostgreSQL server")
                     .arg(path, QString::fromUtf8(type))};
}

} // namespace birch
