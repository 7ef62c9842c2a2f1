#pragma once

#include "core/base/fake_clock.h"
#include "core/base/id.h"
#include "core/engine/bench_safe.h"
#include "core/engine/queue_worker.h"
#include "tests/core/engine/memory_archive.h"
#include "tests/core/plan/plan_fixture.h"
#include "tests/support/inline_instrument.h"

#include <QEventLoop>
#include <QRegularExpression>
#include <QTest>

namespace birch::test {

/// A bench of two in-process instruments, an archive in memory and the queue on the test's own
/// thread and a fake clock, so that every order is exact.
class EngineFixture
{
public:
    EngineFixture()
    {
        script = std::make_shared<InlineScript>();
        archive.events = &script->events;
        InstrumentSpec smu;
        smu.definitionId = u"inline-smu"_s;
        smu.movements = {inlineMovement(u"bias"_s, 0.0), inlineMovement(u"gate"_s, 0.5)};
        smu.movements[1].safeOrder = -1; // the gate first
        smu.measurements = {inlineMeasurement(u"iv"_s, 2)};
        ParameterSpec range;
        range.key = u"range"_s;
        smu.parameters = {range};
        InstrumentSpec stage;
        stage.definitionId = u"inline-stage"_s;
        stage.movements = {inlineMovement(u"x"_s)};
        stage.measurements = {inlineMeasurement(u"encoder"_s, 1)};
        specs = {{u"smu"_s, smu}, {u"stage"_s, stage}};
    }
    /// Specs may be changed before.
    void makeBench()
    {
        for (auto at = specs.begin(); at != specs.end(); ++at)
            QVERIFY(bench.add(inlineHost(at.key(), at.value(), script)));
    }
    void makeWorker(SliceLimits slice = {})
    {
        EnginePorts ports{bench, clock, archive};
        ports.station = u"TEST"_s;
        ports.slice = slice;
        ports.observers = observers;
        ports.sentinel = sentinel;
        worker = std::make_unique<QueueWorker>(
            ports,
            [this](const EnginePorts &made, SafePort::Log log) {
                return std::make_unique<BenchSafe>(made.bench, made.clock, std::move(log));
            },
            stopSwitch);
        worker->begin();
        QObject::connect(worker.get(), &QueueWorker::itemAdded, worker.get(),
                         [this](int row, const QueueItem &item) { items.insert(row, item); });
        QObject::connect(worker.get(), &QueueWorker::itemRemoved, worker.get(),
                         [this](int row, const QUuid &) { items.removeAt(row); });
        QObject::connect(worker.get(), &QueueWorker::itemMoved, worker.get(),
                         [this](int from, int to) { items.move(from, to); });
        QObject::connect(worker.get(), &QueueWorker::itemChanged, worker.get(),
                         [this](int row, const QueueItem &item) { items[row] = item; });
        QObject::connect(worker.get(), &QueueWorker::queueStateChanged, worker.get(),
                         [this](QueueState now) { state = now; });
        QObject::connect(worker.get(), &QueueWorker::finished, worker.get(),
                         [this] { hasFinished = true; });
        QObject::connect(worker.get(), &QueueWorker::refused, worker.get(),
                         [this](const QString &message) { refusals.append(message); });
    }

    std::shared_ptr<const ScanPlan> compile(std::unique_ptr<ScanNode> root)
    {
        const auto compiled = compilePlan(ScanTree(std::move(root)), specs, standardNodes());
        for (const Problem &problem : compiled.problems)
            qWarning().noquote() << problem.field << problem.message;
        return compiled.plan;
    }
    /// smu.bias through \a points positions from 1 upwards, smu.iv at each.
    std::shared_ptr<const ScanPlan> sweepPlan(int points, std::optional<FailureRule> failure = {})
    {
        auto sweep = sweepOf(u"smu.bias"_s, linear(u"1"_s, QString::number(points), points));
        sweep->failure = failure;
        sweep->appendChild(measureOf({u"smu.iv"_s}));
        return compile(std::move(sweep));
    }
    QueueItem item(const std::shared_ptr<const ScanPlan> &plan, const QString &name = u"scan"_s)
    {
        QueueItem item;
        item.id = newUid();
        item.name = name;
        item.plan = plan;
        item.details.name = name;
        return item;
    }
    QUuid add(const std::shared_ptr<const ScanPlan> &plan, const QString &name = u"scan"_s)
    {
        const QueueItem added = item(plan, name);
        worker->add(added, {});
        return added.id;
    }

    /// Runs the event loop, and the clock where nothing else is left to do, until \a isDone.
    template<typename Done>
    bool pump(Done isDone)
    {
        QEventLoop loop;
        for (int round = 0; round < 200'000; ++round) {
            if (isDone())
                return true;
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
            if (!loop.processEvents())
                clock.advanceToNext();
        }
        return false;
    }
    /// Runs the event loop until nothing is left to do; the clock stands still.
    void drain()
    {
        QEventLoop loop;
        while (loop.processEvents()) {
        }
    }
    bool pumpToIdle()
    {
        return pump([this] { return state == QueueState::Idle; });
    }
    QStringList events(const QString &start = {}) const
    {
        return script->events.filter(
            QRegularExpression(u"^"_s + QRegularExpression::escape(start)));
    }
    const StoredScan &stored(size_t position = 0) const { return *archive.scans.at(position); }

    std::shared_ptr<InlineScript> script;
    QMap<QString, InstrumentSpec> specs;
    FakeClock clock;
    Bench bench;
    MemoryArchive archive;
    QList<RunObserver *> observers;
    std::function<std::unique_ptr<SentinelPort>(SafePort::Log)> sentinel; ///< before makeWorker()
    std::shared_ptr<StopSwitch> stopSwitch = std::make_shared<StopSwitch>();
    std::unique_ptr<QueueWorker> worker;
    QList<QueueItem> items;
    QueueState state = QueueState::Idle;
    QStringList refusals;
    bool hasFinished = false;
};

} // namespace birch::test
