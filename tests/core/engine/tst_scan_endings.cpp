#include "tests/core/engine/engine_fixture.h"

using namespace birch;
using namespace birch::test;

namespace {
constexpr SliceLimits kStepwise{std::chrono::milliseconds(5), 1, 4096, 1 << 18};

using Prepare = void (*)(EngineFixture &);

/// The \a nth call of \a event fails.
void fail(EngineFixture &at, const QString &event, int nth,
          const Error &error = {ErrorCode::Timeout, u"no answer"_s})
{
    at.script->answer = [event, nth, error, count = 0](const QString &asked) mutable -> Status {
        return asked == event && ++count == nth ? Status(error) : ok();
    };
}

template<typename Action>
void atSecondRead(EngineFixture &at, Action action)
{
    at.script->answer = [&at, action, count = 0](const QString &asked) mutable {
        if (asked == u"read smu.iv"_s && ++count == 2)
            QMetaObject::invokeMethod(
                at.worker.get(), [&at, action] { action(at); }, Qt::QueuedConnection);
        return ok();
    };
}

struct Case {
    const char *name;
    Prepare prepare;
    ScanState state; ///< of the item
    int records;     ///< scans in the archive, each with exactly one ending
    qint64 rows;
    bool isDrivenSafe;
    const char *reason; ///< part of it
};

const Case kCases[] = {
    {"completes", [](EngineFixture &) {}, ScanState::Completed, 1, 4, true, ""},
    {"aborted",
     [](EngineFixture &at) { atSecondRead(at, [](EngineFixture &it) { it.worker->abort(); }); },
     ScanState::Aborted, 1, 2, true, "operator"},
    {"aborted twice",
     [](EngineFixture &at) {
         atSecondRead(at, [](EngineFixture &it) {
             it.worker->abort();
             it.worker->abort();
         });
     },
     ScanState::Aborted, 1, 2, true, "operator"},
    {"aborted while paused",
     [](EngineFixture &at) {
         atSecondRead(at, [](EngineFixture &it) {
             it.worker->pauseAfterPoint();
             QMetaObject::invokeMethod(
                 it.worker.get(), [&it] { it.worker->abort(); }, Qt::QueuedConnection);
         });
     },
     ScanState::Aborted, 1, 2, true, "operator"},
    {"made safe",
     [](EngineFixture &at) { atSecondRead(at, [](EngineFixture &it) { it.worker->makeSafe(); }); },
     ScanState::Aborted, 1, 2, true, "Make safe"},
    {"aborted, then made safe",
     [](EngineFixture &at) {
         atSecondRead(at, [](EngineFixture &it) {
             it.worker->abort();
             it.worker->makeSafe();
         });
     },
     ScanState::Aborted, 1, 2, true, "operator"},
    {"aborted while it opens",
     [](EngineFixture &at) {
         at.script->answer = [&at](const QString &asked) {
             if (asked == u"open smu"_s)
                 QMetaObject::invokeMethod(
                     at.worker.get(), [&at] { at.worker->abort(); }, Qt::QueuedConnection);
             return ok();
         };
     },
     ScanState::Aborted, 1, 0, true, "operator"},
    {"can not open",
     [](EngineFixture &at) {
         fail(at, u"open smu"_s, 1, {ErrorCode::NotConnected, u"refused"_s});
     },
     ScanState::Failed, 1, 0, true, "Opening the instruments: smu: refused"},
    {"is leased elsewhere",
     [](EngineFixture &at) { QVERIFY(at.bench.find(u"smu"_s)->acquireLease(u"panel of Ada"_s)); },
     ScanState::Failed, 1, 0, false, "panel of Ada"},
    {"can not be recorded",
     [](EngineFixture &at) {
         at.archive.createFailure = Error{ErrorCode::Storage, u"the database is locked"_s};
     },
     ScanState::Failed, 0, 0, true, "database is locked"},
    {"move fails", [](EngineFixture &at) { fail(at, u"begin smu.bias 3"_s, 1); }, ScanState::Failed,
     1, 2, true, "smu.bias: no answer"},
    {"read fails", [](EngineFixture &at) { fail(at, u"read smu.iv"_s, 3); }, ScanState::Failed, 1,
     2, true, "smu.iv: no answer"},
    {"connection is lost",
     [](EngineFixture &at) {
         fail(at, u"read smu.iv"_s, 3, {ErrorCode::NotConnected, u"gone"_s});
     },
     ScanState::Failed, 1, 2, true, "gone"},
    {"disk is full", [](EngineFixture &at) { at.archive.rowsUntilFull = 2; },
     ScanState::Interrupted, 1, 2, true, "disk is full"},
    {"removed before it starts", [](EngineFixture &at) { at.worker->remove(at.items.first().id); },
     ScanState::Queued, 0, 0, false, ""},
    {"program leaves",
     [](EngineFixture &at) {
         atSecondRead(at, [](EngineFixture &it) {
             it.worker->shutdown(ScanState::Interrupted, std::chrono::seconds(10));
         });
     },
     ScanState::Interrupted, 1, 2, true, "closed"},
    {"program leaves for good",
     [](EngineFixture &at) {
         atSecondRead(at, [](EngineFixture &it) {
             it.worker->shutdown(ScanState::Aborted, std::chrono::seconds(10));
         });
     },
     ScanState::Aborted, 1, 2, true, "closed"},
};
} // namespace

