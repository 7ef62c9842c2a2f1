#pragma once

#include "core/engine/scan_timer.h"
#include "core/plan/compile_context.h"
#include "core/plan/scan_plan.h"

#include <QJsonObject>

namespace birch {

/// What a run of a scan tells about the time of its steps.
struct RunTimes {
    ScanTiming timing;
    std::vector<StepTime> steps; ///< as the operations of the ScanTimer
};

/// How long steps took at this station, per instrument and operation, to estimate the next scan:
/// the mean of the last runs, in which the latest counts a third. A value.
class StepTimes
{
public:
    static StepTimes fromJson(const QJsonObject &json); ///< what it can not read it leaves out
    QJsonObject toJson() const;

    /// From one run of \a plan that came to its end by itself. An instrument that is another one
    /// now (by its definition) begins anew; one that \a bench does not have is passed over.
    void learn(const ScanPlan &plan, const RunTimes &run, const BenchSpecs &bench);
    /// \a bench with what is known about the same instruments.
    BenchSpecs appliedTo(BenchSpecs bench) const;

private:
    struct Known {
        double seconds = 0;
        int runs = 0;
        void add(double more);
    };
    struct Instrument {
        QString definition;
        Known scan; ///< share in the beginning and the ending of a scan, first moves included
        QMap<QString, Known> operations;
    };
    Instrument *instrument(const QString &nickname, const BenchSpecs &bench);
    void learnMoves(const ScanPlan &plan, const RunTimes &run, const BenchSpecs &bench);
    void learnReads(const ScanPlan &plan, const RunTimes &run, const BenchSpecs &bench);

    QMap<QString, Instrument> m_instruments;
};

} // namespace birch
