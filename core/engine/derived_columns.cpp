#include "core/engine/derived_columns.h"

namespace birch {

DerivedColumns::DerivedColumns(const PlanObject &object)
    : m_derived(object.derived)
    , m_first(size_t(object.columns.size() - object.derived.size()))
{
}

void DerivedColumns::appendTo(std::vector<ColumnValues> &columns)
{
    for (size_t i = 0; i < size_t(m_derived.size()); ++i) {
        const PlanDerived &derived = m_derived[qsizetype(i)];
        ValueState missing = ValueState::NotANumber;
        m_operands.clear();
        for (int place : derived.operands) {
            const ColumnValues &column = columns[size_t(place)];
            const qint64 last = column.valueCount() - 1;
            const double value = column.type() == ColumnType::Bool ? (column.boolAt(last) ? 1 : 0)
                                 : column.type() == ColumnType::Int64 ? double(column.intAt(last))
                                                                      : column.doubleAt(last);
            const ValueState state = column.stateAt(last);
            if (state == ValueState::Skipped)
                missing = state;
            m_operands.push_back({value, {}, state == ValueState::Ok});
        }
        const ExpressionValue result = derived.expression.evaluate(m_operands);
        ColumnValues &column = columns[m_first + i];
        const ValueState state = result.isKnown ? ValueState::Ok : missing;
        if (column.type() == ColumnType::Bool)
            column.appendBool(result.isKnown && result.number != 0, state);
        else
            column.appendDouble(result.isKnown ? result.number : 0, state);
    }
}

} // namespace birch
