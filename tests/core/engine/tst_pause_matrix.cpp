#include "core/data/pause_interval.h"
#include "core/plan/scan_json.h"
#include "tests/core/engine/engine_fixture.h"
#include "tests/core/plan/random_tree.h"
#include "tests/core/plan/reference_walk.h"

using namespace birch;
using namespace birch::test;

namespace {

constexpr SliceLimits kStepwise{std::chrono::milliseconds(5), 1, 4096, 1 << 18};

enum class Ending { Resume, Abort };

std::unique_ptr<ScanNode> with(std::unique_ptr<ScanNode> node,
                               std::initializer_list<std::unique_ptr<ScanNode> *> children)
{
    for (std::unique_ptr<ScanNode> *child : children)
        node->appendChild(std::move(*child));
    return node;
}

/// A list, because the reference walk tells those.
QJsonObject upTo(int points)
{
    QStringList values;
    for (int value = 1; value <= points; ++value)
        values.append(QString::number(value));
    return listOf(values);
}

/// \a node inside two positions of stage.x, between readings.
std::unique_ptr<ScanNode> amidst(std::unique_ptr<ScanNode> node)
{
    auto sweep = sweepOf(u"stage.x"_s, upTo(2));
    auto first = measureOf({u"stage.encoder"_s});
    auto last = measureOf({u"smu.iv"_s});
    return with(std::move(sweep), {&first, &node, &last});
}

std::unique_ptr<ScanNode> biasSweep(int points)
{
    auto sweep = sweepOf(u"smu.bias"_s, upTo(points));
    sweep->fields.insert(u"settle"_s, u"20 ms"_s);
    sweep->appendChild(measureOf({u"smu.iv"_s}));
    return sweep;
}

std::unique_ptr<ScanNode> around(std::unique_ptr<ScanNode> node)
{
    node->appendChild(biasSweep(3));
    return node;
}

/// Where it crosses, in five positions.
std::unique_ptr<ScanNode> biasSearch()
{
    auto search = makeNode(u"adaptive"_s, {{u"movement"_s, u"smu.bias"_s},
                                           {u"start"_s, u"1"_s},
                                           {u"stop"_s, u"9"_s},
                                           {u"condition"_s, u"smu.bias >= 4 V"_s},
                                           {u"resolution"_s, u"1"_s},
                                           {u"points"_s, 9},
                                           {u"settle"_s, u"20 ms"_s}});
    search->appendChild(measureOf({u"smu.iv"_s}));
    return search;
}

/// One step takes three setpoints.
std::unique_ptr<ScanNode> biasRamp()
{
    auto sweep = biasSweep(3);
    QJsonArray axes = sweep->fields[u"axes"_s].toArray();
    QJsonObject ramped = axes[0].toObject();
    ramped.insert(u"ramp"_s, u"4 V/s"_s);
    axes[0] = ramped;
    sweep->fields.insert(u"axes"_s, axes);
    return sweep;
}

/// What the include of the matrix includes.
TreeLibrary library()
{
    ScanTree tree;
    tree.root()->appendChild(biasSweep(3));
    tree.root()->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"1 s"_s}}));
    TreeLibrary stored;
    stored.entries.insert(u"IV"_s, {u"2"_s, treeToJson(tree)});
    return stored;
}

struct Kind {
    const char *name;
    std::unique_ptr<ScanNode> (*make)();
    bool isInWalk = true; ///< the reference walk knows it
};

