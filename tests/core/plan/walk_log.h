#pragma once

#include "core/plan/plan_cursor.h"
#include "core/plan/scan_plan.h"

namespace birch::test {

using namespace Qt::StringLiterals;

/// A step as the reference walk writes it.
inline QString logLine(const ScanPlan &plan, const PlanStep &step)
{
    QString line;
    switch (step.kind) {
    case StepKind::Move:
        line = u"move"_s;
        for (const MoveTarget &target : step.targets)
            line += u' ' + plan.movements[target.movement].column + u'=' +
                    QString::number(target.value) +
                    (target.ramp > 0 ? u'@' + QString::number(target.ramp) : QString());
        break;
    case StepKind::Measure: {
        QStringList indices;
        for (qint64 index : step.indices)
            indices.append(QString::number(index));
        line = u"measure %1 [%2]"_s.arg(step.node.toString(), indices.join(u','));
        break;
    }
    case StepKind::Wait:
        line = u"wait %1 ms"_s.arg(step.duration.count() / 1'000'000);
        break;
    case StepKind::Decide: {
        QStringList indices;
        for (qint64 index : step.indices)
            indices.append(QString::number(index));
        const QString what = step.condition < 0
                                 ? step.isTimerStart ? u"begin"_s : u"timer"_s
                                 : plan.conditions[size_t(step.condition)].expression.text();
        line = u"decide %1 [%2] %3"_s.arg(step.node.toString(), indices.join(u','), what);
        break;
    }
    case StepKind::Fork:
        return u"fork"_s;
    case StepKind::Prompt:
        line = u"prompt"_s;
        break;
    case StepKind::WatchBegin:
        return step.isSkipped ? u"watch skipped"_s : u"watch"_s;
    case StepKind::WatchEnd:
        return step.isSkipped ? u"unwatch skipped"_s : u"unwatch"_s;
    case StepKind::Finished:
        return u"finished"_s;
    }
    return step.isSkipped ? line + u" skipped"_s : line;
}

} // namespace birch::test
