#pragma once

#include <QIcon>

namespace birch {

/// The icon \a name of resources/icons, drawn in the palette's text colour at the time it is
/// painted, so one icon serves both themes; muted when disabled. A null icon for an unknown name.
QIcon themeIcon(const QString &name);
/// The same in one fixed colour, e.g. for a state or on a red button.
QIcon themeIcon(const QString &name, const QColor &color);

} // namespace birch
