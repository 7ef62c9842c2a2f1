#pragma once

#include "core/plan/scan_json.h"

namespace birch {

/// A *.scan.json file. Everything that is wrong with it is in the problems, with line and remedy.
/// Blocks for the disk.
ReadTree readTreeFile(const QString &path, const NodeRegistry &registry);

/// Writes the whole file or leaves what was there (temporary name, flush, rename).
/// Errors: NotFound - no such folder; Denied, Full, Io.
Status writeTreeFile(const ScanTree &tree, const QString &path);

} // namespace birch
