#include "tests/core/engine/engine_fixture.h"

using namespace birch;
using namespace birch::test;

namespace {
constexpr SliceLimits kStepwise{std::chrono::milliseconds(5), 1, 4096, 1 << 18};

/// Writes what it is told among the events of the instruments.
class SentinelSpy final : public SentinelPort
{
public:
    explicit SentinelSpy(std::shared_ptr<InlineScript> script)
        : m_script(std::move(script))
    {
    }
    ~SentinelSpy() override { m_script->events.append(u"sentinel left"_s); }
    void guard(const GuardedRun &run) override
    {
        m_script->events.append(u"guard "_s + run.instruments.join(u'+') + u' ' + run.scanId);
    }
    void release() override { m_script->events.append(u"release"_s); }

private:
    std::shared_ptr<InlineScript> m_script;
};
} // namespace

/// What the queue tells its sentinel: everything that may be unsafe is guarded, from before it is
/// touched until it is proven safe.
class QueueGuardTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_at = std::make_unique<EngineFixture>();
        m_at->sentinel = [this](const SafePort::Log &) {
            return std::make_unique<SentinelSpy>(m_at->script);
        };
        m_at->makeBench();
        m_at->makeWorker(kStepwise);
    }

    void fromTheLeaseToTheProof_data()
    {
        QTest::addColumn<QString>("ending");
        for (const char *ending : {"completes", "aborted", "fails", "leaves"})
            QTest::newRow(ending) << QString::fromLatin1(ending);
    }
    void fromTheLeaseToTheProof()
    {
        QFETCH(QString, ending);
        EngineFixture &at = *m_at;
        at.script->answer = [&at, ending](const QString &asked) -> Status {
            if (asked != u"read smu.iv"_s)
                return ok();
            if (ending == u"fails")
                return Error{ErrorCode::Timeout, u"no answer"_s};
            QMetaObject::invokeMethod(
                at.worker.get(),
                [&at, ending] {
                    if (ending == u"aborted")
                        at.worker->abort();
                    else if (ending == u"leaves")
                        at.worker->shutdown(ScanState::Interrupted, std::chrono::seconds(10));
                },
                Qt::QueuedConnection);
            return ok();
        };
        at.add(at.sweepPlan(3));
        at.worker->start();
        at.drain();
        QVERIFY(at.pumpToIdle());
        const QStringList &events = at.script->events;
        const auto first = events.indexOf(QRegularExpression(u"^guard smu.*"_s));
        QVERIFY(first >= 0 && first < events.indexOf(QRegularExpression(u"^begin.*"_s)));
        QVERIFY(events.indexOf(QRegularExpression(u"^guard smu ..+"_s)) > first); // by its id
        QCOMPARE(events.count(u"release"_s), 1);
        QVERIFY(events.indexOf(u"release"_s) > events.lastIndexOf(u"begin smu.bias 0"_s));
    }

    void keptBetweenScans()
    {
        EngineFixture &at = *m_at;
        at.add(at.sweepPlan(2));
        at.add(at.sweepPlan(2), u"second"_s);
        at.worker->start();
        at.drain();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.script->events.count(u"release"_s), 1);
        QVERIFY(at.script->events.indexOf(u"release"_s) >
                at.script->events.lastIndexOf(QRegularExpression(u"^read.*"_s)));
    }

    void keptWhileNotProvenSafe()
    {
        EngineFixture &at = *m_at;
        at.script->answer = [](const QString &asked) -> Status {
            if (asked == u"begin smu.bias 0"_s)
                return Error{ErrorCode::Timeout, u"no answer"_s};
            return ok();
        };
        at.add(at.sweepPlan(2));
        at.worker->start();
        at.drain();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.script->events.count(u"release"_s), 0);
        at.worker->dismissSafe(u"smu"_s); // the operator takes care of it
        QCOMPARE(at.script->events.count(u"release"_s), 1);
    }

    void leftBehindByAKill()
    {
        EngineFixture &at = *m_at;
        at.add(at.sweepPlan(100));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.events(u"read"_s).isEmpty(); }));
        at.worker->discard();
        at.worker.reset();
        QCOMPARE(at.script->events.last(), u"sentinel left"_s);
        QCOMPARE(at.script->events.count(u"release"_s), 0);
    }

private:
    std::unique_ptr<EngineFixture> m_at;
};

QTEST_GUILESS_MAIN(QueueGuardTest)
#include "tst_queue_guard.moc"
