#pragma once

#include "core/engine/read_schedule.h"
#include "core/engine/watch.h"

namespace birch {

/// Judges what it reads: well, a warning (the scan pauses and goes on by itself), or an alert (the
/// scan ends). Goes on while the scan is paused. A condition whose values are missing is an alert,
/// and so are three intervals without a reading. What is watched begins after the first verdict.
class GuardWatch final : public Watch
{
    Q_OBJECT
public:
    GuardWatch(OpenWatch watch, LaneContext &lanes);

    void start(std::function<void()> begun) override;
    void finish(std::function<void()> ended) override;
    void drop() override;

private:
    void take(const ReadSchedule::Outcome &outcome);
    void judge();
    bool isAlert(Truth warning, Truth clear);
    void judgeWarning(Truth warning, Truth clear);
    Truth test(const std::optional<Expression> &condition);
    QString readings() const;
    void alert(const QString &why);
    void expectReading();

    OpenWatch m_watch;
    const PlanWatch &m_plan;
    const GuardRule &m_rule;
    LaneContext &m_lanes;
    PointTable m_table;
    PointReader m_reader;
    ReadSchedule m_schedule;
    std::vector<int> m_columns; ///< of the table, in the order of the names of the conditions
    std::vector<ExpressionValue> m_values;
    std::vector<QString> m_texts; ///< what m_values refer to
    std::function<void()> m_begun;
    QString m_problem; ///< why the last reading failed
    int m_alerts = 0;  ///< readings in a row
    int m_warnings = 0;
    bool m_isHolding = false;
    std::optional<qint64> m_clearSinceNs;
    quint64 m_turn = 0; ///< timers of an earlier one are late
};

} // namespace birch
