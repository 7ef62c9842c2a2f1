#include "core/engine/row_average.h"

#include <cmath>
#include <limits>

namespace birch {

void RowAverage::clear()
{
    for (Sum &sum : m_sums)
        sum = {};
}

void RowAverage::add(const ColumnValues &values)
{
    for (size_t i = 0; i < m_sums.size(); ++i) {
        Sum &sum = m_sums[i];
        const auto index = qint64(i);
        if (values.stateAt(index) != ValueState::Ok) {
            sum.flag = values.stateAt(index);
            continue;
        }
        const double value = values.type() == ColumnType::Int64 ? double(values.intAt(index))
                                                                : values.doubleAt(index);
        ++sum.count;
        const double distance = value - sum.mean;
        sum.mean += distance / double(sum.count);
        sum.squares += distance * (value - sum.mean);
    }
}

void RowAverage::appendTo(ColumnValues &mean, ColumnValues &deviation, ColumnValues &count) const
{
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    for (const Sum &sum : m_sums) {
        if (sum.count > 0)
            mean.appendDouble(sum.mean);
        else
            mean.appendDouble(kNone, sum.flag);
        if (sum.count > 1)
            deviation.appendDouble(std::sqrt(sum.squares / double(sum.count - 1)));
        else
            deviation.appendDouble(kNone, ValueState::NotANumber);
        if (count.type() == ColumnType::Float64)
            count.appendDouble(double(sum.count));
        else
            count.appendInt(sum.count);
    }
}

} // namespace birch
