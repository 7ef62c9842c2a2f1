#pragma once

#include <QString>
#include <QStringList>

namespace birch {

/// \a name as part of a file name on any system: separators, control characters and the like become
/// '_'. Never empty, never "." or "..".
QString fileNameFor(const QString &name);

/// \a name as an HDF5 link that NeXus allows: letters, digits, '_' and '.' (not at an end).
QString nexusNameFor(const QString &name);

/// \a name, or with _2, _3 … behind it where \a taken has it already (case apart); added to \a
/// taken.
QString uniqueName(const QString &name, QStringList *taken);

} // namespace birch
