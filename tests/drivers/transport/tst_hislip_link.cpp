// What one client of HiSLIP sends, and what it makes of what servers may answer: raw messages,
// written from the standard.
#include "drivers/transport/hislip_link.h"
#include "tests/drivers/transport/link_rig.h"
#include "tests/support/message_front.h"

#include <QThread>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace birch;
using namespace birch::test;

namespace {

struct Gone {
};

struct Message {
    int type = 0;
    int control = 0;
    uint32_t parameter = 0;
    std::string payload;
};

std::string number(uint64_t value, size_t size)
{
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i)
        bytes[size - 1 - i] = static_cast<char>(value >> (8 * i));
    return bytes;
}

std::string wire(const Message &message)
{
    return "HS" + number(uint64_t(message.type), 1) + number(uint64_t(message.control), 1) +
           number(message.parameter, 4) + number(message.payload.size(), 8) + message.payload;
}

uint64_t valueOf(const std::string &bytes, size_t at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = at; i < at + size; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

/// One end of a channel; a client that has left, or says nothing for seconds, ends the script.
class End
{
public:
    explicit End(int fd)
        : m_fd(fd)
    {
        if (fd < 0)
            throw Gone();
    }
    ~End() { ::close(m_fd); }
    End(const End &) = delete;
    Message next() const
    {
        const std::string header = read(16);
        return {int(valueOf(header, 2, 1)), int(valueOf(header, 3, 1)),
                uint32_t(valueOf(header, 4, 4)), read(size_t(valueOf(header, 8, 8)))};
    }
    void send(const Message &message) const { sendRaw(wire(message)); }
    void sendRaw(const std::string &bytes) const
    {
        if (::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != ssize_t(bytes.size()))
            throw Gone();
    }
    void awaitEnd() const
    {
        char byte = 0;
        while (::recv(m_fd, &byte, 1, 0) > 0) {
        }
    }

private:
    std::string read(size_t size) const
    {
        std::string bytes(size, '\0');
        for (size_t got = 0; got < size;) {
            pollfd poll{m_fd, POLLIN, 0};
            if (::poll(&poll, 1, 5000) != 1)
                throw Gone();
            const ssize_t count = ::recv(m_fd, bytes.data() + got, size - got, 0);
            if (count <= 0)
                throw Gone();
            got += size_t(count);
        }
        return bytes;
    }
    int m_fd;
};

/// What a server says while a client connects.
struct Greeting {
    Message initialized{1, 0, 0x01000042, {}};
    Message asyncInitialized{18, 0, 0x7878, {}};
    Message size{16, 0, 0, number(1 << 20, 8)};
};

class HislipServer
{
public:
    using Script = std::function<void(End &sync, End &async)>;
    explicit HislipServer(Script script, Greeting greeting = {})
        : m_listener(listenOnLoopback(8, &m_port))
        , m_thread([this, script = std::move(script), greeting = std::move(greeting)] {
            for (int fd = accept(); fd >= 0; fd = accept()) {
                ++connections;
                try {
                    End sync(fd);
                    opening.push_back(sync.next());
                    sync.send(greeting.initialized);
                    End async(accept());
                    opening.push_back(async.next());
                    async.send(greeting.asyncInitialized);
                    opening.push_back(async.next());
                    async.send(greeting.size);
                    script(sync, async);
                    sync.awaitEnd();
                } catch (const Gone &) {
                }
            }
        })
    {
    }
    ~HislipServer()
    {
        ::shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        ::close(m_listener);
    }
    std::unique_ptr<Transport> link() const
    {
        return makeTransport(addressAt(Wire::Hislip, m_port), {}).value();
    }
    std::vector<Message> opening;
    std::atomic<int> connections = 0;

private:
    int accept() const { return ::accept(m_listener, nullptr, nullptr); }
    int m_port = 0;
    int m_listener;
    std::thread m_thread; // last: it uses the others
};

/// Answers device clears, and every message by \a replies.
HislipServer::Script answering(std::function<void(End &, End &, const Message &)> replies)
{
    return [replies = std::move(replies)](End &sync, End &async) {
        for (;;) {
            const Message message = sync.next();
            if (message.type == 8)
                sync.send({9, 0, 0, {}});
            else
                replies(sync, async, message);
        }
    };
}

constexpr uint32_t kFirst = 0xffffff00u;

} // namespace

