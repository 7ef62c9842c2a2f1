#pragma once

#include "core/base/result.h"

#include <QMap>
#include <QStringList>

namespace birch::cli {

/// "field=value" arguments as field -> value; the value may be empty and hold further "=".
/// Errors: BadInput - no "=", a field that is none of \a fields (with the one that was probably
/// meant), or one given twice.
Result<QMap<QString, QString>> readAssignments(const QStringList &arguments,
                                               const QStringList &fields);

} // namespace birch::cli
