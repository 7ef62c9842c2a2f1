#pragma once

#include "core/base/result.h"

#include <QByteArrayView>

namespace birch {

/// What errno \a number says about \a path, with what to do next. Full where there is no space or
/// quota left, NotFound, Denied, else Io.
Error fileError(int number, const QString &path);

/// All of \a bytes to the open file \a fd at its position; \a path is for the error alone. A
/// failure may leave a part written. Blocks for the disk.
Status writeAll(int fd, QByteArrayView bytes, const QString &path);

/// Makes entries of \a folder durable: a new or renamed file in it survives a power cut.
Status syncFolder(const QString &folder);

/// The whole of a file. Errors: NotFound, Denied, Io, BadInput - larger than \a maximum bytes.
Result<QByteArray> readFile(const QString &path, qint64 maximum = 256 * 1024 * 1024);

} // namespace birch