class HislipLinkTest : public QObject
{
    Q_OBJECT

private slots:
    void whatIsSent()
    {
        std::vector<Message> sent;
        HislipServer server([&](End &sync, End &async) {
            for (int i = 0; i < 2; ++i) {
                sent.push_back(sync.next());
                sync.send({7, 0, sent.back().parameter, "ok\n"});
            }
            sent.push_back(async.next());
            async.send({22, 0x10, 0, {}});
            sent.push_back(async.next());
            async.send({22, 0, 0, {}});
        });
        {
            const auto link = server.link();
            VERIFY_OK(link->open(plenty()));
            for (int i = 0; i < 2; ++i)
                QCOMPARE(answer(link->query("*IDN?", ReplyShape::Line, plenty())), "ok"_ba);
            QCOMPARE(int(link->statusByte(plenty()).value()), 0x10);
            QCOMPARE(int(link->statusByte(plenty()).value()), 0);
        }
        QCOMPARE(server.opening.size(), 3U);
        QCOMPARE(server.opening[0].type, 0);
        QCOMPARE(server.opening[0].parameter >> 16, 0x0100U);
        QCOMPARE(server.opening[0].payload, std::string("hislip0"));
        QCOMPARE(server.opening[1].type, 17);
        QCOMPARE(server.opening[1].parameter, 0x42U);
        QCOMPARE(server.opening[2].type, 15);
        QCOMPARE(server.opening[2].payload.size(), 8U);
        QCOMPARE(sent.size(), 4U);
        QCOMPARE(sent[0].type, 7);
        QCOMPARE(sent[0].control, 0); // nothing has been delivered
        QCOMPARE(sent[0].parameter, kFirst);
        QCOMPARE(sent[0].payload, std::string("*IDN?\n"));
        QCOMPARE(sent[1].control, 1); // the first answer has
        QCOMPARE(sent[1].parameter, kFirst + 2);
        QCOMPARE(sent[2].type, 21);
        QCOMPARE(sent[2].control, 1);            // the second has; said once
        QCOMPARE(sent[2].parameter, kFirst + 2); // the last sent, not the next
        QCOMPARE(sent[3].control, 0);
    }

    void numbersWrapAndPiecesHaveTheirOwn()
    {
        std::vector<uint32_t> numbers;
        std::string received;
        Greeting greeting;
        greeting.size.payload = number(116, 8); // 100 bytes and a header
        HislipServer server(answering([&](End &sync, End &, const Message &message) {
                                numbers.push_back(message.parameter);
                                received += message.payload;
                                if (message.type == 7)
                                    sync.send({7, 0, message.parameter, "ok"});
                            }),
                            greeting);
        const auto link = server.link();
        VERIFY_OK(link->open(plenty()));
        const QByteArray command(100 * 150 - 1, 'c');
        QCOMPARE(answer(link->query(command, ReplyShape::Line, plenty())), "ok"_ba);
        QCOMPARE(QByteArray::fromStdString(received), command + '\n');
        QCOMPARE(numbers.size(), 150U);
        for (size_t i = 0; i < numbers.size(); ++i)
            QCOMPARE(numbers[i], uint32_t(kFirst + 2 * i));
    }

    void sizesThatMakeNoSense_data()
    {
        QTest::addColumn<quint64>("size");
        QTest::newRow("0") << quint64(0);
        QTest::newRow("the header alone") << quint64(16);
        QTest::newRow("everything") << ~quint64(0);
    }
    void sizesThatMakeNoSense()
    {
        QFETCH(quint64, size);
        Greeting greeting;
        greeting.size.payload = number(size, 8);
        HislipServer server(answering([&](End &sync, End &, const Message &message) {
                                if (message.type == 7)
                                    sync.send({7, 0, message.parameter, "ok"});
                            }),
                            greeting);
        const auto link = server.link();
        VERIFY_OK(link->open(plenty()));
        const QByteArray command(3000, 'c');
        QCOMPARE(answer(link->query(command, ReplyShape::Line, plenty())), "ok"_ba);
    }

