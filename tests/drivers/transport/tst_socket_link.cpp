#include "tests/drivers/transport/link_rig.h"

#include <QRegularExpression>

#include <dlfcn.h>
#include <netdb.h>

using namespace birch;
using namespace birch::test;

namespace {

/// Holds back the look-up of "slow.test" while closed.
Gate *lookUpGate = nullptr;

} // namespace

/// Stands before the C library's, so that a name server that does not answer can be had offline.
extern "C" int getaddrinfo(const char *node, const char *service, const addrinfo *hints,
                           addrinfo **result)
{
    if (lookUpGate && node && std::string_view(node) == "slow.test") {
        (void)lookUpGate->wait(10s);
        return EAI_NONAME;
    }
    using Function = int (*)(const char *, const char *, const addrinfo *, addrinfo **);
    static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
    return real(node, service, hints, result);
}

/// What only a socket has.
class SocketLinkTest : public QObject
{
    Q_OBJECT

private slots:
    void blackHole()
    {
        BlackHole hole;
        const auto link = makeTransport(u"TCPIP::127.0.0.1::%1::SOCKET"_s.arg(hole.port()), {});
        QElapsedTimer timer;
        timer.start();
        VERIFY_ERROR(link.value()->open(Call::within(200ms)), ErrorCode::Timeout);
        QVERIFY(timer.elapsed() >= 199 && timer.elapsed() <= 200 + kLateMs);
        QVERIFY(!link.value()->isOpen());
    }

    void connectTimeoutIsShorterThanTheCall()
    {
        BlackHole hole;
        LinkOptions brief;
        brief.connectTimeout = 150ms;
        const auto link = makeTransport(u"TCPIP::127.0.0.1::%1::SOCKET"_s.arg(hole.port()), brief);
        QElapsedTimer timer;
        timer.start();
        VERIFY_ERROR(link.value()->open(plenty()), ErrorCode::Timeout);
        QVERIFY(timer.elapsed() <= 150 + kLateMs);
    }

    void nameServerDoesNotAnswer()
    {
        Gate gate;
        lookUpGate = &gate;
        const auto link = makeTransport(u"TCPIP::slow.test::5025::SOCKET"_s, {});
        Stopper stopper(nullptr, {});
        VERIFY_ERROR(link.value()->open(stopper.call()), ErrorCode::Cancelled);
        VERIFY_SOON(stopper);
        QElapsedTimer timer;
        timer.start();
        VERIFY_ERROR(link.value()->open(Call::within(100ms)), ErrorCode::Timeout);
        QVERIFY(timer.elapsed() <= 100 + kLateMs);
        gate.open();
        VERIFY_ERROR(link.value()->open(plenty()), ErrorCode::NotConnected);
        lookUpGate = nullptr;
    }

    void unknownName()
    {
        Gate gate;
        gate.open();
        lookUpGate = &gate;
        const auto link = makeTransport(u"TCPIP::slow.test::5025::SOCKET"_s, {});
        const Status opened = link.value()->open(plenty());
        lookUpGate = nullptr;
        QCOMPARE(opened.error().code, ErrorCode::NotConnected);
        QVERIFY(opened.error().message.contains(u"slow.test"_s));
    }

    void byName()
    {
        ScriptedServer server(Wire::Socket, instrument());
        const auto link = makeTransport(u"TCPIP::localhost::%1::SOCKET"_s.arg(server.port()), {});
        VERIFY_OK(link.value()->open(plenty()));
        QCOMPARE(answer(link.value()->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void callFromTheLoopOfOpen()
    {
        BlackHole hole;
        const auto link = makeTransport(u"TCPIP::127.0.0.1::%1::SOCKET"_s.arg(hole.port()), {});
        QList<ErrorCode> codes;
        QTimer::singleShot(0, [&] {
            codes.append(link.value()->send("A", plenty()).error().code);
            codes.append(link.value()->query("A?", ReplyShape::Line, plenty()).error().code);
            codes.append(link.value()->read(ReplyShape::Line, plenty()).error().code);
            codes.append(link.value()->open(plenty()).error().code);
        });
        VERIFY_ERROR(link.value()->open(Call::within(100ms)), ErrorCode::Timeout);
        QCOMPARE(codes, QList<ErrorCode>(4, ErrorCode::Conflict));
    }

    void closeFromTheLoopOfOpen()
    {
        BlackHole hole;
        const auto link = makeTransport(u"TCPIP::127.0.0.1::%1::SOCKET"_s.arg(hole.port()), {});
        QTimer::singleShot(10, [&] { link.value()->close(); });
        QElapsedTimer timer;
        timer.start();
        VERIFY_ERROR(link.value()->open(plenty()), ErrorCode::Cancelled);
        QVERIFY(timer.elapsed() < 1000);
    }

    void greetingIsThrownAway()
    {
        ScriptedServer server(Wire::Socket, [](Peer &peer) {
            peer.write("American Magnetics Model 430\r\nHello.\r\n");
            instrument()(peer);
        });
        LinkOptions polite;
        polite.postOpen = 100ms;
        const auto link = linkTo(server, polite);
        VERIFY_OK(link->open(plenty()));
        VERIFY_ERROR(link->read(ReplyShape::Line, Call::within(1ms)), ErrorCode::Timeout);
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void peerLeavesWhileIdle()
    {
        Gate go;
        ScriptedServer server(Wire::Socket, instrument([&go](Peer &peer, const std::string &) {
                                  peer.waitFor(go);
                                  peer.cut();
                              }));
        const auto link = linkTo(server, {});
        VERIFY_OK(link->open(plenty()));
        VERIFY_OK(link->send("LEAVE", plenty()));
        go.open();
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"lost"_s));
        // With the event loop turning meanwhile, and no busy loop in it.
        const double before = threadCpuMs();
        QTRY_COMPARE(link->send("X", plenty()) ? ErrorCode::Internal : ErrorCode::NotConnected,
                     ErrorCode::NotConnected);
        QVERIFY(threadCpuMs() - before < 100);
        VERIFY_ERROR(link->query("X?", ReplyShape::Line, plenty()), ErrorCode::NotConnected);
    }

    void chatterDoesNotSpin()
    {
        ScriptedServer server(Wire::Socket, [](Peer &peer) {
            peer.write(std::string(10'000, 'x'));
            peer.swallow();
        });
        const auto link = linkTo(server, {});
        VERIFY_OK(link->open(plenty()));
        const double before = threadCpuMs();
        QEventLoop loop;
        QTimer::singleShot(200, &loop, &QEventLoop::quit);
        loop.exec();
        QVERIFY(threadCpuMs() - before < 50);
    }

    void gapBetweenCommands()
    {
        ScriptedServer server(Wire::Socket, instrument());
        LinkOptions slow;
        slow.minGap = 30ms;
        const auto link = linkTo(server, slow);
        VERIFY_OK(link->open(plenty()));
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 4; ++i)
            QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        QVERIFY(timer.elapsed() >= 3 * 30);
    }
};

QTEST_GUILESS_MAIN(SocketLinkTest)
#include "tst_socket_link.moc"
