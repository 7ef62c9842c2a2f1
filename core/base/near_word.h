#pragma once

#include <QStringList>

namespace birch {

/// The word of \a words that \a typed was probably meant to be: at most two letters off, case
/// aside;
/// "" where none is that near. For "write … instead" remedies.
QString nearestWord(const QString &typed, const QStringList &words);

} // namespace birch
