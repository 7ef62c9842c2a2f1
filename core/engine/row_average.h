#pragma once

#include "core/base/column_values.h"

#include <vector>

namespace birch {

/// Mean, standard deviation and count of the values of one column over several reads; arrays
/// element by element. Flagged values do not count: where nothing else was read the mean carries
/// their flag. Allocates once. Engine thread.
class RowAverage
{
public:
    explicit RowAverage(qint64 valuesPerRow)
        : m_sums(size_t(valuesPerRow))
    {
    }

    void clear();
    /// The one row of \a values, which is float64 or int64.
    void add(const ColumnValues &values);
    /// Appends one row to each: the mean, the sample standard deviation (flagged not-a-number below
    /// two values) and how many values they are of.
    void appendTo(ColumnValues &mean, ColumnValues &deviation, ColumnValues &count) const;

private:
    struct Sum {
        qint64 count = 0;
        double mean = 0;
        double squares = 0; ///< of the distances to the mean (Welford)
        ValueState flag = ValueState::Ok;
    };
    std::vector<Sum> m_sums;
};

} // namespace birch
