#pragma once

#include "core/base/column_values.h"
#include "core/plan/plan_object.h"

#include <vector>

namespace birch {

/// The columns of a measurement object that are calculated from its others. Engine thread.
class DerivedColumns
{
public:
    explicit DerivedColumns(const PlanObject &object);

    /// Position of the first of them, which is the count of the others.
    size_t first() const { return m_first; }
    /// Appends to them what follows from the last row of the others. A value that is missing is
    /// flagged: skipped where something it needs was skipped, not a number else.
    void appendTo(std::vector<ColumnValues> &columns);

private:
    QList<PlanDerived> m_derived;
    size_t m_first;
    std::vector<ExpressionValue> m_operands;
};

} // namespace birch
