#pragma once

#include "core/base/clock.h"
#include "core/engine/point_table.h"
#include "core/plan/plan_cursor.h"

#include <QCoreApplication>
#include <QJsonObject>

namespace birch {

/// What the conditions of a plan are decided with, shared by the lanes of a scan: what was measured
/// last, where the movements stand, and the timers of loops. Engine thread.
///
/// A continued scan goes on with the measured values and the elapsed times that were saved with the
/// position, and with setpoints and readbacks as they are after the movements were brought back.
class ConditionValues
{
    Q_DECLARE_TR_FUNCTIONS(ConditionValues)

public:
    ConditionValues(const ScanPlan &plan, const RunHandles &handles, Clock &clock);

    /// Takes over the last row of \a table.
    void measured(int object, const PointTable &table)
    {
        for (int value : m_ofObject[size_t(object)])
            take(value, table);
    }
    /// The answer to a Decide step. Errors: BadInput - it is unknown, because a value is missing.
    Result<bool> answer(const PlanStep &step);
    /// The number that a Decide step wants. Errors: BadInput - it is unknown or not finite.
    Result<double> number(const PlanStep &step);
    /// Whether the condition holds. Errors: see answer().
    Result<bool> test(int condition, std::span<const qint64> indices);

    /// A value of the plan as it is now; valid until the next measured().
    ExpressionValue current(int value, std::span<const qint64> indices) const;

    QJsonObject save() const; ///< empty: nothing to be kept
    void restore(const QJsonObject &saved);

private:
    struct Measured {
        double number = 0;
        QString text = {};
        bool isKnown = false;
    };

    void take(int value, const PointTable &table);
    void gather(const PlanCondition &condition, std::span<const qint64> indices);
    QString cause(const PlanCondition &condition) const;
    Error unknown(const PlanCondition &condition) const;

    const ScanPlan &m_plan;
    const RunHandles &m_handles;
    Clock &m_clock;
    std::vector<Measured> m_measured;         ///< one per value of the plan
    std::vector<std::vector<int>> m_ofObject; ///< values that an object yields
    std::vector<qint64> m_timers;             ///< when they began, in boot time
    std::vector<ExpressionValue> m_operands;  ///< of the condition that is looked at
};

} // namespace birch
