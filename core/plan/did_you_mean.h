#pragma once

#include <QStringList>

namespace birch {

/// A remedy: "Did you mean "bias"?" where one candidate is close to \a typed, else the candidates
/// there are.
QString didYouMean(const QString &typed, const QStringList &candidates);

} // namespace birch
