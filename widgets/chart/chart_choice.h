#pragma once

#include "core/data/point_batch.h"

#include <QList>

namespace birch {

enum class ChartKind { Line, Map, Array };

/// What a measurement object can be drawn as, and what is drawn first: decided from its columns
/// alone, so that live and history agree.
struct ChartChoice {
    QList<ChartKind> kinds; ///< possible ones, the default first
    int lineX = -1;         ///< kRowNumber when nothing better
    QList<int> lineY;       ///< traces shown first
    int mapX = -1;
    int mapY = -1;
    int mapZ = -1;
    int arrayColumn = -1;
};

ChartChoice chartChoice(const TableSchema &schema);

/// "smu.current (A)", or the name alone.
QString columnTitle(const ColumnSpec &column);
bool isScalarNumber(const ColumnSpec &column);

} // namespace birch
