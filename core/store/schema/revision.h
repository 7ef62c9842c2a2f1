#pragma once

#include "core/store/migrations.h"

namespace birch {

/// The number of a schema that people name: "3", a migration's name ("lab_memory",
/// "0002_lab_memory"), "head", or steps from \a current ("+1", "-1"). 0 is the empty database.
/// Errors: BadInput - no such schema; the sentence lists those there are.
Result<int> revisionNumber(const QString &text, int current, const QList<Migration> &migrations);

} // namespace birch
