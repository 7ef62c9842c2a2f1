#pragma once

#include "core/data/series_source.h"
#include "widgets/chart/axis_map.h"

#include <QString>

class QAbstractAxis;

namespace birch {

struct AxisLook {
    QString title;
    AxisScale scale = AxisScale::Linear;
};

/// A new axis with the look of ours; whoever adds it to a chart gives it an owner.
QAbstractAxis *makeAxis(const AxisLook &look);

/// \a data with a little room around it, never empty, and such that Qt Charts can lay it out.
ValueRange padded(ValueRange data, AxisScale scale);

/// Could an axis show it? Not when empty, endless, or finer than a double can tell apart.
bool isDrawable(ValueRange range, AxisScale scale);

/// Shows \a range, which isDrawable(), with round ticks. A range it already has costs nothing: a
/// change lays the chart out again. \a axis comes from makeAxis() with the same \a scale.
void setAxisRange(QAbstractAxis *axis, AxisScale scale, ValueRange range);

} // namespace birch
