#pragma once

#include "core/plan/failure_rule.h"
#include "core/plan/plan_prompt.h"
#include "core/plan/plan_value.h"
#include "core/plan/plan_watch.h"

#include <QJsonObject>
#include <QStringList>

#include <memory>
#include <vector>

namespace birch {

class PlanNode;

/// What a tree compiles to: immutable, shared between threads, loops kept as loops.
class ScanPlan
{
public:
    ScanPlan();
    ~ScanPlan();
    ScanPlan(ScanPlan &&) noexcept;
    ScanPlan &operator=(ScanPlan &&) noexcept;

    QString name;
    QList<PlanMovement> movements;
    QList<PlanObject> objects;
    QList<PlanWatch> watches;
    QList<PlanPrompt> prompts;
    QStringList instruments; ///< nicknames to lease, sorted
    /// Rows over all objects; where isBound, at most. Those of monitors, monitorPoints, follow from
    /// the estimated duration and are a bound.
    qint64 points = 0;
    qint64 monitorPoints = 0;
    bool isBound = false;    ///< conditions decide how many there will be
    QList<PlanValue> values; ///< that conditions speak of, each once
    std::vector<PlanCondition> conditions;
    int timers = 0;         ///< of loops that run for a duration
    int searches = 0;       ///< of nodes that choose by what they have found
    int turns = 0;          ///< of sweeps whose direction depends on how often they were walked
    Nanoseconds duration{}; ///< estimate
    qint64 bytes = 0;       ///< estimate of the stored size before compression
    QByteArray hash;        ///< of the canonical tree JSON and the resolved specs
    std::unique_ptr<const PlanNode> root;
};

} // namespace birch
