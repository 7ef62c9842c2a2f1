#include "core/engine/step_times.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kRunsRemembered = 3;
constexpr double kLongest = 1e8; // in s: 3 years

double seconds(qint64 ns)
{
    return double(ns) * 1e-9;
}

Nanoseconds duration(double seconds)
{
    return Nanoseconds(std::llround(seconds * 1e9));
}

/// What the steps of the main lane take between their operations, in seconds: going on to the next
/// and writing points.
double between(const RunTimes &run)
{
    qint64 ns = run.timing.unattributedNs();
    for (const TimePart part : {TimePart::Move, TimePart::Settle, TimePart::Trigger, TimePart::Read,
                                TimePart::Transfer, TimePart::Store, TimePart::Overhead})
        ns += run.timing.sumNs(part);
    for (const StepTime &step : run.steps)
        ns -= step.mainLaneNs;
    return seconds(std::max<qint64>(0, ns));
}
} // namespace

void StepTimes::Known::add(double more)
{
    runs = std::min(runs + 1, kRunsRemembered);
    seconds += (more - seconds) / runs;
}

StepTimes::Instrument *StepTimes::instrument(const QString &nickname, const BenchSpecs &bench)
{
    const auto spec = bench.constFind(nickname);
    if (spec == bench.constEnd())
        return nullptr;
    Instrument &known = m_instruments[nickname];
    if (known.definition != spec->definitionId)
        known = {.definition = spec->definitionId, .scan = {}, .operations = {}};
    return &known;
}

void StepTimes::learn(const ScanPlan &plan, const RunTimes &run, const BenchSpecs &bench)
{
    learnMoves(plan, run, bench);
    learnReads(plan, run, bench);
    const double around =
        seconds(run.timing.sumNs(TimePart::Setup) + run.timing.sumNs(TimePart::Ending));
    for (const QString &nickname : plan.instruments) {
        Instrument *known = instrument(nickname, bench);
        if (!known)
            continue;
        double time = around / double(plan.instruments.size());
        for (int i = 0; i < plan.movements.size() && size_t(i) < run.steps.size(); ++i) {
            const MovementSpec &spec = plan.movements.at(i).spec;
            const double first = seconds(run.steps[size_t(i)].firstNs);
            if (plan.movements.at(i).instrument != nickname || first <= 0)
                continue;
            // An estimate knows no way there; what comes after the way it counts for every move.
            const Known own = known->operations.value(spec.name);
            const double standing = own.runs > 0 ? own.seconds : seconds(spec.setTime.count());
            time += std::max(0.0, first - standing - seconds(spec.settle.dwell.count()));
        }
        known->scan.add(time);
    }
}

void StepTimes::learnMoves(const ScanPlan &plan, const RunTimes &run, const BenchSpecs &bench)
{
    for (int i = 0; i < plan.movements.size() && size_t(i) < run.steps.size(); ++i) {
        const StepTime &step = run.steps[size_t(i)];
        const PlanMovement &movement = plan.movements.at(i);
        Instrument *known = step.count > 0 ? instrument(movement.instrument, bench) : nullptr;
        if (known)
            known->operations[movement.spec.name].add(
                seconds(std::max<qint64>(0, step.ns - step.plannedNs)) / double(step.count));
    }
}

/// The instruments of a measurement are read side by side: the one that answers last has taken the
/// whole time, and its reads share it; the others took no longer.
void StepTimes::learnReads(const ScanPlan &plan, const RunTimes &run, const BenchSpecs &bench)
{
    qint64 points = 0;
    for (size_t i = size_t(plan.movements.size()); i < run.steps.size(); ++i)
        points += run.steps[i].count;
    if (points == 0)
        return;
    const double perPoint = between(run) / double(points);
    auto first = size_t(plan.movements.size());
    for (const PlanObject &object : plan.objects) {
        qint64 count = 0;
        qint64 ns = 0;
        QMap<QString, qint64> lasts; // how often an instrument was the last
        QMap<QString, int> shares;
        for (qsizetype i = 0; i < object.reads.size() && first + size_t(i) < run.steps.size();
             ++i) {
            const StepTime &step = run.steps[first + size_t(i)];
            count += step.count;
            ns += step.ns;
            lasts[object.reads.at(i).instrument] += step.count;
            ++shares[object.reads.at(i).instrument];
        }
        first += size_t(object.reads.size());
        if (count == 0)
            continue;
        const double once = (seconds(ns) / double(count) + perPoint) / std::max(1, object.averages);
        for (const PlanRead &read : object.reads) {
            Instrument *known = instrument(read.instrument, bench);
            if (!known)
                continue;
            const double share = once / shares[read.instrument];
            const double told = seconds(read.spec.readTime.count());
            known->operations[read.spec.name].add(
                lasts[read.instrument] > 0 ? share : std::min(share, told));
        }
    }
}

BenchSpecs StepTimes::appliedTo(BenchSpecs bench) const
{
    for (auto at = m_instruments.begin(); at != m_instruments.end(); ++at) {
        const auto found = bench.find(at.key());
        if (found == bench.end() || found->definitionId != at->definition)
            continue;
        if (at->scan.runs > 0)
            found->scanTime = duration(at->scan.seconds);
        for (MovementSpec &movement : found->movements) {
            if (const auto known = at->operations.find(movement.name);
                known != at->operations.end())
                movement.learned = duration(known->seconds);
        }
        for (MeasurementSpec &measurement : found->measurements) {
            if (const auto known = at->operations.find(measurement.name);
                known != at->operations.end())
                measurement.readTime = duration(known->seconds);
        }
    }
    return bench;
}

QJsonObject StepTimes::toJson() const
{
    const auto json = [](const Known &known) {
        return QJsonObject{{u"seconds"_s, known.seconds}, {u"runs"_s, known.runs}};
    };
    QJsonObject instruments;
    for (auto at = m_instruments.begin(); at != m_instruments.end(); ++at) {
        QJsonObject operations;
        for (auto one = at->operations.begin(); one != at->operations.end(); ++one)
            operations.insert(one.key(), json(*one));
        instruments.insert(at.key(), QJsonObject{{u"definition"_s, at->definition},
                                                 {u"scan"_s, json(at->scan)},
                                                 {u"operations"_s, operations}});
    }
    return {
        {u"format"_s, u"birch.step-times"_s}, {u"version"_s, 1}, {u"instruments"_s, instruments}};
}

StepTimes StepTimes::fromJson(const QJsonObject &json)
{
    const auto known = [](const QJsonValue &value) {
        const double seconds = value[u"seconds"_s].toDouble(-1);
        const int runs = value[u"runs"_s].toInt();
        const bool isTime = seconds >= 0 && seconds <= kLongest && runs > 0;
        return isTime ? Known{seconds, std::min(runs, kRunsRemembered)} : Known{};
    };
    StepTimes times;
    const QJsonObject instruments = json[u"instruments"_s].toObject();
    for (auto at = instruments.begin(); at != instruments.end(); ++at) {
        Instrument &one = times.m_instruments[at.key()];
        one.definition = at.value()[u"definition"_s].toString();
        one.scan = known(at.value()[u"scan"_s]);
        const QJsonObject operations = at.value()[u"operations"_s].toObject();
        for (auto operation = operations.begin(); operation != operations.end(); ++operation) {
            if (const Known time = known(operation.value()); time.runs > 0)
                one.operations.insert(operation.key(), time);
        }
    }
    return times;
}

} // namespace birch