    void otherAnswersAreDropped_data()
    {
        QTest::addColumn<QByteArray>("before"); // "-": of the message before; "*": of any
        QTest::newRow("late whole") << "e-"_ba;
        QTest::newRow("late in parts") << "d-e-"_ba;
        QTest::newRow("late end of a part of any") << "d*e-"_ba;
        QTest::newRow("several") << "e-d-e-e-"_ba;
        QTest::newRow("begun with any") << "d*"_ba;
    }
    void otherAnswersAreDropped()
    {
        QFETCH(QByteArray, before);
        HislipServer server(answering([&](End &sync, End &, const Message &message) {
            for (qsizetype i = 0; i + 1 < before.size(); i += 2)
                sync.send({before[i] == 'e' ? 7 : 6, 0,
                           before[i + 1] == '*' ? 0xffffffffu : message.parameter - 2,
                           before == "d*" ? "ans" : "wrong\n"});
            sync.send({7, 0, message.parameter, before == "d*" ? "wer\n" : "answer\n"});
        }));
        const auto link = server.link();
        VERIFY_OK(link->open(plenty()));
        for (int i = 0; i < 3; ++i)
            QCOMPARE(answer(link->query("X?", ReplyShape::Line, plenty())), "answer"_ba);
    }

    /// A service request may come at any time, and is no answer.
    void serviceRequestsAreNoAnswers()
    {
        HislipServer server([](End &, End &async) {
            for (int status = 1; status < 6; ++status) {
                (void)async.next();
                async.send({20, 0x40, 0, {}});
                async.send({22, status, 0, {}});
                async.send({20, 0x40, 0, {}});
            }
        });
        const auto link = server.link();
        VERIFY_OK(link->open(plenty()));
        for (int status = 1; status < 6; ++status)
            QCOMPARE(int(link->statusByte(plenty()).value()), status);
    }

    void statusThatComesLateIsNotTheNext()
    {
        std::atomic<bool> isFirst = true;
        HislipServer server([&](End &, End &async) {
            (void)async.next();
            if (isFirst.exchange(false)) {
                QThread::msleep(80);
                async.send({22, 1, 0, {}});
                (void)async.next();
            }
            async.send({22, 2, 0, {}});
        });
        const auto link = server.link();
        VERIFY_OK(link->open(plenty()));
        VERIFY_ERROR(link->statusByte(Call::within(20ms)), ErrorCode::Timeout);
        QThread::msleep(100);
        QCOMPARE(int(link->statusByte(plenty()).value()), 2);
    }

    void interrupted_data()
    {
        QTest::addColumn<bool>("asyncFirst");
        QTest::newRow("synchronous first") << false;
        QTest::newRow("asynchronous first") << true;
    }
    void interrupted()
    {
        QFETCH(bool, asyncFirst);
        HislipServer server([asyncFirst](End &sync, End &async) {
            (void)sync.next(); // nobody reads its answer
            const Message second = sync.next();
            if (asyncFirst)
                async.send({14, 0, second.parameter, {}});
            sync.send({6, 0, second.parameter - 2, "old"});
            sync.send({13, 0, second.parameter, {}});
            if (!asyncFirst)
                async.send({14, 0, second.parameter, {}});
            sync.send({7, 0, second.parameter, "second\n"});
            const Message third = sync.next();
            sync.send({7, 0, third.parameter, "third\n"});
        });
        const auto link = server.link();
        VERIFY_OK(link->open(plenty()));
        VERIFY_OK(link->send("FIRST?", plenty()));
        QCOMPARE(answer(link->query("SECOND?", ReplyShape::Line, plenty())), "second"_ba);
        QCOMPARE(answer(link->query("THIRD?", ReplyShape::Line, plenty())), "third"_ba);
    }