Q_DECLARE_METATYPE(const Case *)

/// However a scan ends: once, on record, with its reason, through the safe values.
class ScanEndingsTest : public QObject
{
    Q_OBJECT
private slots:
    void endsOnce_data()
    {
        QTest::addColumn<const Case *>("which");
        for (const Case &one : kCases)
            QTest::newRow(one.name) << &one;
    }
    void endsOnce()
    {
        QFETCH(const Case *, which);
        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        const QUuid id = at.add(at.sweepPlan(4));
        int endedSignals = 0;
        connect(at.worker.get(), &QueueWorker::itemChanged, at.worker.get(),
                [&](int, const QueueItem &item) {
                    endedSignals += isFinal(item.state) || item.state == ScanState::Interrupted;
                });
        which->prepare(at);
        at.worker->start();
        at.drain();
        QVERIFY(at.pumpToIdle());
        at.drain();

        const auto found = std::find_if(at.items.begin(), at.items.end(),
                                        [&](const QueueItem &item) { return item.id == id; });
        if (found != at.items.end()) {
            QCOMPARE(found->state, which->state);
            QVERIFY2(found->reason.contains(QString::fromUtf8(which->reason)),
                     qPrintable(found->reason));
            QCOMPARE(endedSignals, 1);
        }
        QCOMPARE(int(at.archive.scans.size()), which->records);
        for (const auto &scan : at.archive.scans) {
            QCOMPARE(scan->endings, 1);
            QCOMPARE(scan->states.last(), which->state);
            QVERIFY2(scan->reason.contains(QString::fromUtf8(which->reason)),
                     qPrintable(scan->reason));
            QCOMPARE(scan->rows(), which->rows);
        }
        checkSafe(at, *which);
        QVERIFY(at.bench.find(u"smu"_s)->leaseOwner().isEmpty() ||
                at.bench.find(u"smu"_s)->leaseOwner() == u"panel of Ada"_s);
    }

    void afterCompletion()
    {
        EngineFixture at;
        at.specs[u"smu"_s].movements[0].after = AfterScan::Safe;
        at.specs[u"smu"_s].movements[1].after = AfterScan::Hold;
        at.specs[u"stage"_s].movements[0].after = AfterScan::Start;
        at.makeBench();
        // Where the stage stands before the scan.
        Instrument *stage = at.bench.find(u"stage"_s)->inlineInstrument();
        QVERIFY(stage->begin(0, 7.5, Call::within(std::chrono::seconds(1))));
        at.script->events.clear();
        at.makeWorker();
        auto root = makeNode(u"sequence"_s);
        root->appendChild(setOf(u"smu.gate"_s, u"2"_s));
        root->appendChild(setOf(u"smu.bias"_s, u"3"_s));
        root->appendChild(setOf(u"stage.x"_s, u"1"_s));
        root->appendChild(measureOf({u"smu.iv"_s}));
        at.add(at.compile(std::move(root)));
        at.worker->start();
        at.drain();
        QVERIFY(at.pumpToIdle());
        const QStringList expected{u"begin smu.gate 2"_s,   u"begin smu.bias 3"_s,
                                   u"begin stage.x 1"_s,    u"begin smu.bias 0"_s,
                                   u"begin stage.x 7.5"_s, // then the end of the queue
                                   u"begin smu.gate 0.5"_s, u"begin smu.bias 0"_s};
        QCOMPARE(at.events(u"begin"_s), expected);
        QVERIFY(at.script->events.indexOf(u"begin stage.x 7.5"_s) <
                at.script->events.indexOf(u"ended completed"_s));
    }

