#include "core/engine/run_handles.h"

#include "core/plan/travel_time.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
Error missing(const QString &nickname)
{
    return {ErrorCode::NotFound,
            QCoreApplication::translate("RunHandles",
                                        "The bench has no instrument \"%1\": add it to the bench "
                                        "file, or take it out of the scan")
                .arg(nickname)};
}

/// The bench was changed since the scan was put into the queue.
Error outdated(const QString &what)
{
    return {ErrorCode::Conflict,
            QCoreApplication::translate("RunHandles",
                                        "%1 is not what it was when this scan was queued: take the "
                                        "scan out of the queue and add it again")
                .arg(what)};
}

Result<std::vector<ReadHandle>> resolveReads(const QList<PlanRead> &planned, const Bench &bench)
{
    std::vector<ReadHandle> reads;
    for (const PlanRead &read : planned) {
        InstrumentHost *host = bench.find(read.instrument);
        if (!host)
            return missing(read.instrument);
        const QList<MeasurementSpec> &offered = host->spec().measurements;
        if (offered.value(read.index).name != read.spec.name)
            return outdated(read.instrument + u'.' + read.spec.name);
        reads.push_back({host, host->inlineInstrument(), read.index, read.spec.timeout,
                         read.instrument + u'.' + read.spec.name});
    }
    return reads;
}
} // namespace

MovementHandle MovementHandle::of(InstrumentHost &host, int index, const MovementSpec &spec)
{
    MovementHandle handle;
    handle.host = &host;
    handle.inlined = host.inlineInstrument();
    handle.index = index;
    handle.settle = spec.settle;
    handle.canStop = spec.hasStop;
    handle.hasRamp = spec.hasRamp;
    handle.limits = spec.limits;
    handle.setTime = spec.setTime;
    handle.rate = spec.rampRate.value_or(0);
    handle.name = host.nickname() + u'.' + spec.name;
    return handle;
}

void MovementHandle::takeOff(const MoveTarget &target)
{
    const SettleRule &rule = target.settle ? *target.settle : settle;
    const double speed = target.ramp > 0 ? target.ramp : rate;
    if (speed > 0 && readbackState != ValueState::Ok)
        planned.reset();
    else
        planned = rule.dwell + travelTime(target.value - readback, speed, rule.poll);
}

Result<RunHandles> RunHandles::resolve(const ScanPlan &plan, const Bench &bench)
{
    RunHandles handles;
    for (const QString &nickname : plan.instruments) {
        InstrumentHost *host = bench.find(nickname);
        if (!host)
            return missing(nickname);
        handles.hosts.push_back(host);
    }
    for (const PlanMovement &movement : plan.movements) {
        InstrumentHost *host = bench.find(movement.instrument);
        if (!host)
            return missing(movement.instrument);
        const MovementSpec offered = host->spec().movements.value(movement.index);
        if (offered.name != movement.spec.name || offered.limits != movement.spec.limits)
            return outdated(movement.instrument + u'.' + movement.spec.name);
        MovementHandle handle = MovementHandle::of(*host, movement.index, movement.spec);
        handle.slowestRamp = movement.slowestRamp;
        handles.movements.push_back(std::move(handle));
    }
    for (const PlanObject &object : plan.objects) {
        auto reads = resolveReads(object.reads, bench);
        if (!reads)
            return reads.error();
        handles.reads.push_back(std::move(reads).value());
    }
    for (const PlanWatch &watch : plan.watches) {
        auto reads = resolveReads(watch.probe.reads, bench);
        if (!reads)
            return reads.error();
        handles.probes.push_back(std::move(reads).value());
    }
    return handles;
}

std::vector<quint64> RunHandles::disruptions() const
{
    std::vector<quint64> counts;
    counts.reserve(hosts.size());
    for (const InstrumentHost *host : hosts)
        counts.push_back(host->disruptions());
    return counts;
}

} // namespace birch
