#include "widgets/chart/chart_choice.h"

namespace birch {

QString columnTitle(const ColumnSpec &column)
{
    return column.unit.isEmpty() || column.role == ColumnRole::Time
               ? column.name
               : column.name + QStringLiteral(" (%1)").arg(column.unit);
}

bool isScalarNumber(const ColumnSpec &column)
{
    return column.valuesPerRow() == 1 && column.type != ColumnType::Utf8;
}

ChartChoice chartChoice(const TableSchema &schema)
{
    ChartChoice choice;
    QList<int> setpoints;
    QList<int> values;
    int indices = 0;
    int time = -1;
    for (int i = 0; i < schema.columns.size(); ++i) {
        const ColumnSpec &column = schema.columns[i];
        if (column.role == ColumnRole::Value && column.valuesPerRow() > 1 &&
            column.type == ColumnType::Float64 && choice.arrayColumn < 0)
            choice.arrayColumn = i;
        if (!isScalarNumber(column))
            continue;
        if (column.role == ColumnRole::Setpoint)
            setpoints << i;
        else if (column.role == ColumnRole::Value)
            values << i;
        else if (column.role == ColumnRole::Index)
            ++indices;
        else if (column.role == ColumnRole::Time)
            time = i;
    }
    // The innermost setpoint is the last one; without any, time is what changes.
    choice.lineX = !setpoints.isEmpty() ? setpoints.last() : time;
    if (!values.isEmpty())
        choice.lineY = {values.last()};
    if (setpoints.size() >= 2 && indices >= 2 && !values.isEmpty()) {
        choice.mapX = setpoints.last();
        choice.mapY = setpoints[setpoints.size() - 2];
        choice.mapZ = values.last();
        // Two axes of one unit are a place: a map. A bias over a temperature is a family of curves.
        const bool isPlace = schema.columns[choice.mapX].unit == schema.columns[choice.mapY].unit;
        choice.kinds = isPlace ? QList{ChartKind::Map, ChartKind::Line}
                               : QList{ChartKind::Line, ChartKind::Map};
    } else if (!values.isEmpty()) {
        choice.kinds << ChartKind::Line;
    }
    if (choice.arrayColumn >= 0)
        choice.kinds.prepend(ChartKind::Array);
    return choice;
}

} // namespace birch
