#include "core/store/upkeep/backup_target.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <sys/stat.h>

namespace birch {

Result<FileWriter> createBackupFile(const QString &path, bool mayReplace)
{
    const QFileInfo target(path);
    if ((target.exists() || target.isSymLink()) && !target.isDir() && !mayReplace)
        return Error{ErrorCode::Conflict,
                     QCoreApplication::translate("Backup", "%1 exists already: choose another name")
                         .arg(path)};
    FileWriter::removeAbandoned(path);
    auto file = FileWriter::create(path);
    if (!file)
        return file;
    if (::chmod(QFile::encodeName(file.value().temporaryPath()).constData(), 0600) != 0)
        return fileError(errno, path);
    return file;
}

} // namespace birch
