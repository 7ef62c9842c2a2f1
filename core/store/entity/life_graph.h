#pragma once

#include "core/store/entity/entity_spec.h"

namespace birch {

/// One way in which rows of a table refer to others, as trash and purge see it.
struct LifeEdge {
    QString table;        ///< whose rows refer
    QString column;       ///< that holds it
    QString target;       ///< table referred to; "" for a column that holds any row of `objects`
    bool isOwned = false; ///< trashed and purged with what it refers to
    bool isContained = false; ///< trashed with it
    bool isRequired = false;  ///< can not be without it
    bool isLoose = false;     ///< may lose it without anybody being asked

    bool isToObject() const { return target.isEmpty(); }
};

/// From the declarations, with scans and queues. Those of one table stand together.
const QList<LifeEdge> &lifeEdges();
/// Every table whose rows are in `objects`, each after those it refers to (but for references to
/// `objects`, which the database follows by itself).
const QStringList &lifeTables();

} // namespace birch
