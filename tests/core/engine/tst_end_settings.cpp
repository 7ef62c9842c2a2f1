#include "core/engine/end_settings.h"

#include "tests/core/engine/engine_fixture.h"
#include "tests/core/instrument/scripted_instrument.h"

#include <QElapsedTimer>

using namespace birch;
using namespace birch::test;
using namespace std::chrono_literals;

/// What the instruments say when their scan has ended: read after everything was made safe, never
/// at the price of the ending.
class EndSettingsTest : public QObject
{
    Q_OBJECT
private slots:
    void everyEndingHasThem_data()
    {
        using Act = void (*)(EngineFixture &);
        QTest::addColumn<Act>("act");
        QTest::addColumn<ScanState>("state");
        QTest::addColumn<bool>("isRead");
        QTest::newRow("completed") << Act([](EngineFixture &) {}) << ScanState::Completed << true;
        QTest::newRow("aborted") << Act([](EngineFixture &at) { at.worker->abort(); })
                                 << ScanState::Aborted << true;
        QTest::newRow("failed") << Act([](EngineFixture &at) {
            at.script->answer = [](const QString &asked) -> Status {
                return asked.startsWith(u"read"_s) ? Status(Error{ErrorCode::Timeout, u"no"_s})
                                                   : ok();
            };
        }) << ScanState::Failed << true;
        // It goes on later, and ends then.
        QTest::newRow("the program leaves")
            << Act([](EngineFixture &at) { at.worker->shutdown(ScanState::Interrupted, 10s); })
            << ScanState::Interrupted << false;
    }
    void everyEndingHasThem()
    {
        using Act = void (*)(EngineFixture &);
        QFETCH(Act, act);
        QFETCH(ScanState, state);
        QFETCH(bool, isRead);
        EngineFixture at;
        at.makeBench();
        at.makeWorker({5ms, 1, 4096, 1 << 18});
        at.add(at.sweepPlan(4));
        at.script->answer = [&at, act, count = 0](const QString &asked) mutable {
            if (asked == u"read smu.iv"_s && ++count == 2)
                QMetaObject::invokeMethod(
                    at.worker.get(), [&at, act] { act(at); }, Qt::QueuedConnection);
            return ok();
        };
        at.worker->start();
        at.drain();
        QVERIFY(at.pumpToIdle());
        at.drain();
        QCOMPARE(at.stored().states.last(), state);
        QCOMPARE(at.stored().endSettings.isEmpty(), !isRead);
        if (!isRead)
            return;
        QCOMPARE(at.stored().endSettings[u"smu"_s][u"range"_s].toDouble(), 1.0);
        const QStringList &events = at.script->events;
        const auto last = events.lastIndexOf(u"parameter smu.range"_s);
        QVERIFY(last < events.indexOf(u"ended "_s + scanStateName(state)));
        if (state != ScanState::Completed) // which is made safe once the queue ends
            QVERIFY(last > events.lastIndexOf(u"begin smu.bias 0"_s));
    }

    void whatCanNotBeReadIsSaid()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        at.add(at.sweepPlan(2));
        bool isOver = false;
        at.script->answer = [&](const QString &asked) -> Status {
            isOver = isOver || asked == u"begin smu.bias 2"_s;
            return isOver && asked.startsWith(u"parameter"_s)
                       ? Status(Error{ErrorCode::Protocol, u"garbled"_s})
                       : ok();
        };
        at.worker->start();
        at.drain();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QVERIFY(
            at.stored().endSettings[u"smu"_s][u"_errors"_s][0].toString().contains(u"garbled"_s));
        QVERIFY(at.stored().messages(u"warning"_s).join(u' ').contains(u"Settings of smu"_s));
    }

    void hungInstrumentCostsItsLimitAlone()
    {
        const auto hung = std::make_shared<InstrumentScript>();
        const auto well = std::make_shared<InstrumentScript>();
        const auto one = scriptedHost(u"hung"_s, hung);
        const auto two = scriptedHost(u"well"_s, well);
        open({one.get(), two.get()});
        hung->hang(u"parameter"_s);
        SystemClock clock;
        EndSettings end({one.get(), two.get()}, clock);
        std::optional<QJsonObject> read;
        QElapsedTimer timer;
        timer.start();
        end.read({}, 200ms, [&](const QJsonObject &settings) { read = settings; });
        QVERIFY(!read); // never from inside
        QTRY_VERIFY(read);
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(read->value(u"well"_s)[u"nplc"_s].toDouble() >= 0);
        QVERIFY(read->value(u"well"_s)[u"_errors"_s].isUndefined());
        QVERIFY(!read->value(u"hung"_s)[u"_errors"_s].toArray().isEmpty());
        QTRY_VERIFY(!hung->isInside(u"parameter"_s)); // nobody waits behind it
    }

    void deafInstrumentDoesNotHoldTheEnding()
    {
        const auto deaf = std::make_shared<InstrumentScript>();
        const auto host = scriptedHost(u"deaf"_s, deaf);
        open({host.get()});
        deaf->hangDeaf(u"parameter"_s);
        SystemClock clock;
        EndSettings end({host.get()}, clock);
        std::optional<QJsonObject> read;
        QElapsedTimer timer;
        timer.start();
        end.read({}, 100ms, [&](const QJsonObject &settings) { read = settings; });
        QTRY_VERIFY(read);
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(read->value(u"deaf"_s)[u"_errors"_s][0].toString().contains(u"100 ms"_s));
        deaf->release(u"parameter"_s);
    }

    void whatIsDrivenSafeIsLeftAlone()
    {
        const auto script = std::make_shared<InstrumentScript>();
        const auto host = scriptedHost(u"smu"_s, script);
        open({host.get()});
        SystemClock clock;
        EndSettings end({host.get()}, clock);
        std::optional<QJsonObject> read;
        end.read({u"smu"_s}, 10s, [&](const QJsonObject &settings) { read = settings; });
        QTRY_VERIFY(read);
        QVERIFY(read->value(u"smu"_s)[u"_errors"_s][0].toString().contains(u"safe"_s));
        QCOMPARE(script->events().filter(u"parameter"_s), QStringList());
    }

    void givingUpAnswersAtOnce()
    {
        const auto script = std::make_shared<InstrumentScript>();
        const auto host = scriptedHost(u"smu"_s, script);
        open({host.get()});
        script->hang(u"parameter"_s);
        SystemClock clock;
        EndSettings end({host.get()}, clock);
        std::optional<QJsonObject> read;
        int answers = 0;
        QElapsedTimer timer;
        timer.start();
        end.read({}, 30s, [&](const QJsonObject &settings) {
            read = settings;
            ++answers;
        });
        end.giveUp(u"the window closes"_s);
        end.giveUp(u"again"_s);
        QTRY_VERIFY(read);
        QVERIFY(timer.elapsed() < 1000);
        QVERIFY(read->value(u"smu"_s)[u"_errors"_s][0].toString().contains(u"closes"_s));
        QTRY_VERIFY(!script->isInside(u"parameter"_s));
        QCoreApplication::processEvents();
        QCOMPARE(answers, 1);
    }

private:
    static void open(const QList<InstrumentHost *> &hosts)
    {
        for (InstrumentHost *host : hosts) {
            bool isOpen = false;
            host->open(5s, host,
                       [&](const Result<std::monostate> &opened) { isOpen = bool(opened); });
            QTRY_VERIFY(isOpen);
        }
    }
};

QTEST_GUILESS_MAIN(EndSettingsTest)
#include "tst_end_settings.moc"
