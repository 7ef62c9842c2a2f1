#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QStringList>

namespace birch {

/// Changes of a YAML text that leave everything else in it, comments included, as it is. A path
/// names mappings by their keys, from the root. What was changed is read again before it is
/// returned: a text whose other entries would read differently (an anchor, two documents) is
/// refused. Errors: BadInput - it is not written so that it can be changed like this, naming the
/// line; NotFound - no such key.

/// \a value (flow style: a scalar, [a, b] or {a: b}) at \a path; mappings that are not there are
/// made.
Result<QByteArray> withYamlValue(const QByteArray &text, const QStringList &path,
                                 const QByteArray &value);
/// The same of a text, in quotes where it needs them there.
Result<QByteArray> withYamlText(const QByteArray &text, const QStringList &path,
                                const QString &value);
/// Another name of the key at \a path. Conflict where there is one of that name beside it.
Result<QByteArray> withYamlKey(const QByteArray &text, const QStringList &path,
                               const QString &name);
/// Without the key at \a path, nor what is below it, nor mappings that become empty; the one named
/// by the first \a kept keys stays. Comments around it stay.
Result<QByteArray> withoutYamlKey(const QByteArray &text, const QStringList &path,
                                  qsizetype kept = 1);

/// Plain where nobody can take it for something else, else in quotes; fits into flow style too
/// with \a isFlow.
QByteArray yamlScalar(const QString &text, bool isFlow = false);
/// The shortest text that reads as the same number.
QByteArray yamlNumber(double value);

} // namespace birch
