#pragma once

#include "drivers/transport/make_transport.h"
#include "tests/support/scripted_server.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QTest>
#include <QTimer>

#include <ctime>
#include <thread>

Q_DECLARE_METATYPE(birch::test::Wire)

/// What the contract tests of the transports share.
namespace birch::test {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

inline constexpr auto kPlenty = 10s;   // for exchanges that must succeed
inline constexpr qint64 kLateMs = 100; // how late a call may return

inline Call plenty()
{
    return Call::within(kPlenty);
}

/// A row per transport; "wire" of every test of the contract.
inline void addWires()
{
    QTest::addColumn<Wire>("wire");
    QTest::newRow("socket") << Wire::Socket;
    QTest::newRow("serial") << Wire::Pty;
    QTest::newRow("VXI-11") << Wire::Vxi11;
    QTest::newRow("HiSLIP") << Wire::Hislip;
}

/// What a wire's server at \a port of this computer would be called.
inline QString addressAt(Wire wire, int port)
{
    const QString form = wire == Wire::Vxi11    ? u"TCPIP::127.0.0.1,%1::inst0::INSTR"_s
                         : wire == Wire::Hislip ? u"TCPIP::127.0.0.1::hislip0,%1::INSTR"_s
                                                : u"TCPIP::127.0.0.1::%1::SOCKET"_s;
    return form.arg(port);
}

inline LinkOptions options(Wire wire)
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
inline ScriptedServer::Script instrument(Handler handler = {})
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

inline std::unique_ptr<Transport> linkTo(const ScriptedServer &server, const LinkOptions &link)
{
    auto made = makeTransport(QString::fromStdString(server.resource()), link);
    return made ? std::move(made).value() : nullptr;
}

inline QByteArray answer(const Result<QByteArray> &reply)
{
    return reply ? reply.value() : "error: " + reply.error().message.toUtf8();
}

inline QByteArray block(const QByteArray &payload)
{
    const QByteArray length = QByteArray::number(payload.size());
    return '#' + QByteArray::number(length.size()) + length + payload;
}

/// Bytes that do not compress to a pattern, with many line feeds and '#'.
inline QByteArray noise(qsizetype size)
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

inline double threadCpuMs()
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

} // namespace birch::test

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

/// The caller was reached within 100 ms of the request.
#define VERIFY_SOON(stopper) \
    do { \
        const qint64 elapsed = (stopper).msSince(); \
        QVERIFY2(elapsed >= 0 && elapsed <= 100, qPrintable(QString::number(elapsed))); \
    } while (false)
