#include "core/base/secret_file.h"

#include <QCoreApplication>
#include <QFile>

#include <sys/stat.h>

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("SecretFile", text);
}
} // namespace

Result<QString> readSecretFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, tr("%1 can not be read: %2").arg(path, file.errorString())};
    struct stat info = {};
    if (::fstat(file.handle(), &info) != 0 || !S_ISREG(info.st_mode))
        return Error{ErrorCode::Io, tr("%1 is not a file: give one").arg(path)};
    if ((info.st_mode & 077) != 0)
        return Error{ErrorCode::Denied,
                     tr("%1 can be read by others: run chmod 600 %1, and have a new secret made if "
                        "somebody may have read it")
                         .arg(path)};
    const QString secret = QString::fromUtf8(file.readLine(4096)).trimmed();
    if (secret.isEmpty())
        return Error{ErrorCode::BadInput, tr("%1 is empty: write the secret into it").arg(path)};
    return secret;
}

} // namespace birch
