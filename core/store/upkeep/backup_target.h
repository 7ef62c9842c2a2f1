#pragma once

#include "core/base/file_writer.h"

namespace birch {

/// A file that only its owner may read, there whole or not at all. Errors: Conflict - it exists and
/// may not be replaced; as FileWriter::create().
Result<FileWriter> createBackupFile(const QString &path, bool mayReplace);

} // namespace birch
