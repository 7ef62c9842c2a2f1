#include "core/base/id.h"

#include <QDateTime>
#include <QSet>
#include <QTest>

#include <algorithm>
#include <array>
#include <barrier>
#include <thread>
#include <vector>

using namespace birch;

class IdTest : public QObject
{
    Q_OBJECT

private slots:
    void isVersionSeven()
    {
        const qint64 before = QDateTime::currentMSecsSinceEpoch();
        const QUuid uid = newUid();
        const qint64 after = QDateTime::currentMSecsSinceEpoch();
        const QByteArray bytes = uid.toRfc4122();
        QCOMPARE(int(uchar(bytes[6]) >> 4), 7);
        QCOMPARE(int(uchar(bytes[8]) >> 6), 2);
        qint64 ms = 0;
        for (int i = 0; i < 6; ++i)
            ms = ms << 8 | uchar(bytes[i]);
        QVERIFY(ms >= before && ms <= after + 1); // a burst may borrow from the next millisecond
        QCOMPARE(uidText(uid).size(), 36);
        QCOMPARE(uidText(uid), uidText(uid).toLower());
        QCOMPARE(QUuid::fromString(uidText(uid)), uid);
    }

    void sortsByTimeOfMaking()
    {
        QByteArray previous = newUid().toRfc4122();
        for (int i = 0; i < 20'000; ++i) {
            const QByteArray next = newUid().toRfc4122();
            QVERIFY(previous < next);
            QVERIFY(uidText(QUuid::fromRfc4122(previous)) < uidText(QUuid::fromRfc4122(next)));
            previous = next;
        }
    }

    void threadsNeverShareOne()
    {
        constexpr size_t kThreads = 4;
        constexpr int kEach = 10'000;
        std::array<std::vector<QByteArray>, kThreads> made;
        std::barrier start(std::ptrdiff_t{kThreads});
        std::vector<std::jthread> threads;
        for (size_t t = 0; t < kThreads; ++t) {
            threads.emplace_back([&, t] {
                start.arrive_and_wait();
                for (int i = 0; i < kEach; ++i)
                    made[t].push_back(newUid().toRfc4122());
            });
        }
        threads.clear();
        QSet<QByteArray> stamps; // the first eight bytes alone: order does not rest on chance
        for (const auto &own : made) {
            QVERIFY(std::ranges::is_sorted(own));
            for (const QByteArray &uid : own)
                stamps.insert(uid.first(8));
        }
        QCOMPARE(stamps.size(), qsizetype(kThreads) * kEach);
    }
};

QTEST_GUILESS_MAIN(IdTest)
#include "tst_id.moc"