    void goesBackAfterAnAbort_data()
    {
        using Act = void (*)(EngineFixture &);
        QTest::addColumn<Act>("act");
        QTest::addColumn<bool>("goesBack");
        QTest::newRow("aborted") << Act([](EngineFixture &at) { at.worker->abort(); }) << true;
        QTest::newRow("aborted twice") << Act([](EngineFixture &at) {
            at.worker->abort();
            at.worker->abort();
        }) << true;
        QTest::newRow("made safe")
            << Act([](EngineFixture &at) { at.worker->makeSafe(); }) << false;
        QTest::newRow("aborted, then made safe") << Act([](EngineFixture &at) {
            at.worker->abort();
            at.worker->makeSafe();
        }) << false;
        QTest::newRow("program leaves") << Act([](EngineFixture &at) {
            at.worker->shutdown(ScanState::Interrupted, std::chrono::seconds(10));
        }) << false;
        QTest::newRow("read fails") << Act([](EngineFixture &at) {
            at.script->answer = [](const QString &asked) -> Status {
                return asked.startsWith(u"read"_s) ? Status(Error{ErrorCode::Timeout, u"no"_s})
                                                   : ok();
            };
        }) << false;
    }
    void goesBackAfterAnAbort()
    {
        using Act = void (*)(EngineFixture &);
        QFETCH(Act, act);
        QFETCH(bool, goesBack);
        EngineFixture at;
        at.specs[u"smu"_s].movements[0].after = AfterScan::Start; // has a safe value: that wins
        at.specs[u"stage"_s].movements[0].after = AfterScan::Start;
        at.makeBench();
        Instrument *stage = at.bench.find(u"stage"_s)->inlineInstrument();
        QVERIFY(stage->begin(0, 7.5, Call::within(std::chrono::seconds(1))));
        Instrument *smu = at.bench.find(u"smu"_s)->inlineInstrument();
        QVERIFY(smu->begin(0, 2.5, Call::within(std::chrono::seconds(1))));
        at.makeWorker(kStepwise);
        auto root = makeNode(u"sequence"_s);
        root->appendChild(setOf(u"stage.x"_s, u"1"_s));
        auto sweep = sweepOf(u"smu.bias"_s, linear(u"1"_s, u"4"_s, 4));
        sweep->appendChild(measureOf({u"smu.iv"_s}));
        root->appendChild(std::move(sweep));
        at.add(at.compile(std::move(root)));
        at.script->events.clear();
        atSecondRead(at, act);
        at.worker->start();
        at.drain();
        QVERIFY(at.pumpToIdle());
        at.drain();
        const QStringList &events = at.script->events;
        const auto back = events.lastIndexOf(u"begin stage.x 7.5"_s);
        const auto safe = events.lastIndexOf(u"begin smu.bias 0"_s);
        QVERIFY(safe > events.lastIndexOf(u"read smu.iv"_s));
        QCOMPARE(back >= 0, goesBack);
        if (goesBack)
            QVERIFY(back > safe && back < events.indexOf(u"ended aborted"_s));
        QCOMPARE(events.count(u"begin smu.bias 2.5"_s), 0);
    }