    void overlapped()
    {
        Greeting greeting;
        greeting.initialized.control = 1;
        std::vector<Message> asked;
        HislipServer server(
            [&](End &sync, End &async) {
                uint32_t own = kFirst;
                for (int i = 0; i < 3; ++i) {
                    (void)sync.next();
                    sync.send({7, 0, own, std::to_string(i) + "\n"});
                    own += 2;
                }
                asked.push_back(async.next());
                async.send({22, 0, 0, {}});
            },
            greeting);
        const auto link = server.link();
        VERIFY_OK(link->open(plenty()));
        for (int i = 0; i < 3; ++i)
            QCOMPARE(answer(link->query("X?", ReplyShape::Line, plenty())), QByteArray::number(i));
        VERIFY_OK(link->statusByte(plenty()));
        QCOMPARE(asked.at(0).parameter, kFirst + 4); // the last that was read
    }

    void nonsense_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("connections"); // after the next query
        const auto row = [](const char *name, const std::string &bytes, ErrorCode code, int count) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << int(code) << count;
        };
        const std::string huge = "HS" + number(7, 1) + number(0, 1) + number(kFirst, 4);
        row("no prologue", "HTTP/1.1 400 Bad", ErrorCode::Protocol, 2);
        row("huge", huge + number(~0ull, 8), ErrorCode::Protocol, 2);
        row("fatal error", wire({2, 1, 0, "poorly formed"}), ErrorCode::Protocol, 2);
        row("error", wire({3, 4, 0, "message too large"}), ErrorCode::Protocol, 1);
        row("too many clients", wire({2, 4, 0, {}}), ErrorCode::NotConnected, 2);
    }
    void nonsense()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        QFETCH(int, connections);
        std::atomic<bool> isFirst = true;
        HislipServer server([&](End &sync, End &async) {
            for (;;) {
                if (isFirst.exchange(false)) {
                    (void)sync.next();
                    sync.sendRaw(bytes.toStdString());
                    if (connections > 1)
                        return;
                    (void)async.next(); // a device clear
                    async.send({23, 0, 0, {}});
                    (void)sync.next();
                    sync.send({9, 0, 0, {}});
                }
                const Message message = sync.next();
                sync.send({7, 0, message.parameter, "next\n"});
            }
        });
        const auto link = server.link();
        VERIFY_OK(link->open(plenty()));
        VERIFY_ERROR(link->query("X?", ReplyShape::Line, plenty()), ErrorCode(code));
        if (code == int(ErrorCode::NotConnected))
            VERIFY_OK(link->open(plenty()));
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        QCOMPARE(int(server.connections), connections);
    }

    void connectionsThatAreRefused_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("control");
        QTest::addColumn<QString>("says");
        QTest::newRow("too many clients") << 2 << 4 << u"no further clients"_s;
        QTest::newRow("encryption") << 1 << 2 << u"encrypted"_s;
        QTest::newRow("error") << 3 << 1 << u"reports"_s;
    }
    void connectionsThatAreRefused()
    {
        QFETCH(int, type);
        QFETCH(int, control);
        QFETCH(QString, says);
        Greeting greeting;
        greeting.initialized.type = type;
        greeting.initialized.control = control;
        HislipServer server([](End &, End &) {}, greeting);
        const auto link = server.link();
        const Status opened = link->open(plenty());
        QVERIFY(!opened);
        QVERIFY2(opened.error().message.contains(says), qPrintable(opened.error().message));
        QVERIFY(!link->isOpen());
    }

    void serverThatNeverAnswers()
    {
        ScriptedServer server(Wire::Socket, [](Peer &peer) { peer.hang(); });
        const auto link = makeTransport(addressAt(Wire::Hislip, server.port()), {}).value();
        QElapsedTimer timer;
        timer.start();
        VERIFY_ERROR(link->open(Call::within(100ms)), ErrorCode::Timeout);
        QVERIFY(timer.elapsed() >= 99 && timer.elapsed() <= 100 + kLateMs);
        Stopper stopper(nullptr, {});
        VERIFY_ERROR(link->open(stopper.call()), ErrorCode::Cancelled);
        VERIFY_SOON(stopper);
    }
};

QTEST_GUILESS_MAIN(HislipLinkTest)
#include "tst_hislip_link.moc"
