#include "drivers/scpi/error_queue.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::scpi;

namespace {

/// Answers every query with the next of its answers; repeats the last.
class AnsweringLink final : public Transport
{
public:
    explicit AnsweringLink(QByteArrayList answers)
        : m_answers(std::move(answers))
    {
    }

    Status open(const Call &) override { return ok(); }
    void close() override {}
    bool isOpen() const override { return true; }
    Status send(QByteArrayView, const Call &) override { return ok(); }
    Result<QByteArray> query(QByteArrayView message, ReplyShape, const Call &) override
    {
        asked.append(message.toByteArray());
        if (m_answers.isEmpty())
            return Error{ErrorCode::Timeout, u"silent"_s};
        return m_answers.size() > 1 ? m_answers.takeFirst() : m_answers.first();
    }
    Result<QByteArray> read(ReplyShape, const Call &) override { return QByteArray(); }
    QString address() const override { return {}; }

    QByteArrayList asked;

private:
    QByteArrayList m_answers;
};

} // namespace

class ScpiErrorQueueTest : public QObject
{
    Q_OBJECT
private slots:
    void entries_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<int>("code"); // 1000: refused
        QTest::addColumn<QString>("text");
        QTest::newRow("standard") << "-113,\"Undefined header\"\n"_ba << -113
                                  << u"Undefined header"_s;
        QTest::newRow("with what offended")
            << "-113,\"Undefined header;FOO:BAR\""_ba << -113 << u"Undefined header;FOO:BAR"_s;
        QTest::newRow("plus") << "+703, \"Calibration off\""_ba << 703 << u"Calibration off"_s;
        QTest::newRow("no quotes") << "-222,Data out of range"_ba << -222 << u"Data out of range"_s;
        QTest::newRow("number alone") << "38"_ba << 38 << u""_s;
        QTest::newRow("comma and quotes inside") << "-1,\"a, \"\"b\"\"\""_ba << -1 << u"a, \"b\""_s;
        QTest::newRow("no number") << "\"Undefined header\""_ba << 1000 << QString();
        QTest::newRow("empty") << ""_ba << 1000 << QString();
        QTest::newRow("beyond int") << "99999999999,\"x\""_ba << 1000 << QString();
    }
    void entries()
    {
        QFETCH(QByteArray, reply);
        QFETCH(int, code);
        QFETCH(QString, text);
        const auto entry = parseQueuedError(reply);
        QCOMPARE(bool(entry), code != 1000);
        if (!entry)
            QCOMPARE(entry.error().code, ErrorCode::Protocol);
        else
            QVERIFY(entry.value() == (QueuedError{code, text}));
    }

    void drains()
    {
        AnsweringLink link(
            {"-113,\"Undefined header\"", "-350,\"Queue overflow\"", "+0,\"No error\""});
        const auto entries = drainErrorQueue(link, {}, Call::within(std::chrono::seconds(1)));
        QCOMPARE(entries.value().size(), 2);
        QCOMPARE(entries.value()[1].code, -350);
        QCOMPARE(link.asked, QByteArrayList(3, "SYST:ERR?"));
    }

    void emptyAnswers_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::newRow("scpi") << "0,\"No error\""_ba;
        QTest::newRow("plus") << "+0,\"No error\"\r"_ba;
        QTest::newRow("bare") << "0"_ba;
        QTest::newRow("zeros") << "000,\"\""_ba;
    }
    void emptyAnswers()
    {
        QFETCH(QByteArray, reply);
        AnsweringLink link({reply});
        const auto entries = drainErrorQueue(link, {}, Call::within(std::chrono::seconds(1)));
        QVERIFY(bool(entries));
        QVERIFY(entries.value().isEmpty());
    }

    void stopsAtTheCap()
    {
        AnsweringLink link({"-350,\"Queue overflow\""});
        const auto entries = drainErrorQueue(link, {}, Call::within(std::chrono::seconds(1)));
        QCOMPARE(entries.value().size(), 50);
        QCOMPARE(link.asked.size(), 50);
    }

    void ownQueryAndPattern()
    {
        AnsweringLink link({"7,bad", "NONE"});
        ErrorQueue queue;
        queue.query = "TB?";
        queue.empty.setPattern(u"NONE"_s);
        const auto entries = drainErrorQueue(link, queue, Call::within(std::chrono::seconds(1)));
        QCOMPARE(entries.value().size(), 1);
        QCOMPARE(link.asked, QByteArrayList(2, "TB?"));
    }

    void failures()
    {
        AnsweringLink silent({});
        const Call call = Call::within(std::chrono::seconds(1));
        QCOMPARE(drainErrorQueue(silent, {}, call).error().code, ErrorCode::Timeout);
        AnsweringLink garbled({"-113,\"a\"", "what?"});
        QCOMPARE(drainErrorQueue(garbled, {}, call).error().code, ErrorCode::Protocol);
    }
};

QTEST_APPLESS_MAIN(ScpiErrorQueueTest)
#include "tst_scpi_error_queue.moc"
