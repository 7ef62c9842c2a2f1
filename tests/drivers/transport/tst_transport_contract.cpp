#include "drivers/transport/make_transport.h"
#include "tests/support/scripted_server.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>
#include <QTimer>

#include <ctime>
#include <thread>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace birch;
using birch::test::BlackHole;
using birch::test::Gate;
using birch::test::Peer;
using birch::test::ScriptedServer;
using birch::test::Wire;

Q_DECLARE_METATYPE(birch::test::Wire)

namespace {

constexpr auto kPlenty = 10s;   // for exchanges that must succeed
constexpr qint64 kLateMs = 100; // how late a call may return

Call plenty()
{
    return Call::within(kPlenty);
}

LinkOptions options(Wire wire)
{
    LinkOptions link;
    if (wire == Wire::Pty) {
        link.resync.quiet = 40ms;
        link.resync.query = "SYNC?";
        link.resync.expected = u"IN SYNC"_s;
    }
    return link;
}

using Handler = std::function<void(Peer &, const std::string &)>;

/// Answers the resync query and a few common ones; \a handler gets every other line.
ScriptedServer::Script instrument(Handler handler = {})
{
    return [handler = std::move(handler)](Peer &peer) {
        for (;;) {
            const std::string line = peer.readLine();
            if (line == "SYNC?")
                peer.write("IN SYNC\n");
            else if (line == "NEXT?")
                peer.write("next\n");
            else if (handler)
                handler(peer, line);
        }
    };
}

std::unique_ptr<Transport> linkTo(const ScriptedServer &server, const LinkOptions &link)
{
    auto made = makeTransport(QString::fromStdString(server.resource()), link);
    return made ? std::move(made).value() : nullptr;
}

QByteArray answer(const Result<QByteArray> &reply)
{
    return reply ? reply.value() : "error: " + reply.error().message.toUtf8();
}

QByteArray block(const QByteArray &payload)
{
    const QByteArray length = QByteArray::number(payload.size());
    return '#' + QByteArray::number(length.size()) + length + payload;
}

/// Bytes that do not compress to a pattern, with many line feeds and '#'.
QByteArray noise(qsizetype size)
{
    QByteArray bytes(size, '\n');
    quint32 state = 12345;
    for (char &byte : bytes) {
        state = state * 1664525u + 1013904223u;
        const auto high = char(state >> 24);
        byte = high & 1 ? high : high & 2 ? '\n' : '#';
    }
    return bytes;
}

[[maybe_unused]] double threadCpuMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) * 1e-6;
}

/// Requests a stop from another thread once \a server has received \a text (or after \a text's
/// absence of 30 ms) and knows how long the caller then took.
class Stopper
{
public:
    Stopper(const ScriptedServer *server, std::string text)
        : m_thread([this, server, text = std::move(text)] {
            if (server)
                (void)server->waitForReceived(text, 5s);
            // Let the caller reach its wait: the stop must be noticed there too.
            std::this_thread::sleep_for(30ms);
            m_requested = std::chrono::steady_clock::now();
            m_source.request_stop();
        })
    {
    }
    Call call() const { return Call::within(kPlenty, m_source.get_token()); }
    qint64 msSince()
    {
        const auto now = std::chrono::steady_clock::now();
        m_thread.join();
        return std::chrono::duration_cast<std::chrono::milliseconds>(now - m_requested).count();
    }

private:
    std::stop_source m_source;
    std::chrono::steady_clock::time_point m_requested;
    std::jthread m_thread;
};

} // namespace

#define VERIFY_OK(expression) \
    do { \
        const auto verified = (expression); \
        QVERIFY2(bool(verified), verified ? "" : qPrintable(verified.error().message)); \
    } while (false)

#define VERIFY_ERROR(expression, expected) \
    do { \
        const auto verified = (expression); \
        QVERIFY(!verified); \
        QVERIFY2(verified.error().code == (expected), qPrintable(verified.error().message)); \
    } while (false)

