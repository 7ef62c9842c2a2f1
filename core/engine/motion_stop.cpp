#include "core/engine/motion_stop.h"

#include "core/instrument/bench.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr Nanoseconds kAnswerTimeout = std::chrono::seconds(2);
constexpr Nanoseconds kRetry = std::chrono::seconds(1);

bool isHaltedHere(const InstrumentSpec &spec)
{
    const auto &movements = spec.movements;
    return std::any_of(movements.begin(), movements.end(),
                       [](const MovementSpec &movement) { return movement.hasStop; }) &&
           std::none_of(movements.begin(), movements.end(), [](const MovementSpec &movement) {
               return movement.safeValue.has_value();
           });
}

} // namespace

MotionStop::MotionStop(Bench &bench, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_bench(bench)
    , m_clock(clock)
{
}

void MotionStop::start(const QStringList &nicknames)
{
    ++m_open; // this call itself: done() comes when all have been asked
    for (InstrumentHost *host : m_bench.hosts()) {
        if ((!nicknames.isEmpty() && !nicknames.contains(host->nickname())) ||
            !isHaltedHere(host->spec()))
            continue;
        ++m_open;
        halt(*host);
    }
    QMetaObject::invokeMethod(this, &MotionStop::finishOne, Qt::QueuedConnection);
}

void MotionStop::halt(InstrumentHost &host)
{
    host.open(
        kAnswerTimeout, this,
        [this, &host](const Status &opened) {
            if (!opened)
                return halted(host, opened);
            const auto pending = std::make_shared<int>(0);
            const auto failure = std::make_shared<Status>(ok());
            for (int i = 0; i < host.spec().movements.size(); ++i) {
                if (!host.spec().movements.at(i).hasStop)
                    continue;
                ++*pending;
                host.stop(Priority::Safe, i, kAnswerTimeout, this,
                          [this, &host, pending, failure](const Status &stopped) {
                              if (!stopped)
                                  *failure = stopped;
                              if (--*pending == 0)
                                  halted(host, *failure);
                          });
            }
        },
        Priority::Safe);
}

void MotionStop::halted(InstrumentHost &host, const Status &status)
{
    if (status) {
        emit step({m_clock.wallNs(), u"safe"_s,
                   tr("%1 was told to stop where it is").arg(host.nickname())});
        return finishOne();
    }
    if (!m_told.contains(host.nickname())) {
        m_told.append(host.nickname());
        emit step({m_clock.wallNs(), u"error"_s,
                   tr("%1 could not be stopped (%2); it is tried again")
                       .arg(host.nickname(), status.error().message)});
    }
    m_clock.after(kRetry, this, [this, &host] { halt(host); });
}

void MotionStop::finishOne()
{
    if (--m_open == 0)
        emit done();
}

} // namespace birch
