#pragma once

#include "core/engine/step_times.h"

#include <QObject>

#include <functional>
#include <memory>

namespace birch {

/// What is kept in \a spoolDir about the time of steps; nothing where there is no such file, or not
/// a readable one.
StepTimes loadStepTimes(const QString &spoolDir);

/// Learns from the scans that run here, in a file of the spool's folder: estimates need no
/// database. Several programs may share it. Lives on the thread that made it.
class StepTimesKeeper : public QObject
{
    Q_OBJECT
public:
    using Listener = std::function<void(std::shared_ptr<const ScanPlan>, const RunTimes &)>;

    StepTimesKeeper(const QString &spoolDir, BenchSpecs bench);

    /// May be called on any thread while the keeper lives; what it is told is learned later.
    Listener listener();

    /// The instruments as they are from now on.
    void setBench(BenchSpecs bench) { m_bench = std::move(bench); }

signals:
    void learned(const birch::StepTimes &times);

private:
    void learn(const ScanPlan &plan, const RunTimes &run);

    QString m_spoolDir;
    BenchSpecs m_bench;
};

} // namespace birch
