#pragma once

#include "core/plan/plan_node.h"

namespace birch {

/// Its children again and again: a number of rounds, or until a condition or a timer, looked at
/// after each round, ends it.
class RepeatNode final : public PlanNode
{
public:
    explicit RepeatNode(qint64 rounds)
        : m_rounds(rounds)
    {
    }
    /// At most \a rounds.
    static std::unique_ptr<RepeatNode> whileTrue(int condition, qint64 rounds);
    static std::unique_ptr<RepeatNode> forDuration(int timer, Nanoseconds duration, qint64 rounds);

    Visit next(WalkFrame &frame) const override;
    void describe(const WalkFrame &frame, PlanStep &step, MoveTarget *targets) const override;
    bool accepts(const WalkFrame &frame, bool inChild) const override;
    qint64 rounds() const override { return m_rounds; }
    bool isLoop() const override { return true; }

private:
    bool hasTimer() const { return m_timer >= 0; }
    bool isOpen() const { return m_condition >= 0 || hasTimer(); }

    qint64 m_rounds;
    int m_condition = -1;
    int m_timer = -1;
    Nanoseconds m_duration{};
};

} // namespace birch
