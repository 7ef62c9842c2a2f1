#include "core/engine/call_queue.h"

#include <QCoreApplication>
#include <QTest>

#include <memory>
#include <numeric>
#include <thread>
#include <vector>

using namespace birch;

class CallQueueTest : public QObject
{
    Q_OBJECT
private slots:
    void callsRunInOrderOnItsThread()
    {
        constexpr int kCalls = 5'000;
        CallQueue queue;
        std::vector<int> order; // no lock: this thread alone may run the calls
        std::thread poster([&] {
            for (int i = 0; i < kCalls; ++i)
                queue.post([&order, i] { order.push_back(i); });
        });
        QTRY_COMPARE(order.size(), size_t(kCalls));
        poster.join();
        std::vector<int> expected(kCalls);
        std::iota(expected.begin(), expected.end(), 0);
        QVERIFY(order == expected);
    }

    void nestedEventLoopKeepsTheOrder()
    {
        CallQueue queue;
        QByteArray events;
        queue.post([&] {
            events += "a(";
            QCoreApplication::sendPostedEvents();
            events += ")";
        });
        queue.post([&] { events += "b"; });
        queue.post([&] { events += "c"; });
        QCoreApplication::processEvents();
        QCOMPARE(events, "a(bc)");
    }

    void nothingRunsInsidePost()
    {
        CallQueue queue;
        bool hasRun = false;
        queue.post([&] { hasRun = true; });
        QVERIFY(!hasRun);
        QCoreApplication::processEvents();
        QVERIFY(hasRun);
    }

    void waitingCallsDieWithIt()
    {
        const auto held = std::make_shared<int>();
        {
            CallQueue queue;
            queue.post([held] { QFAIL("ran after its queue had died"); });
            QCOMPARE(held.use_count(), 2L);
        }
        QCoreApplication::processEvents();
        QCOMPARE(held.use_count(), 1L);
    }
};

QTEST_GUILESS_MAIN(CallQueueTest)
#include "tst_call_queue.moc"
