#pragma once

#include <QJsonObject>
#include <QStringList>

namespace birch {

/// Positions of a movement of PyBirch's as a sweep has them.
struct PybirchPositions {
    QJsonObject fields; ///< "positions" of an axis
    qsizetype count = 0;
    QStringList changed;       ///< sentences
    QStringList notUnderstood; ///< sentences
};

/// From "movement_entries" of \a node, or the positions that were computed from them. Numbers get
/// \a unit; "": they are in that of the movement.
PybirchPositions pybirchPositions(const QJsonObject &node, const QString &unit = {});

} // namespace birch