/// One table of behaviours; every test runs once per transport.
class TransportContractTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase_data()
    {
        QTest::addColumn<Wire>("wire");
        QTest::newRow("socket") << Wire::Socket;
        QTest::newRow("serial") << Wire::Pty;
    }

    void exactBytes()
    {
        QFETCH_GLOBAL(Wire, wire);
        using namespace std::string_literals;
        ScriptedServer server(wire, [](Peer &peer) {
            peer.expect("A?;B 1.5\r\n");
            peer.write("\x01\x7f\xff\0 x\r\n"s);
            peer.expect("\0\xff\n\r\n"s);
            peer.write("\r\n");
            peer.expect("\r\n");
            peer.write("ok\r\n");
            peer.expectEnd();
        });
        LinkOptions plain;
        plain.writeTerminator = plain.readTerminator = "\r\n";
        const auto link = linkTo(server, plain);
        VERIFY_OK(link->open(plenty()));
        QVERIFY(link->isOpen());
        QCOMPARE(answer(link->query("A?;B 1.5", ReplyShape::Line, plenty())),
                 QByteArray("\x01\x7f\xff\0 x", 6));
        QCOMPARE(answer(link->query(QByteArrayView("\0\xff\n", 3), ReplyShape::Line, plenty())),
                 ""_ba);
        QCOMPARE(answer(link->query("", ReplyShape::Line, plenty())), "ok"_ba);
        QVERIFY(server.failures().empty());
    }

    void commandAndTerminatorLeaveTogether()
    {
        QFETCH_GLOBAL(Wire, wire);
        ScriptedServer server(wire, [](Peer &peer) {
            for (;;)
                peer.write(peer.read(4096) == "VOLT 1.5\n" ? "one\n" : "several\n");
        });
        const auto link = linkTo(server, {});
        VERIFY_OK(link->open(plenty()));
        for (int i = 0; i < 50; ++i)
            QCOMPARE(answer(link->query("VOLT 1.5", ReplyShape::Line, plenty())), "one"_ba);
    }

    void repliesSplitAnywhere_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<ReplyShape>("shape");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("line") << "+1.2345E+00\n"_ba << ReplyShape::Line << "+1.2345E+00"_ba;
        QTest::newRow("CR kept") << "+1.2\r\n"_ba << ReplyShape::Line << "+1.2\r"_ba;
        QTest::newRow("block") << "#210\n#\n3456\r\n8\n"_ba << ReplyShape::Block
                               << "#210\n#\n3456\r\n8"_ba;
        QTest::newRow("block, CR LF") << "#13abc\r\n"_ba << ReplyShape::LineOrBlock << "#13abc"_ba;
        QTest::newRow("either") << "#H1F\n"_ba << ReplyShape::LineOrBlock << "#H1F"_ba;
    }
    void repliesSplitAnywhere()
    {
        QFETCH_GLOBAL(Wire, wire);
        QFETCH(QByteArray, reply);
        QFETCH(ReplyShape, shape);
        QFETCH(QByteArray, expected);
        const std::string bytes = reply.toStdString();
        ScriptedServer server(wire, instrument([&bytes](Peer &peer, const std::string &line) {
                                  const auto at = size_t(std::stoi(line));
                                  if (at == 0)
                                      return peer.write(bytes, 1, 200us); // every byte alone
                                  peer.write(bytes.substr(0, at));
                                  peer.pause(2ms);
                                  peer.write(bytes.substr(at));
                              }));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        for (qsizetype at = 0; at < reply.size(); ++at)
            QCOMPARE(answer(link->query(QByteArray::number(at), shape, plenty())), expected);
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        QCOMPARE(server.connections(), 1);
    }

    void blocks_data()
    {
        QTest::addColumn<int>("size");
        for (int size : {0, 1, 4093, 65536, 1'000'000, 4 * 1024 * 1024})
            QTest::addRow("%d bytes", size) << size;
    }
    void blocks()
    {
        QFETCH_GLOBAL(Wire, wire);
        QFETCH(int, size);
        const QByteArray whole = block(noise(size));
        ScriptedServer server(wire, instrument([&whole](Peer &peer, const std::string &line) {
                                  peer.write(whole.toStdString() + (line == "BARE?" ? "" : "\n"));
                              }));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        QVERIFY(link->query("WAVE?", ReplyShape::Block, plenty()).value() == whole);
        QVERIFY(link->query("WAVE?", ReplyShape::LineOrBlock, plenty()).value() == whole);
        QVERIFY(link->query("BARE?", ReplyShape::Block, plenty()).value() == whole);
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        QCOMPARE(server.connections(), 1);
    }

    void lateEndOfBlockIsNoAnswer()
    {
        QFETCH_GLOBAL(Wire, wire);
        Gate isTaken;
        ScriptedServer server(
            wire, instrument([&](Peer &peer, const std::string &line) {
                if (line == "BLOCK?") {
                    peer.write("#13abc");
                    peer.waitFor(isTaken);
                } else {
                    peer.write("\nanswer\n"); // the block's end comes with the next answer
                }
            }));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        QCOMPARE(answer(link->query("BLOCK?", ReplyShape::Block, plenty())), "#13abc"_ba);
        isTaken.open();
        QCOMPARE(answer(link->query("OTHER?", ReplyShape::Line, plenty())), "answer"_ba);
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void severalLinesToOneQuery()
    {
        QFETCH_GLOBAL(Wire, wire);
        ScriptedServer server(
            wire, instrument([](Peer &peer, const std::string &) { peer.write("1\n#12ab\n3\n"); }));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(answer(link->query("ALL?", ReplyShape::Line, plenty())), "1"_ba);
            QCOMPARE(answer(link->read(ReplyShape::Block, plenty())), "#12ab"_ba);
            QCOMPARE(answer(link->read(ReplyShape::Line, plenty())), "3"_ba);
        }
        // What nobody read is not the next answer.
        VERIFY_OK(link->query("ALL?", ReplyShape::Line, plenty()));
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void sendThenQuery()
    {
        QFETCH_GLOBAL(Wire, wire);
        ScriptedServer server(wire, instrument([](Peer &, const std::string &) {}));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        VERIFY_OK(link->send("VOLT 1", plenty()));
        VERIFY_OK(link->send("OUTP 1", plenty()));
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        QVERIFY(server.received().ends_with("VOLT 1\nOUTP 1\nNEXT?\n"));
    }

    void timeout_data()
    {
        QTest::addColumn<bool>("trickles");
        QTest::newRow("silent") << false;
        QTest::newRow("a byte now and then") << true;
    }
    void timeout()
    {
        QFETCH_GLOBAL(Wire, wire);
        QFETCH(bool, trickles);
        ScriptedServer server(wire, instrument([&](Peer &peer, const std::string &) {
                                  if (trickles)
                                      peer.write(std::string(100, 'x'), 1, 4ms);
                              }));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        QElapsedTimer timer;
        timer.start();
        VERIFY_ERROR(link->query("SILENT?", ReplyShape::Line, Call::within(120ms)),
                     ErrorCode::Timeout);
        const qint64 elapsed = timer.elapsed();
        QVERIFY2(elapsed >= 119 && elapsed <= 120 + kLateMs, qPrintable(QString::number(elapsed)));
        QVERIFY(link->isOpen());
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void lateReplyIsNeverTheNextAnswer_data()
    {
        QTest::addColumn<int>("lateMs"); // after the timeout; the line counts as quiet after 40
        QTest::addColumn<QByteArray>("reply");
        for (int late : {0, 5, 20, 35, 60, 150, 400}) {
            QTest::addRow("line, %d ms", late) << late << "late\n"_ba;
            QTest::addRow("block, %d ms", late) << late << "#19late\nlate\n\n"_ba;
        }
    }
    void lateReplyIsNeverTheNextAnswer()
    {
        QFETCH_GLOBAL(Wire, wire);
        QFETCH(int, lateMs);
        QFETCH(QByteArray, reply);
        ScriptedServer server(wire, instrument([&](Peer &peer, const std::string &line) {
                                  if (line == "TWICE?")
                                      return peer.write("twice\n");
                                  peer.pause(std::chrono::milliseconds(30 + lateMs));
                                  peer.write(reply.toStdString());
                              }));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        VERIFY_ERROR(link->query("SLOW?", ReplyShape::LineOrBlock, Call::within(25ms)),
                     ErrorCode::Timeout);
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        QCOMPARE(answer(link->query("TWICE?", ReplyShape::Line, plenty())), "twice"_ba);
    }

    void lateAnswerThatLooksLikeTheResyncAnswer()
    {
        QFETCH_GLOBAL(Wire, wire);
        Gate isFirst;
        ScriptedServer server(wire, [&](Peer &peer) {
            if (wire == Wire::Pty) { // the one that open() asks for
                peer.expect("SYNC?\n");
                peer.write("IN SYNC\n");
            }
            bool isSlow = peer.connection() == 1;
            for (;;) {
                const std::string line = peer.readLine();
                if (std::exchange(isSlow, false))
                    peer.pause(120ms);
                peer.write(line == "SYNC?" ? "IN SYNC\n" : "other\n");
            }
        });
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        VERIFY_ERROR(link->query("SYNC?", ReplyShape::Line, Call::within(25ms)),
                     ErrorCode::Timeout);
        QCOMPARE(answer(link->query("OTHER?", ReplyShape::Line, plenty())), "other"_ba);
    }

    void garbageIsRefusedAndForgotten_data()
    {
        QTest::addColumn<QByteArray>("garbage");
        QTest::newRow("no block") << "1.5;2.5\n3\n"_ba;
        QTest::newRow("indefinite block") << "#0abc\ndef\n"_ba;
        QTest::newRow("length no number") << "#3x10abc\n"_ba;
        QTest::newRow("longer than allowed") << "#9999999999abc\n\n\n"_ba;
        QTest::newRow("flood") << QByteArray(200'000, 'x') + "\n\n\n";
    }
    void garbageIsRefusedAndForgotten()
    {
        QFETCH_GLOBAL(Wire, wire);
        QFETCH(QByteArray, garbage);
        ScriptedServer server(wire, instrument([&](Peer &peer, const std::string &) {
                                  peer.write(garbage.toStdString());
                              }));
        LinkOptions small = options(wire);
        small.maxMessage = 100'000;
        const auto link = linkTo(server, small);
        VERIFY_OK(link->open(plenty()));
        const bool isFlood = garbage.size() > 100'000;
        VERIFY_ERROR(link->query("WAVE?", isFlood ? ReplyShape::Line : ReplyShape::Block, plenty()),
                     ErrorCode::Protocol);
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void peerLeaves_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<bool>("resets");
        QTest::newRow("before the reply") << ""_ba << false;
        QTest::newRow("in a line") << "+1.2"_ba << false;
        QTest::newRow("in a block") << "#510000abc"_ba << false;
        QTest::newRow("by reset") << "+1.2"_ba << true;
    }
    void peerLeaves()
    {
        QFETCH_GLOBAL(Wire, wire);
        QFETCH(QByteArray, before);
        QFETCH(bool, resets);
        ScriptedServer server(wire, instrument([&](Peer &peer, const std::string &) {
                                  peer.write(before.toStdString());
                                  if (resets)
                                      peer.reset();
                                  peer.cut();
                              }));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"lost"_s));
        QElapsedTimer timer;
        timer.start();
        VERIFY_ERROR(link->query("X?", ReplyShape::LineOrBlock, plenty()), ErrorCode::NotConnected);
        QVERIFY(timer.elapsed() < 2000); // at once, not at the deadline
        QVERIFY(!link->isOpen());
        VERIFY_ERROR(link->send("X", plenty()), ErrorCode::NotConnected);
        VERIFY_ERROR(link->query("X?", ReplyShape::Line, plenty()), ErrorCode::NotConnected);
        VERIFY_ERROR(link->read(ReplyShape::Line, plenty()), ErrorCode::NotConnected);
        VERIFY_OK(link->open(plenty()));
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void wholeReplyBeforePeerLeaves()
    {
        QFETCH_GLOBAL(Wire, wire);
        if (wire == Wire::Pty)
            QSKIP("a vanished pseudo-terminal takes its bytes along");
        ScriptedServer server(wire, instrument([](Peer &peer, const std::string &) {
                                  peer.write("#13abc");
                                  peer.cut();
                              }));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"lost"_s));
        QCOMPARE(answer(link->query("X?", ReplyShape::Block, plenty())), "#13abc"_ba);
        VERIFY_ERROR(link->send("X", plenty()), ErrorCode::NotConnected);
    }

    void notOpen()
    {
        QFETCH_GLOBAL(Wire, wire);
        ScriptedServer server(wire, instrument());
        const auto link = linkTo(server, options(wire));
        VERIFY_ERROR(link->send("X", plenty()), ErrorCode::NotConnected);
        VERIFY_OK(link->open(plenty()));
        link->close();
        QVERIFY(!link->isOpen());
        VERIFY_ERROR(link->query("X?", ReplyShape::Line, plenty()), ErrorCode::NotConnected);
    }

    void nobodyThere()
    {
        QFETCH_GLOBAL(Wire, wire);
        QString where;
        {
            ScriptedServer gone(wire, instrument());
            where = QString::fromStdString(gone.resource());
        }
        const auto link = makeTransport(where, options(wire));
        VERIFY_ERROR(link.value()->open(plenty()), ErrorCode::NotConnected);
        QVERIFY(!link.value()->isOpen());
    }
};

QTEST_GUILESS_MAIN(TransportContractTest)
#include "tst_transport_contract.moc"
