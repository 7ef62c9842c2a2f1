// VXI-11 and HiSLIP servers of the simulator and our clients, over real loopback sockets.
#include "drivers/simulator/endpoint.h"
#include "drivers/simulator/faulty_writer.h"
#include "drivers/transport/make_transport.h"
#include "drivers/transport/resource.h"
#include "drivers/transport/rpc_client.h"
#include "drivers/transport/vxi11_link.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTest>
#include <QThread>

#include <future>
#include <thread>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

enum class Server { Vxi11, Hislip, HislipOverlapped };

Call soon()
{
    return Call::within(5s);
}

/// ECHO x: x. BIG n: n bytes. LATE n: "late" after n milliseconds. SLOW: nothing. Else no reply.
void respond(const QByteArray &message, FaultyWriter &writer)
{
    const QByteArray argument = message.mid(message.indexOf(' ') + 1);
    Fault late;
    late.kind = Fault::Kind::Late;
    late.time = std::chrono::milliseconds(argument.toInt());
    if (message.startsWith("ECHO"))
        writer.send(argument, "\n", {});
    else if (message.startsWith("BIG"))
        writer.send(QByteArray(argument.toInt(), 'b'), "\n", {});
    else if (message.startsWith("LATE"))
        writer.send("late", "\n", {late});
    else if (message.startsWith("SIZE"))
        writer.send(QByteArray::number(message.size()), "\n", {});
}

/// A server on a thread of its own: clients block theirs.
class ServerThread
{
public:
    explicit ServerThread(Server kind, std::optional<quint16> portmapper = std::nullopt)
    {
        m_anchor.moveToThread(&m_thread);
        m_thread.start();
        std::promise<QString> address;
        QMetaObject::invokeMethod(&m_anchor, [&] {
            const auto mode = kind == Server::HislipOverlapped ? Endpoint::HislipMode::Overlapped
                                                               : Endpoint::HislipMode::Synchronized;
            auto made = kind == Server::Vxi11 ? Endpoint::vxi11("\n", respond, portmapper)
                                              : Endpoint::hislip("\n", respond, mode);
            if (!made)
                qFatal("%s", qPrintable(made.error().message));
            m_endpoint = std::move(made).value();
            address.set_value(m_endpoint->address());
        });
        m_address = address.get_future().get();
    }
    ~ServerThread()
    {
        QMetaObject::invokeMethod(&m_anchor, [this] {
            m_endpoint.reset();
            m_thread.quit();
        });
        m_thread.wait();
    }
    std::unique_ptr<Transport> connect(const LinkOptions &options = {}) const
    {
        auto made = makeTransport(m_address, options);
        if (Status opened = made.value()->open(soon()); !opened)
            qCritical("%s", qPrintable(opened.error().message));
        return std::move(made).value();
    }
    QString address() const { return m_address; }

private:
    QThread m_thread;
    QObject m_anchor;
    std::unique_ptr<Endpoint> m_endpoint;
    QString m_address;
};

QByteArray ask(Transport &link, const QByteArray &text, const Call &call = soon())
{
    const auto reply = link.query(text, ReplyShape::Line, call);
    return reply ? reply.value() : "error: " + reply.error().message.toUtf8();
}

} // namespace

Q_DECLARE_METATYPE(Server)

#define VERIFY_ERROR(expression, expected) \
    do { \
        const auto verified = (expression); \
        QVERIFY(!verified); \
        QVERIFY2(verified.error().code == (expected), qPrintable(verified.error().message)); \
    } while (false)