const Kind kKinds[] = {
    {"sequence", [] { return around(makeNode(u"sequence"_s)); }},
    {"sweep", [] { return biasSweep(3); }},
    {"snake",
     [] {
         auto inner = biasSweep(3);
         inner->fields.insert(u"snake"_s, true);
         return inner;
     }},
    {"ramp", [] { return biasRamp(); }},
    {"adaptive", [] { return biasSearch(); }},
    {"include",
     [] {
         return makeNode(u"include"_s, {{u"name"_s, u"IV"_s}, {u"version"_s, u"2"_s}});
     }},
    {"set", [] { return setOf(u"smu.bias"_s, u"2"_s); }},
    {"measure",
     [] {
         auto measure = measureOf({u"smu.iv"_s, u"stage.encoder"_s});
         measure->fields.insert(u"averages"_s, 2);
         return measure;
     }},
    {"parallel",
     [] {
         auto other = sweepOf(u"heater.temperature"_s, upTo(3));
         other->appendChild(measureOf({u"heater.monitor"_s}));
         auto bias = biasSweep(3);
         return with(makeNode(u"parallel"_s), {&bias, &other});
     }},
    {"wait",
     [] {
         return makeNode(u"wait"_s, {{u"duration"_s, u"2 s"_s}});
     }},
    {"wait until",
     [] {
         return makeNode(u"wait"_s, {{u"mode"_s, u"until"_s},
                                     {u"condition"_s, u"smu.v0 > -1000 V"_s},
                                     {u"dwell"_s, u"500 ms"_s},
                                     {u"interval"_s, u"100 ms"_s},
                                     {u"limit"_s, u"60 s"_s}});
     },
     false},
    {"repeat",
     [] {
         return around(makeNode(u"repeat"_s, {{u"mode"_s, u"times"_s}, {u"times"_s, 2}}));
     }},
    {"if",
     [] {
         return around(makeNode(u"if"_s, {{u"condition"_s, u"1 V > 10 mV"_s}}));
     }},
    {"monitor", [] { return around(monitorOf(u"heater.monitor"_s, u"50 ms"_s)); }},
    {"guard",
     [] {
         return around(makeNode(u"guard"_s, {{u"measurements"_s, QJsonArray{u"heater.monitor"_s}},
                                             {u"interval"_s, u"50 ms"_s},
                                             {u"alert"_s, u"heater.v0 > 100000 V"_s}}));
     }},
    {"prompt",
     [] {
         return makeNode(u"prompt"_s,
                         {{u"text"_s, u"How thick?"_s},
                          {u"fields"_s, QJsonArray{QJsonObject{{u"name"_s, u"thickness"_s},
                                                               {u"kind"_s, u"number"_s},
                                                               {u"unit"_s, u"nm"_s}}}}});
     },
     false},
};

/// Three instruments whose values are told by their setpoints; movements take four polls.
void useBench(EngineFixture &at, bool isQuiet)
{
    InstrumentSpec heater;
    heater.definitionId = u"inline-heater"_s;
    heater.movements = {inlineMovement(u"temperature"_s, 4.0)};
    heater.measurements = {inlineMeasurement(u"monitor"_s, 1)};
    at.specs[u"heater"_s] = heater;
    for (InstrumentSpec &spec : at.specs) {
        for (MovementSpec &movement : spec.movements)
            movement.hasStop = true;
    }
    if (isQuiet) {
        at.specs[u"smu"_s].movements[0].pauseValue = -7;
        at.specs[u"smu"_s].movements[0].pauseOrder = 2;
        at.specs[u"smu"_s].movements[1].pauseValue = -8;
        at.specs[u"smu"_s].movements[1].pauseOrder = 1;
    }
    at.script->countsReads = false;
    at.script->pollsToArrive = 4;
    at.makeBench();
    at.makeWorker(kStepwise);
    at.worker->setPromptsAttended(true);
    QObject::connect(at.worker.get(), &QueueWorker::promptAsked, at.worker.get(),
                     [&at](const PromptQuestion &question) {
                         at.clock.after(
                             std::chrono::seconds(1), at.worker.get(),
                             [&at, id = question.id] { at.worker->answerPrompt(id, {u"12"_s}); });
                     });
}

bool isEnded(const EngineFixture &at)
{
    return !at.archive.scans.empty() && at.stored().endings > 0;
}

bool isOfMonitor(const ScanPlan &plan, qsizetype object)
{
    return std::any_of(plan.watches.begin(), plan.watches.end(),
                       [object](const PlanWatch &watch) { return watch.object == object; });
}

/// Rows of one object as text: all that does not depend on how far another branch is.
QStringList rowsOf(const StoredScan &stored, qsizetype object)
{
    const auto &specs = stored.scan.objects[object].columns;
    const auto &columns = stored.objects[size_t(object)];
    const auto isTold = [&specs](const ColumnSpec &setpoint) {
        return std::any_of(specs.begin(), specs.end(), [&](const ColumnSpec &value) {
            return value.role == ColumnRole::Value &&
                   value.name.section(u'.', 0, 0) == setpoint.name.section(u'.', 0, 0);
        });
    };
    QStringList rows;
    for (qint64 row = 0; row < stored.rows(int(object)); ++row) {
        QString text;
        for (qsizetype i = 1; i < specs.size(); ++i) {
            const ColumnValues &column = columns[size_t(i)];
            if (specs[i].role != ColumnRole::Index && !isTold(specs[i]))
                continue;
            text += column.type() == ColumnType::Int64 ? QString::number(column.intAt(row))
                                                       : QString::number(column.doubleAt(row));
            text += u"/%1 "_s.arg(int(column.stateAt(row)));
        }
        rows.append(text);
    }
    return rows;
}

} // namespace

