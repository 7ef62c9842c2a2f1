#include "tests/core/engine/engine_fixture.h"

using namespace birch;
using namespace birch::test;
using namespace std::chrono_literals;

/// A scan that asks for the settings of an earlier start.
class SettingsDemandTest : public QObject
{
    Q_OBJECT
private slots:
    void choices_data()
    {
        QTest::addColumn<SettingsChoice>("choice");
        QTest::addColumn<ScanState>("state");
        QTest::addColumn<QStringList>("sets");
        QTest::addColumn<double>("start");
        QTest::newRow("refused") << SettingsChoice::Refuse << ScanState::Failed << QStringList()
                                 << 0.0;
        QTest::newRow("kept") << SettingsChoice::Keep << ScanState::Completed << QStringList()
                              << 1.0;
        // In the definition's order, which is not the alphabet's.
        QTest::newRow("restored") << SettingsChoice::Restore << ScanState::Completed
                                  << QStringList{u"set smu.range 2"_s, u"set smu.average 4"_s}
                                  << 2.0;
    }
    void choices()
    {
        QFETCH(SettingsChoice, choice);
        QFETCH(ScanState, state);
        EngineFixture at;
        prepare(at);
        at.worker->add(demanding(at, choice), {});
        run(at);
        QCOMPARE(at.stored().states.last(), state);
        QTEST(at.events(u"set"_s), "sets");
        QCOMPARE(at.stored().rows(), state == ScanState::Completed ? 3 : 0);
        const QString log = at.stored().messages(u"info"_s).join(u' ') +
                            at.stored().messages(u"warning"_s).join(u' ');
        QVERIFY2(log.contains(u"OLD-1"_s) || at.stored().reason.contains(u"OLD-1"_s),
                 qPrintable(log));
        if (state == ScanState::Completed)
            QTEST(at.stored().scan.settings[u"smu"_s][u"range"_s].toDouble(), "start");
        const auto lastSet = at.script->events.lastIndexOf(u"set smu.average 4"_s);
        QVERIFY(lastSet < at.script->events.indexOf(u"begin smu.bias 1"_s) || lastSet < 0);
    }

    void nothingDiffers()
    {
        EngineFixture at;
        prepare(at);
        QueueItem item = demanding(at, SettingsChoice::Refuse);
        item.demand->then.settings = {{u"smu"_s, QJsonObject{{u"range"_s, 1}, {u"average"_s, 1}}}};
        at.worker->add(item, {});
        run(at);
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(at.events(u"set"_s), QStringList());
    }

    void failsAmidTheRestoring_data()
    {
        QTest::addColumn<QString>("event");
        QTest::newRow("set") << u"set smu.average 4"_s;
        QTest::newRow("readback") << u"parameter smu.average"_s;
    }
    void failsAmidTheRestoring()
    {
        QFETCH(QString, event);
        EngineFixture at;
        prepare(at);
        at.worker->add(demanding(at, SettingsChoice::Restore), {});
        at.script->answer = [&](const QString &asked) -> Status {
            const bool isRestoring = at.script->events.contains(u"set smu.range 2"_s);
            return isRestoring && asked == event ? Status(Error{ErrorCode::Protocol, u"no"_s})
                                                 : ok();
        };
        run(at);
        QCOMPARE(at.stored().states.last(), ScanState::Failed);
        QVERIFY2(at.stored().reason.contains(u"smu.average"_s), qPrintable(at.stored().reason));
        QCOMPARE(at.stored().rows(), 0);
        QVERIFY(!at.events(u"begin smu.bias 0"_s).isEmpty()); // made safe all the same
    }

    void readsBackSomethingElse()
    {
        EngineFixture at;
        prepare(at);
        at.script->stuck = u"stuck"_s;
        QueueItem item = demanding(at, SettingsChoice::Restore);
        item.demand->then.settings = {{u"smu"_s, QJsonObject{{u"stuck"_s, 2}}}};
        at.worker->add(item, {});
        run(at);
        QCOMPARE(at.stored().states.last(), ScanState::Failed);
        QVERIFY2(at.stored().reason.contains(u"smu.stuck reads 1"_s),
                 qPrintable(at.stored().reason));
    }

    void abortedAmidTheRestoring()
    {
        EngineFixture at;
        prepare(at);
        at.worker->add(demanding(at, SettingsChoice::Restore), {});
        at.script->answer = [&](const QString &asked) -> Status {
            if (asked == u"set smu.range 2"_s)
                at.worker->abort();
            return ok();
        };
        run(at);
        QCOMPARE(at.stored().states.last(), ScanState::Aborted);
        QCOMPARE(at.events(u"set"_s), QStringList{u"set smu.range 2"_s}); // and no further
    }

    void refusedContinuationCanStillBeContinued()
    {
        EngineFixture at;
        prepare(at);
        const QUuid uid = interrupted(at);
        at.script->events.clear();
        QueueItem item = demanding(at, SettingsChoice::Refuse);
        item.plan = at.items.first().plan;
        at.worker->add(item, Continuation{uid, u"TEST-1"_s, {}, 0});
        run(at);
        QCOMPARE(at.stored().states.last(), ScanState::Interrupted);
        QVERIFY(at.items.last().reason.contains(u"can still be continued"_s));
        item.id = newUid();
        item.demand->choice = SettingsChoice::Restore;
        at.worker->add(item, Continuation{uid, u"TEST-1"_s, {}, 0});
        run(at);
        QVERIFY2(at.stored().states.last() == ScanState::Completed,
                 qPrintable(at.items.last().reason));
        QVERIFY(at.stored().messages(u"info"_s).join(u' ').contains(u"set back from 1 to 2"_s));
    }

private:
    static void prepare(EngineFixture &at)
    {
        auto &parameters = at.specs[u"smu"_s].parameters; // "range"
        ParameterSpec other;
        other.key = u"average"_s;
        parameters.append(other);
        other.key = u"stuck"_s;
        parameters.append(other);
        at.makeBench();
        at.makeWorker({5ms, 1, 4096, 1 << 18});
    }
    static QueueItem demanding(EngineFixture &at, SettingsChoice choice)
    {
        QueueItem item = at.item(at.sweepPlan(3));
        const QJsonObject then{{u"range"_s, 2}, {u"average"_s, 4}};
        item.demand = SettingsDemand{u"OLD-1"_s, {{{u"smu"_s, then}}, {}}, choice};
        return item;
    }
    static QUuid interrupted(EngineFixture &at)
    {
        at.add(at.sweepPlan(3));
        at.archive.rowsUntilFull = 1;
        run(at);
        at.archive.rowsUntilFull = -1;
        return at.stored().scan.uid;
    }
    static void run(EngineFixture &at)
    {
        at.worker->start();
        at.drain();
        QVERIFY(at.pumpToIdle());
        at.drain();
    }
};

QTEST_GUILESS_MAIN(SettingsDemandTest)
#include "tst_settings_demand.moc"