/// Every test runs once per server.
class MessageEndpointsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase_data()
    {
        QTest::addColumn<Server>("server");
        QTest::newRow("VXI-11") << Server::Vxi11;
        QTest::newRow("HiSLIP") << Server::Hislip;
        QTest::newRow("HiSLIP, overlapped") << Server::HislipOverlapped;
    }

    void messagesOfAnySize_data()
    {
        QTest::addColumn<int>("size");
        // Around the sizes at which messages are cut: 64 KiB and 1 MiB, with and without headers.
        for (int size : {1, 1000, 65'534, 65'535, 65'536, 65'537, 130'000, 900'000})
            QTest::addRow("%d bytes", size) << size;
        QTest::newRow("1 MiB") << 1024 * 1024 - 100;
    }
    void messagesOfAnySize()
    {
        QFETCH_GLOBAL(Server, server);
        QFETCH(int, size);
        const ServerThread thread(server);
        const auto link = thread.connect();
        QCOMPARE(ask(*link, "BIG " + QByteArray::number(size)), QByteArray(size, 'b'));
        const QByteArray message = "SIZE" + QByteArray(size, 'x');
        QCOMPARE(ask(*link, message), QByteArray::number(message.size()));
        QCOMPARE(ask(*link, "ECHO same"), "same");
    }

    void anyEndOfAMessage_data()
    {
        QTest::addColumn<QByteArray>("terminator");
        QTest::newRow("LF") << "\n"_ba;
        QTest::newRow("CR LF") << "\r\n"_ba;
        QTest::newRow("none") << ""_ba;
    }
    void anyEndOfAMessage()
    {
        QFETCH_GLOBAL(Server, server);
        QFETCH(QByteArray, terminator);
        const ServerThread thread(server);
        LinkOptions options;
        options.writeTerminator = terminator;
        const auto link = thread.connect(options);
        QCOMPARE(ask(*link, "ECHO a"), "a");
        QCOMPARE(ask(*link, "ECHO b"), "b");
    }

    void repliesNobodyReadAreNotTheNextAnswer()
    {
        QFETCH_GLOBAL(Server, server);
        const ServerThread thread(server);
        const auto link = thread.connect();
        for (int i = 0; i < 5; ++i) {
            const QByteArray text = QByteArray::number(i);
            QVERIFY(link->send("ECHO unread", soon()));
            if (server == Server::HislipOverlapped) // it has no numbers to tell them by
                QThread::msleep(20);
            QCOMPARE(ask(*link, "ECHO " + text), text);
            QCOMPARE(ask(*link, "ECHO x" + text), "x" + text);
        }
    }

    void lateAnswersAreDropped()
    {
        QFETCH_GLOBAL(Server, server);
        const ServerThread thread(server);
        const auto link = thread.connect();
        for (int late : {10, 30, 60, 200}) {
            const QByteArray text = QByteArray::number(30 + late);
            VERIFY_ERROR(link->query("LATE " + text, ReplyShape::Line, Call::within(20ms)),
                         ErrorCode::Timeout);
            QVERIFY(link->isInDoubt());
            QElapsedTimer timer;
            timer.start();
            while (timer.elapsed() < late + 50)
                QCOMPARE(ask(*link, "ECHO " + text), text);
        }
    }

    void statusByteTellsThatAMessageIsAvailable()
    {
        QFETCH_GLOBAL(Server, server);
        const ServerThread thread(server);
        const auto link = thread.connect();
        const auto isAvailable = [&link] {
            const auto status = link->statusByte(soon());
            return status && (status.value() & 0x10) != 0;
        };
        QVERIFY(bool(link->statusByte(soon())));
        QVERIFY(!isAvailable());
        QVERIFY(link->send("ECHO 1", soon()));
        QTRY_VERIFY(isAvailable());
        QVERIFY(isAvailable());
        QCOMPARE(link->read(ReplyShape::Line, soon()).value(), "1"_ba);
        QVERIFY(!isAvailable());
    }

    void clearEmptiesTheInstrument()
    {
        QFETCH_GLOBAL(Server, server);
        const ServerThread thread(server);
        const auto link = thread.connect();
        QVERIFY(link->send("ECHO old", soon()));
        QVERIFY(link->clear(soon()));
        QVERIFY(!link->isInDoubt());
        VERIFY_ERROR(link->read(ReplyShape::Line, Call::within(50ms)), ErrorCode::Timeout);
        QCOMPARE(ask(*link, "ECHO new"), "new");
        QVERIFY(link->clear(soon()));
        QCOMPARE(ask(*link, "ECHO newer"), "newer");
    }

    void lockKeepsOthersOut()
    {
        QFETCH_GLOBAL(Server, server);
        const ServerThread thread(server);
        const auto owner = thread.connect();
        const auto other = thread.connect();
        QVERIFY(owner->lock(soon()));
        QVERIFY(owner->lock(soon())); // a lock that is held stays
        QElapsedTimer timer;
        timer.start();
        const Status locked = other->lock(Call::within(100ms));
        VERIFY_ERROR(locked, ErrorCode::Conflict);
        QVERIFY2(locked.error().message.contains(u"locked by another"_s),
                 qPrintable(locked.error().message));
        QVERIFY(timer.elapsed() >= 90 && timer.elapsed() < 250);
        QCOMPARE(ask(*owner, "ECHO mine"), "mine");
        const auto refused = other->query("ECHO no", ReplyShape::Line, Call::within(100ms));
        VERIFY_ERROR(refused, server == Server::Vxi11 ? ErrorCode::Conflict : ErrorCode::Timeout);
        QVERIFY(owner->unlock(soon()));
        VERIFY_ERROR(owner->unlock(soon()), ErrorCode::Conflict); // no lock to let go
        QCOMPARE(ask(*other, "ECHO yes"), "yes");
    }

    void lockIsWaitedFor_data()
    {
        QTest::addColumn<bool>("isLeft");
        QTest::newRow("unlocked") << false;
        QTest::newRow("left behind by a closed connection") << true;
    }
    void lockIsWaitedFor()
    {
        QFETCH_GLOBAL(Server, server);
        QFETCH(bool, isLeft);
        const ServerThread thread(server);
        const auto owner = thread.connect();
        QVERIFY(owner->lock(soon()));
        std::promise<bool> isLocked;
        std::jthread waiting([&] {
            const auto other = thread.connect();
            const bool got = bool(other->lock(soon()));
            isLocked.set_value(got && ask(*other, "ECHO it") == "it");
        });
        auto future = isLocked.get_future();
        QVERIFY(future.wait_for(100ms) == std::future_status::timeout);
        isLeft ? owner->close() : void(owner->unlock(soon()));
        QVERIFY(future.wait_for(2s) == std::future_status::ready);
        QVERIFY(future.get());
    }

    void writeMayWaitForALock()
    {
        QFETCH_GLOBAL(Server, server);
        if (server != Server::Vxi11)
            QSKIP("VXI-11 alone says so in a call");
        const ServerThread thread(server);
        const auto owner = thread.connect();
        QVERIFY(owner->lock(soon()));
        std::jthread waiting([&] {
            std::this_thread::sleep_for(50ms);
            (void)owner->unlock(soon());
        });
        const quint16 port = parseResource(thread.address()).value().port;
        RpcClient client(u"127.0.0.1"_s, port, vxi11::kCoreProgram, vxi11::kVersion);
        QVERIFY(client.open(soon()));
        XdrWriter &create = client.begin(vxi11::CreateLink);
        for (const quint32 word : {1U, 0U, 0U})
            create.word(word);
        create.opaque("inst0");
        auto link = client.exchange(256, soon());
        QVERIFY(link);
        QCOMPARE(link.value().word(), quint32(vxi11::NoError));
        const quint32 id = link.value().word();
        XdrWriter &write = client.begin(vxi11::DeviceWrite);
        for (const quint32 word : {id, 2000U, 2000U, quint32(vxi11::WaitLock | vxi11::End)})
            write.word(word);
        write.opaque("ECHO once");
        auto written = client.exchange(256, soon());
        QVERIFY(written);
        QCOMPARE(written.value().word(), quint32(vxi11::NoError));
        QCOMPARE(written.value().word(), 9U);
        XdrWriter &read = client.begin(vxi11::DeviceRead);
        for (const quint32 word : {id, 100U, 2000U, 0U, 0U, 0U})
            read.word(word);
        auto answered = client.exchange(256, soon());
        QVERIFY(answered);
        QCOMPARE(answered.value().word(), quint32(vxi11::NoError));
        QVERIFY(answered.value().word() & vxi11::EndOfMessage);
        QCOMPARE(answered.value().opaque(100).toByteArray(), "once\n"_ba);
    }

    void lockOutlivesAFault()
    {
        QFETCH_GLOBAL(Server, server);
        const ServerThread thread(server);
        const auto owner = thread.connect();
        const auto other = thread.connect();
        QVERIFY(owner->lock(soon()));
        VERIFY_ERROR(owner->query("SLOW", ReplyShape::Line, Call::within(30ms)),
                     ErrorCode::Timeout);
        QCOMPARE(ask(*owner, "ECHO again"), "again");
        VERIFY_ERROR(other->lock(Call::within(50ms)), ErrorCode::Conflict);
    }

    void manyClientsAtOnce()
    {
        QFETCH_GLOBAL(Server, server);
        const ServerThread thread(server);
        std::vector<std::future<int>> clients;
        for (int client = 0; client < 6; ++client) {
            clients.push_back(std::async(std::launch::async, [&thread, client] {
                const auto link = thread.connect();
                int good = 0;
                for (int i = 0; i < 50; ++i) {
                    const QByteArray text = QByteArray::number(client * 1000 + i);
                    good += ask(*link, "ECHO " + text) == text ? 1 : 0;
                }
                return good;
            }));
        }
        for (auto &client : clients)
            QCOMPARE(client.get(), 50);
    }

    void termChar()
    {
        QFETCH_GLOBAL(Server, server);
        const ServerThread thread(server);
        LinkOptions options;
        options.endsByTerminator = true;
        const auto link = thread.connect(options);
        QCOMPARE(ask(*link, "ECHO a"), "a");
        QCOMPARE(ask(*link, "BIG 100000"), QByteArray(100000, 'b'));
    }

    void portmapper()
    {
        QFETCH_GLOBAL(Server, server);
        if (server != Server::Vxi11)
            QSKIP("VXI-11 alone asks for its port");
        QTcpServer probe; // a port that is free now
        QVERIFY(probe.listen(QHostAddress::LocalHost, 0));
        const quint16 port = probe.serverPort();
        probe.close();
        const ServerThread thread(server, port);
        Vxi11Link link({u"127.0.0.1"_s, 0, port, u"inst0"_s}, std::nullopt);
        const Status opened = link.open(soon());
        QVERIFY2(bool(opened), opened ? "" : qPrintable(opened.error().message));
        QVERIFY(link.statusByte(soon()));
        const auto unknown = portOfProgram(u"127.0.0.1"_s, port, 0x0607B1, 1, soon());
        QVERIFY(unknown);
        QCOMPARE(unknown.value(), 0);
    }
};

QTEST_GUILESS_MAIN(MessageEndpointsTest)
#include "tst_message_endpoints.moc"