/// Every kind of node, paused in every way at many moments, then resumed or aborted.
class PauseMatrixTest : public QObject
{
    Q_OBJECT
private slots:
    void everyKind_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("pause");
        QTest::addColumn<int>("ending");
        QTest::addColumn<bool>("isQuiet");
        const std::pair<PauseKind, const char *> pauses[] = {{PauseKind::AfterPoint, "after point"},
                                                             {PauseKind::Now, "now"},
                                                             {PauseKind::AfterScan, "after scan"}};
        for (size_t kind = 0; kind < std::size(kKinds); ++kind) {
            for (const auto &[pause, name] : pauses) {
                for (const Ending ending : {Ending::Resume, Ending::Abort}) {
                    for (const bool isQuiet : {false, true})
                        QTest::addRow("%s, %s, %s%s", kKinds[kind].name, name,
                                      ending == Ending::Resume ? "resume" : "abort",
                                      isQuiet ? ", quiet outputs" : "")
                            << int(kind) << int(pause) << int(ending) << isQuiet;
                }
            }
        }
    }
    void everyKind()
    {
        QFETCH(int, kind);
        QFETCH(int, pause);
        QFETCH(int, ending);
        QFETCH(bool, isQuiet);
        const ScanTree tree(amidst(kKinds[kind].make()));
        EngineFixture undisturbed;
        useBench(undisturbed, isQuiet);
        const auto compiled = compilePlan(tree, undisturbed.specs, standardNodes(), {}, library());
        const auto plan = compiled.plan;
        QVERIFY2(plan, qPrintable(compiled.problems.value(0).message));
        undisturbed.add(plan);
        undisturbed.worker->start();
        QVERIFY(undisturbed.pump([&] { return isEnded(undisturbed); }));
        QVERIFY(undisturbed.pumpToIdle());
        if (kKinds[kind].isInWalk)
            checkAgainstWalk(compiled.complete(tree), *plan, undisturbed.stored());

        bool isOver = false; // the moments have reached the end of the scan
        int pauses = 0;
        for (int moment = 0; !isOver; moment += 3)
            pauseAt(moment, plan, undisturbed.stored(), PauseKind(pause), Ending(ending), isQuiet,
                    &isOver, &pauses);
        QVERIFY(PauseKind(pause) == PauseKind::AfterScan || pauses > 3);
    }

    void outputsAreQuietInOrderAndComeBack()
    {
        EngineFixture at;
        useBench(at, true);
        at.script->pollsToArrive = 0;
        auto root = makeNode(u"sequence"_s);
        root->appendChild(setOf(u"smu.gate"_s, u"3"_s));
        root->appendChild(biasSweep(3));
        at.add(at.compile(std::move(root)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().rows() == 2; }));
        at.worker->pause(PauseKind::AfterPoint);
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        const QStringList away{u"begin smu.gate -8"_s, u"begin smu.bias -7"_s};
        QCOMPARE(at.script->events.mid(at.script->events.size() - 2), away);
        QVERIFY(at.stored().messages(u"info"_s).join(u'\n').contains(
            u"smu.bias went to its pause value -7 V, read back -7 V"_s));
        const auto before = at.script->events.size();
        at.worker->resume();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        const QStringList asked =
            at.script->events.mid(before).filter(QRegularExpression(u"^(begin|read)"_s));
        const QStringList back{u"begin smu.bias 2"_s, u"begin smu.gate 3"_s, u"read smu.iv"_s,
                               u"begin smu.bias 3"_s, u"read smu.iv"_s};
        QCOMPARE(asked.mid(0, 5), back); // the reading since the move is repeated, not recorded
        QCOMPARE(at.stored().rows(), 3);
        QVERIFY(at.pumpToIdle());
    }

    /// A setting of the same order follows the movements, and comes back before them.
    void settingsGoQuietAndComeBack()
    {
        EngineFixture at;
        ParameterSpec &range = at.specs[u"smu"_s].parameters[0];
        range.pauseValue = 0.5;
        range.pauseOrder = 2;
        useBench(at, true);
        at.script->pollsToArrive = 0;
        at.add(at.compile(biasSweep(3)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().rows() == 2; }));
        const auto before = at.script->events.size();
        at.worker->pause(PauseKind::AfterPoint);
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        const QRegularExpression set(u"^(begin|set) "_s);
        const QStringList away = at.script->events.mid(before).filter(set);
        QCOMPARE(
            away.mid(away.size() - 3),
            (QStringList{u"begin smu.gate -8"_s, u"begin smu.bias -7"_s, u"set smu.range 0.5"_s}));
        QVERIFY(at.stored().messages(u"info"_s).join(u'\n').contains(
            u"smu.range went to its pause value 0.5"_s));
        const auto paused = at.script->events.size();
        at.worker->resume();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.script->events.mid(paused).filter(set).mid(0, 2),
                 (QStringList{u"set smu.range 1"_s, u"begin smu.bias 2"_s}));
        QVERIFY(at.stored().messages(u"info"_s).join(u'\n').contains(u"smu.range is back at 1"_s));
        QCOMPARE(at.stored().rows(), 3);
        QVERIFY(at.pumpToIdle());
    }

    void staysPausedWhereAnOutputDoesNotComeBack()
    {
        EngineFixture at;
        useBench(at, true);
        at.add(at.compile(biasSweep(3)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().rows() == 2; }));
        at.worker->pause(PauseKind::Now);
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        bool isBroken = true;
        at.script->answer = [&isBroken](const QString &asked) -> Status {
            if (isBroken && asked.startsWith(u"begin smu.gate"_s))
                return Error{ErrorCode::Timeout, u"no answer"_s};
            return ok();
        };
        const auto reads = at.events(u"read"_s).size();
        at.worker->resume();
        QVERIFY(at.pump([&] { return at.items.first().pauseNote.contains(u"no answer"_s); }));
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        at.drain();
        QCOMPARE(at.events(u"read"_s).size(), reads);
        QVERIFY(at.stored().messages(u"error"_s).join(u' ').contains(u"stays paused"_s));
        isBroken = false;
        at.worker->resume();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(at.stored().rows(), 3);
    }

    void outputThatDoesNotGoQuietIsTold()
    {
        EngineFixture at;
        useBench(at, true);
        at.add(at.compile(biasSweep(3)));
        at.script->answer = [](const QString &asked) -> Status {
            if (asked == u"begin smu.bias -7"_s)
                return Error{ErrorCode::Timeout, u"no answer"_s};
            return ok();
        };
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().rows() == 2; }));
        at.worker->pause(PauseKind::AfterPoint);
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        QVERIFY(at.items.first().pauseNote.contains(u"no answer"_s));
        at.worker->resume();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().rows(), 3);
    }

    /// What is on its way is stopped by its own stop, and goes again; never measured before.
    void haltsAMove()
    {
        EngineFixture at;
        useBench(at, false);
        at.script->pollsToArrive = 1000;
        at.add(at.compile(biasSweep(2)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.events(u"begin smu.bias 1"_s).isEmpty(); }));
        at.clock.advance(std::chrono::milliseconds(100));
        at.drain();
        at.worker->pause(PauseKind::Now);
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        QCOMPARE(at.events(u"stop smu.bias"_s).size(), 1);
        QVERIFY(at.items.first().pauseNote.contains(u"smu.bias"_s));
        at.script->pollsToArrive = 1;
        at.worker->resume();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.events(u"begin smu.bias 1"_s).size(), 2);
        QCOMPARE(at.stored().rows(), 2);
        QVERIFY(at.pumpToIdle());
    }

    void wholeWaitIsMadeAgainAfterNow()
    {
        EngineFixture at;
        useBench(at, false);
        auto root = makeNode(u"sequence"_s);
        root->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"1 h"_s}}));
        root->appendChild(measureOf({u"smu.iv"_s}));
        at.add(at.compile(std::move(root)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty(); }));
        at.drain();
        at.clock.advance(std::chrono::minutes(59));
        at.drain();
        at.worker->pause(PauseKind::Now);
        at.drain();
        QCOMPARE(at.state, QueueState::Paused);
        at.worker->resume();
        at.drain();
        at.clock.advance(std::chrono::minutes(59));
        at.drain();
        QCOMPARE(at.stored().rows(), 0);
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().rows(), 1);
    }

    void queuePausesAfterTheScan()
    {
        EngineFixture at;
        useBench(at, false);
        at.add(at.compile(biasSweep(3)));
        at.add(at.compile(biasSweep(3)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().rows() == 1; }));
        at.worker->pause(PauseKind::AfterScan);
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        at.drain();
        QCOMPARE(at.items[0].state, ScanState::Completed);
        QCOMPARE(at.items[1].state, ScanState::Queued);
        QVERIFY(!at.stored().states.contains(ScanState::Paused));
        at.worker->resume();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.items[1].state, ScanState::Completed);
    }

