#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace birch {

/// A file system whose locks SQLite can not trust, by the name the kernel gives it ("nfs4",
/// "cifs").
bool isNetworkFileSystem(const QByteArray &type);

/// Errors: BadInput - \a path (or the nearest folder above it that exists) is on such a one.
Status checkLocalFileSystem(const QString &path);

} // namespace birch