    void abortEndsWhatMovesAfterTheScan()
    {
        EngineFixture at;
        at.specs[u"stage"_s].movements[0].after = AfterScan::Start;
        at.specs[u"stage"_s].movements[0].hasStop = true;
        at.makeBench();
        Instrument *stage = at.bench.find(u"stage"_s)->inlineInstrument();
        QVERIFY(stage->begin(0, 7.5, Call::within(std::chrono::seconds(1))));
        at.makeWorker(kStepwise);
        auto root = makeNode(u"sequence"_s);
        root->appendChild(setOf(u"stage.x"_s, u"1"_s));
        root->appendChild(setOf(u"smu.bias"_s, u"3"_s));
        root->appendChild(measureOf({u"smu.iv"_s}));
        at.add(at.compile(std::move(root)));
        const QUuid waiting = at.add(at.sweepPlan(2), u"waits"_s);
        at.script->events.clear();
        at.script->answer = [&at](const QString &asked) {
            if (asked != u"begin stage.x 7.5"_s)
                return ok();
            at.script->pollsToArrive = 1'000'000; // on its way when the operator has seen enough
            QMetaObject::invokeMethod(
                at.worker.get(),
                [&at] {
                    at.script->pollsToArrive = 0;
                    at.worker->abort();
                },
                Qt::QueuedConnection);
            return ok();
        };
        at.worker->start();
        at.drain();
        QVERIFY(at.pumpToIdle());
        at.drain();
        const QStringList &events = at.script->events;
        const auto stop = events.lastIndexOf(u"stop stage.x"_s);
        QVERIFY(stop > events.lastIndexOf(u"begin stage.x 7.5"_s));
        QVERIFY(stop < events.lastIndexOf(u"begin smu.bias 0"_s));
        QVERIFY(events.lastIndexOf(u"begin smu.bias 0"_s) <
                events.indexOf(u"ended completed"_s)); // it had all its points
        for (const QueueItem &item : std::as_const(at.items))
            QCOMPARE(item.state, item.id == waiting ? ScanState::Queued : ScanState::Completed);
    }

    void safeValuesWithoutAScan()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        at.worker->makeSafe();
        QVERIFY(at.pump([&] { return !at.events(u"begin smu.bias 0"_s).isEmpty(); }));
        QCOMPARE(at.state, QueueState::Idle);
    }

    void shutdownEndsWithFinished_data()
    {
        QTest::addColumn<int>("scans");
        QTest::newRow("nothing ran") << 0;
        QTest::newRow("a scan runs") << 2;
    }
    void shutdownEndsWithFinished()
    {
        QFETCH(int, scans);
        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        for (int i = 0; i < scans; ++i)
            at.add(at.sweepPlan(3));
        if (scans > 0)
            at.worker->start();
        at.worker->shutdown(ScanState::Interrupted, std::chrono::seconds(10));
        QVERIFY(at.pump([&] { return at.hasFinished; }));
        at.worker->start(); // too late
        at.drain();
        QCOMPARE(at.state, QueueState::Idle);
        QVERIFY(at.archive.scans.size() <= 1);
    }

private:
    static void checkSafe(const EngineFixture &at, const Case &which)
    {
        const QStringList &events = at.script->events;
        const auto gate = events.lastIndexOf(u"begin smu.gate 0.5"_s);
        const auto bias = events.lastIndexOf(u"begin smu.bias 0"_s);
        QCOMPARE(gate >= 0, which.isDrivenSafe);
        QCOMPARE(bias >= 0, which.isDrivenSafe);
        if (!which.isDrivenSafe)
            return;
        QVERIFY(gate < bias); // the declared order
        QStringList after = events.mid(bias + 1);
        after.removeIf([](const QString &event) { return event.startsWith(u"parameter "); });
        for (const QString &event : after) // nothing is set once it is safe
            QVERIFY2(event.startsWith(u"ended"_s), qPrintable(event));
        if (which.records == 1 && which.state != ScanState::Completed)
            QCOMPARE(after.size(), 1); // the ending is on record after the proof
        if (which.records == 1 && which.state != ScanState::Completed)
            QVERIFY(!at.stored().messages(u"safe"_s).isEmpty());
    }
};

QTEST_GUILESS_MAIN(ScanEndingsTest)
#include "tst_scan_endings.moc"