private:
    static void checkAgainstWalk(const ScanTree &tree, const ScanPlan &plan,
                                 const StoredScan &stored)
    {
        const auto walk = referenceWalk(
            tree, [](int, const QString &) { return false; }, Answers::Truth);
        qint64 measured = 0, rows = 0;
        for (const QString &line : walk)
            measured += line.startsWith(u"measure "_s);
        for (qsizetype object = 0; object < plan.objects.size(); ++object)
            rows += isOfMonitor(plan, object) ? 0 : stored.rows(int(object));
        QCOMPARE(rows, measured);
    }

    /// Pauses at the \a moment-th pass of the event loop after the scan has begun.
    void pauseAt(int moment, const std::shared_ptr<const ScanPlan> &plan,
                 const StoredScan &expected, PauseKind kind, Ending ending, bool isQuiet,
                 bool *isOver, int *pauses)
    {
        EngineFixture at;
        useBench(at, isQuiet);
        at.add(plan);
        at.worker->start();
        int left = moment;
        QVERIFY(at.pump([&] { return !at.archive.scans.empty(); }));
        QVERIFY(at.pump([&] { return isEnded(at) || --left < 0; }));
        *isOver = isEnded(at);
        if (!*isOver)
            at.worker->pause(kind);
        QVERIFY(at.pump([&] { return isEnded(at) || at.state == QueueState::Paused; }));
        const bool isPaused = !isEnded(at);
        *pauses += isPaused;
        if (isPaused && ending == Ending::Abort)
            return abort(at, *plan, expected);
        if (isPaused) {
            checkQuiet(at, isQuiet);
            at.worker->resume();
        } else if (!*isOver && kind != PauseKind::AfterScan) {
            // Too late for this scan: before the next one.
            QVERIFY(at.pump([&] { return at.state != QueueState::Running; }));
            at.worker->resume();
        }
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(at.stored().states.contains(ScanState::Paused), isPaused);
        checkInterval(at.stored(), isPaused);
        for (qsizetype object = 0; object < plan->objects.size(); ++object) {
            if (!isOfMonitor(*plan, object))
                QCOMPARE(rowsOf(at.stored(), object), rowsOf(expected, object));
        }
    }

    /// Where it was paused nothing was read, but by monitors that had begun.
    static void checkInterval(const StoredScan &stored, bool isPaused)
    {
        const auto pauses = pausesOf(stored.log, {});
        QCOMPARE(pauses.size(), isPaused ? 1 : 0);
        for (const PauseInterval &pause : pauses) {
            QVERIFY(pause.endedNs);
            for (const auto &columns : stored.objects) {
                for (qint64 row = 0; row < columns.front().rowCount(); ++row) {
                    const qint64 time = columns.front().intAt(row);
                    QVERIFY(time <= pause.beganNs || time >= *pause.endedNs);
                }
            }
        }
    }

    static void checkQuiet(EngineFixture &at, bool isQuiet)
    {
        if (!isQuiet)
            return;
        const QStringList bias = at.events(u"begin smu.bias"_s),
                          gate = at.events(u"begin smu.gate"_s);
        QCOMPARE(gate.value(gate.size() - 1), u"begin smu.gate -8"_s);
        QCOMPARE(bias.value(bias.size() - 1), u"begin smu.bias -7"_s);
    }

    static void abort(EngineFixture &at, const ScanPlan &plan, const StoredScan &expected)
    {
        const auto before = at.script->events.size();
        at.worker->abort();
        at.worker->abort();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states.last(), ScanState::Aborted);
        const QStringList after = at.script->events.mid(before);
        const auto gate = after.indexOf(u"begin smu.gate 0.5"_s);
        const auto bias = after.indexOf(u"begin smu.bias 0"_s);
        QVERIFY(gate >= 0 && bias > gate);
        QVERIFY(at.stored().messages(u"safe"_s).join(u'\n').contains(u"read back"_s));
        for (qsizetype object = 0; object < plan.objects.size(); ++object) {
            const QStringList rows = rowsOf(at.stored(), object);
            if (!isOfMonitor(plan, object))
                QCOMPARE(rows, rowsOf(expected, object).mid(0, rows.size()));
        }
        QVERIFY(at.pumpToIdle());
    }
};

QTEST_GUILESS_MAIN(PauseMatrixTest)
#include "tst_pause_matrix.moc"
