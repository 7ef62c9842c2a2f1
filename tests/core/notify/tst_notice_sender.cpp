#include "core/notify/notice_sender.h"

#include "tests/core/notify/notice_examples.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include <sys/resource.h>

using namespace birch;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {
/// Refuses as often as it is told to.
class StubbornChannel final : public NoticeChannel
{
public:
    StubbornChannel(std::atomic<int> &calls, int refusals, ErrorCode code)
        : m_calls(calls)
        , m_refusals(refusals)
        , m_code(code)
    {
    }
    Status send(const Notice &, const NoticeTarget &, const Call &call) override
    {
        if (m_calls++ >= m_refusals)
            return ok();
        if (m_code == ErrorCode::Cancelled) {
            std::mutex mutex;
            std::unique_lock lock(mutex);
            std::condition_variable_any().wait(lock, call.stop, [] { return false; });
        }
        return Error{m_code, u"not now"_s};
    }

private:
    std::atomic<int> &m_calls;
    int m_refusals;
    ErrorCode m_code;
};

constexpr DeliveryLimits kQuick{5s, 10ms, 40ms, 1h, 20ms};
} // namespace

class NoticeSenderTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_calls = 0;
        m_attempts.clear();
    }

    void deliveries_data()
    {
        QTest::addColumn<int>("refusals");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<int>("tries");
        QTest::addColumn<bool>("isSent");
        QTest::newRow("at once") << 0 << ErrorCode::Timeout << 1 << true;
        QTest::newRow("the server was away") << 3 << ErrorCode::NotConnected << 4 << true;
        QTest::newRow("hopeless") << 9 << ErrorCode::BadInput << 1 << false;
        QTest::newRow("refused") << 9 << ErrorCode::Denied << 1 << false;
    }
    void deliveries()
    {
        QFETCH(int, refusals);
        QFETCH(ErrorCode, code);
        QFETCH(int, tries);
        QFETCH(bool, isSent);
        const auto sender = make(refusals, code);
        sender->post(test::exampleNotice(), {m_target});
        QTRY_VERIFY(!attempts().isEmpty() &&
                    (attempts().last().isSent || attempts().last().isGivenUp));
        QCOMPARE(attempts().last().isSent, isSent);
        QCOMPARE(attempts().last().entry.tries, tries);
        QCOMPARE(attempts().size(), tries);
        QTRY_VERIFY(outbox().entries().isEmpty());
    }

    void oldOnesAreGivenUp()
    {
        const auto sender = make(1000, ErrorCode::NotConnected);
        Notice old = test::exampleNotice();
        old.timeUs -= std::chrono::microseconds(2h).count();
        sender->post(old, {m_target});
        QTRY_VERIFY(!attempts().isEmpty());
        QVERIFY(attempts().last().isGivenUp);
        QTRY_VERIFY(outbox().entries().isEmpty());
    }

    /// The program ends while nobody takes the message: the next one sends it.
    void nothingIsForgotten()
    {
        make(1000, ErrorCode::NotConnected)->post(test::exampleNotice(), {m_target, m_other});
        QCOMPARE(outbox().entries().size(), 2);
        m_calls = 0;
        const auto next = make(0, ErrorCode::Internal);
        QTRY_COMPARE(sentCount(), 2);
        QTRY_VERIFY(outbox().entries().isEmpty());
    }

    /// A server that hangs does not keep the program from ending.
    void endingInterruptsATry()
    {
        auto sender = make(1000, ErrorCode::Cancelled);
        sender->post(test::exampleNotice(), {m_target});
        QTRY_COMPARE(m_calls.load(), 1);
        QElapsedTimer timer;
        timer.start();
        sender.reset();
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(outbox().entries().size(), 1);
        QCOMPARE(outbox().entries().first().tries, 0);
    }

    void oneOfTwoProgramsSends()
    {
        const auto first = make(0, ErrorCode::Internal);
        QVERIFY(first->flush(5s));
        const auto second = make(0, ErrorCode::Internal);
        for (int i = 0; i < 20; ++i)
            (i % 2 ? first : second)->post(test::exampleNotice(), {m_target});
        QTRY_COMPARE(sentCount(), 20);
        QTRY_VERIFY(outbox().entries().isEmpty());
        QCOMPARE(m_calls.load(), 20);
    }

    /// What is due is the first one's affair: the second looks now and then whether that lives.
    void theOtherOneRests()
    {
        const auto first = make(1000, ErrorCode::Cancelled);
        first->post(test::exampleNotice(), {m_target});
        QTRY_COMPARE(m_calls.load(), 1);
        const auto second = make(0, ErrorCode::Internal);
        QVERIFY(second->flush(5s));
        constexpr int kLooks = 20;
        const long before = wakingsOfOthers();
        QElapsedTimer timer;
        timer.start();
        QTRY_VERIFY(wakingsOfOthers() >= before + kLooks);
        QVERIFY2(timer.elapsed() >= kLooks / 2 * kQuick.look / 1ms,
                 qPrintable(QString::number(timer.elapsed())));
    }

private:
    /// How often threads other than this one have gone to sleep.
    static long wakingsOfOthers()
    {
        rusage all{};
        rusage own{};
        getrusage(RUSAGE_SELF, &all);
        getrusage(RUSAGE_THREAD, &own);
        return all.ru_nvcsw - own.ru_nvcsw;
    }
    std::unique_ptr<NoticeSender> make(int refusals, ErrorCode code)
    {
        NoticeSender::Channels channels;
        channels[NoticeChannelKind::Mail] =
            std::make_unique<StubbornChannel>(m_calls, refusals, code);
        return std::make_unique<NoticeSender>(
            outbox(), std::move(channels),
            [this](const DeliveryAttempt &attempt) {
                const std::scoped_lock lock(m_mutex);
                m_attempts << attempt;
            },
            kQuick);
    }
    Outbox outbox() const { return Outbox(m_folder->filePath(u"outbox"_s)); }
    QList<DeliveryAttempt> attempts()
    {
        const std::scoped_lock lock(m_mutex);
        return m_attempts;
    }
    int sentCount()
    {
        int count = 0;
        for (const DeliveryAttempt &attempt : attempts())
            count += attempt.isSent ? 1 : 0;
        return count;
    }

    const NoticeTarget m_target = test::exampleTarget(NoticeChannelKind::Mail, u"ada@lab.org"_s);
    const NoticeTarget m_other = test::exampleTarget(NoticeChannelKind::Mail, u"bob@lab.org"_s);
    std::unique_ptr<QTemporaryDir> m_folder;
    std::atomic<int> m_calls = 0;
    std::mutex m_mutex; // guards what follows
    QList<DeliveryAttempt> m_attempts;
};

QTEST_GUILESS_MAIN(NoticeSenderTest)
#include "tst_notice_sender.moc"
