#pragma once

#include "core/base/result.h"

#include <QString>

namespace birch {

/// A secret out of a file that only its owner can read; the line end is cut off.
/// Errors: Denied - others can read it too (remedy: chmod 600); Io; BadInput - empty.
Result<QString> readSecretFile(const QString &path);

} // namespace birch
