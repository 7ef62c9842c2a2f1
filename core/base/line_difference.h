#pragma once

#include <QStringList>

namespace birch {

/// What of \a now is not as in \a then, line by line: "- 12: gone" and "+ 12: new", each with its
/// number in its own text, in order; empty: nothing. Texts that are long and have little in common
/// are not compared line by line, but told as one replaced by the other.
QStringList lineDifference(const QByteArray &then, const QByteArray &now);

} // namespace birch
