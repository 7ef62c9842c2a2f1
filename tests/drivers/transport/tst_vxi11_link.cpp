// What one client of VXI-11 sends, and what it makes of what servers have been seen to answer: raw
// records, written from the standard.
#include "drivers/transport/vxi11_link.h"
#include "tests/drivers/transport/link_rig.h"

using namespace birch;
using namespace birch::test;

namespace {

using Words = std::vector<uint32_t>;

std::string bytesOf(const Words &words)
{
    std::string bytes;
    for (const uint32_t word : words) {
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes += static_cast<char>(word >> shift);
    }
    return bytes;
}

std::string opaque(std::string bytes)
{
    const auto size = static_cast<uint32_t>(bytes.size());
    bytes.append((4 - bytes.size() % 4) % 4, '\0');
    return bytesOf({size}) + bytes;
}

struct Record {
    std::string bytes;
    uint32_t word(size_t index) const
    {
        uint32_t word = 0;
        for (size_t i = index * 4; i < index * 4 + 4; ++i)
            word = word << 8 | static_cast<unsigned char>(bytes.at(i));
        return word;
    }
    uint32_t xid() const { return word(0); }
    uint32_t procedure() const { return word(5); }
    uint32_t argument(size_t index) const { return word(10 + index); }
};

Record next(Peer &peer)
{
    const auto exactly = [&peer](size_t size) {
        std::string bytes;
        while (bytes.size() < size)
            bytes += peer.read(size - bytes.size());
        return bytes;
    };
    const Record mark{exactly(4)};
    return {exactly(mark.word(0) & 0x7fffffffu)};
}

std::string fragment(const std::string &bytes, bool isLast = true)
{
    return bytesOf({(isLast ? 0x80000000u : 0u) | static_cast<uint32_t>(bytes.size())}) + bytes;
}

std::string replyTo(uint32_t xid, const std::string &results)
{
    return bytesOf({xid, 1, 0, 0, 0, 0}) + results;
}

void answer(Peer &peer, const Record &call, const std::string &results)
{
    peer.write(fragment(replyTo(call.xid(), results)));
}

/// Takes the call that makes a link, and makes it.
void createLink(Peer &peer, uint32_t abortPort = 0, uint32_t most = 4096)
{
    const Record call = next(peer);
    if (call.procedure() != 10)
        peer.cut();
    answer(peer, call, bytesOf({0, 7, abortPort, most}));
}

std::string written(size_t size)
{
    return bytesOf({0, static_cast<uint32_t>(size)});
}

std::string readReply(uint32_t reason, const std::string &bytes)
{
    return bytesOf({0, reason}) + opaque(bytes);
}

/// Answers each query by \a results of its device_read, once the link is made.
ScriptedServer::Script reading(std::function<std::string(const Record &)> record)
{
    return [record = std::move(record)](Peer &peer) {
        createLink(peer);
        for (;;) {
            const Record call = next(peer);
            if (call.procedure() == 11)
                answer(peer, call, written(call.argument(4)));
            else if (call.procedure() == 12)
                peer.write(record(call));
            else
                answer(peer, call, bytesOf({0}));
        }
    };
}

std::unique_ptr<Transport> linkTo(const ScriptedServer &server)
{
    return makeTransport(addressAt(Wire::Vxi11, server.port()), {}).value();
}

} // namespace

class Vxi11LinkTest : public QObject
{
    Q_OBJECT

private slots:
    void whatIsSent()
    {
        std::vector<Record> calls;
        ScriptedServer server(Wire::Socket, [&](Peer &peer) {
            for (const std::string &results :
                 {bytesOf({0, 0, 0, 4096}), written(6), readReply(4, "ok\n"), bytesOf({0})}) {
                calls.push_back(next(peer));
                answer(peer, calls.back(), results);
            }
            peer.expectEnd();
        });
        const auto link = linkTo(server);
        VERIFY_OK(link->open(plenty()));
        QCOMPARE(answer(link->query("*IDN?", ReplyShape::Line, plenty())), "ok"_ba);
        link->close();
        QTRY_COMPARE(calls.size(), 4U);
        for (size_t i = 0; i < 4; ++i) {
            QCOMPARE(calls[i].xid(), calls[0].xid() + i);
            QCOMPARE(calls[i].bytes.substr(4, 16), bytesOf({0, 2, 0x0607AF, 1}));
            QCOMPARE(calls[i].bytes.substr(24, 16), bytesOf({0, 0, 0, 0}));
        }
        QCOMPARE(calls[0].procedure(), 10U);
        QCOMPARE(calls[0].argument(1), 0U); // no lock, and no time for one
        QCOMPARE(calls[0].argument(2), 0U);
        QCOMPARE(calls[0].bytes.substr(52), opaque("inst0"));
        QCOMPARE(calls[1].procedure(), 11U);
        QCOMPARE(calls[1].argument(0), 0U); // a link called 0
        QVERIFY(calls[1].argument(1) > 9000 && calls[1].argument(1) <= 10000);
        QCOMPARE(calls[1].argument(3), 8U); // END
        QCOMPARE(calls[1].bytes.substr(56), opaque("*IDN?\n"));
        QCOMPARE(calls[2].procedure(), 12U);
        QCOMPARE(calls[2].argument(4), 0U);
        QCOMPARE(calls[3].procedure(), 23U);
        QVERIFY(server.failures().empty());
    }

    void piecesOfACommand_data()
    {
        QTest::addColumn<uint>("most");
        QTest::addColumn<uint>("taken"); // at most, of each piece
        QTest::addColumn<uint>("piece");
        QTest::newRow("names no size") << 0U << 100000U << 1024U;
        QTest::newRow("less than allowed") << 512U << 100000U << 512U;
        QTest::newRow("takes less than was sent") << 1024U << 700U << 1024U;
        QTest::newRow("absurd") << 0xffffffffU << 100000U << 5001U;
    }
    void piecesOfACommand()
    {
        QFETCH(uint, most);
        QFETCH(uint, taken);
        QFETCH(uint, piece);
        std::string received;
        std::vector<uint32_t> flags;
        uint32_t largest = 0;
        ScriptedServer server(Wire::Socket, [&](Peer &peer) {
            createLink(peer, 0, most);
            for (;;) {
                const Record call = next(peer);
                if (call.procedure() != 11) {
                    answer(peer, call, call.procedure() == 12 ? readReply(4, "ok") : bytesOf({0}));
                    continue;
                }
                const uint32_t size = std::min(call.argument(4), taken);
                largest = std::max(largest, call.argument(4));
                flags.push_back(call.argument(3));
                received += call.bytes.substr(60, size);
                answer(peer, call, written(size));
            }
        });
        const auto link = linkTo(server);
        VERIFY_OK(link->open(plenty()));
        const QByteArray command(5000, 'c');
        QCOMPARE(answer(link->query(command, ReplyShape::Line, plenty())), "ok"_ba);
        QCOMPARE(QByteArray::fromStdString(received), command + '\n');
        QCOMPARE(largest, piece);
        QVERIFY(flags.back() == 8);
    }

    void takesNothing()
    {
        ScriptedServer server(Wire::Socket, [](Peer &peer) {
            createLink(peer);
            for (;;)
                answer(peer, next(peer), written(0));
        });
        const auto link = linkTo(server);
        VERIFY_OK(link->open(plenty()));
        VERIFY_ERROR(link->send("X", plenty()), ErrorCode::Protocol);
    }

    void replies_data()
    {
        QTest::addColumn<QByteArray>("first"); // reason and bytes of two device_read
        QTest::addColumn<uint>("firstReason");
        QTest::addColumn<QByteArray>("second");
        QTest::addColumn<uint>("secondReason");
        QTest::newRow("whole") << "1.5\n"_ba << 4U << ""_ba << 0U;
        QTest::newRow("as long as asked, and whole") << "1.5\n"_ba << 5U << ""_ba << 0U;
        QTest::newRow("buffer full") << "1"_ba << 0U << ".5\n"_ba << 4U;
        QTest::newRow("as long as asked, more to come") << "1."_ba << 1U << "5"_ba << 4U;
        QTest::newRow("nothing yet") << ""_ba << 0U << "1.5"_ba << 4U;
        QTest::newRow("the end alone") << "1.5\n"_ba << 1U << ""_ba << 4U;
        QTest::newRow("a terminator nobody asked for") << "1.5\n"_ba << 2U << ""_ba << 4U;
    }
    void replies()
    {
        QFETCH(QByteArray, first);
        QFETCH(uint, firstReason);
        QFETCH(QByteArray, second);
        QFETCH(uint, secondReason);
        int reads = 0;
        ScriptedServer server(
            Wire::Socket, reading([&](const Record &call) {
                const bool isFirst = reads++ % 2 == 0 || secondReason == 0;
                return fragment(
                    replyTo(call.xid(), readReply(isFirst ? firstReason : secondReason,
                                                  (isFirst ? first : second).toStdString())));
            }));
        const auto link = linkTo(server);
        VERIFY_OK(link->open(plenty()));
        for (int i = 0; i < 2; ++i)
            QCOMPARE(answer(link->query("X?", ReplyShape::Line, plenty())), "1.5"_ba);
        QCOMPARE(reads, secondReason == 0 ? 2 : 4); // none too many
    }

    void fragments()
    {
        ScriptedServer server(
            Wire::Socket, reading([](const Record &call) {
                const std::string whole = replyTo(call.xid(), readReply(4, "fragments\n"));
                std::string wire;
                for (const char byte : whole)
                    wire += fragment(std::string(1, byte), false) + fragment("", false);
                return wire + fragment("");
            }));
        const auto link = linkTo(server);
        VERIFY_OK(link->open(plenty()));
        QCOMPARE(answer(link->query("X?", ReplyShape::Line, plenty())), "fragments"_ba);
    }

    void nonsense_data()
    {
        QTest::addColumn<QByteArray>("record");
        const auto row = [](const char *name, const std::string &record) {
            QTest::newRow(name) << QByteArray::fromStdString(record);
        };
        const std::string good = readReply(4, "x");
        row("another id", fragment(replyTo(1, good)));
        row("a call", fragment(bytesOf({1, 0, 2, 0x0607AF, 1, 10, 0, 0, 0, 0})));
        row("empty", fragment(""));
        row("huge", bytesOf({0xffffffff}));
        row("text", "HTTP/1.1 400 Bad Request\r\n\r\n                    ");
    }
    void nonsense()
    {
        QFETCH(QByteArray, record);
        int reads = 0;
        ScriptedServer server(Wire::Socket, reading([&](const Record &call) {
                                  return reads++ == 0
                                             ? record.toStdString()
                                             : fragment(replyTo(call.xid(), readReply(4, "next")));
                              }));
        const auto link = linkTo(server);
        VERIFY_OK(link->open(plenty()));
        VERIFY_ERROR(link->query("X?", ReplyShape::Line, plenty()), ErrorCode::Protocol);
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        QCOMPARE(server.connections(), 2); // the old one can not be understood any more
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("body"); // of the reply to device_read, behind the id
        QTest::addColumn<int>("code");
        const auto row = [](const char *name, const Words &words, ErrorCode code) {
            QTest::newRow(name) << QByteArray::fromStdString(bytesOf(words)) << int(code);
        };
        row("program unavailable", {1, 0, 0, 0, 1}, ErrorCode::Protocol);
        row("program mismatch", {1, 0, 0, 0, 2, 2, 3}, ErrorCode::Protocol);
        row("procedure unavailable", {1, 0, 0, 0, 3}, ErrorCode::Protocol);
        row("garbage arguments", {1, 0, 0, 0, 4}, ErrorCode::Protocol);
        row("denied", {1, 1, 1, 1}, ErrorCode::Protocol);
        row("cut off", {1, 0, 0, 0, 0}, ErrorCode::Protocol);
        row("data cut off", {1, 0, 0, 0, 0, 0, 4, 100}, ErrorCode::Protocol);
        row("locked", {1, 0, 0, 0, 0, 11, 0, 0}, ErrorCode::Conflict);
        row("I/O error", {1, 0, 0, 0, 0, 17, 0, 0}, ErrorCode::Protocol);
        row("aborted by somebody", {1, 0, 0, 0, 0, 23, 0, 0}, ErrorCode::Protocol);
        row("not supported", {1, 0, 0, 0, 0, 8, 0, 0}, ErrorCode::BadInput);
        row("unheard of", {1, 0, 0, 0, 0, 999, 0, 0}, ErrorCode::Protocol);
    }
    void refusals()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, code);
        int reads = 0;
        ScriptedServer server(Wire::Socket, reading([&](const Record &call) {
                                  return fragment(reads++ == 0
                                                      ? bytesOf({call.xid()}) + body.toStdString()
                                                      : replyTo(call.xid(), readReply(4, "next")));
                              }));
        const auto link = linkTo(server);
        VERIFY_OK(link->open(plenty()));
        VERIFY_ERROR(link->query("X?", ReplyShape::Line, plenty()), ErrorCode(code));
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    /// A server that holds a call past its limit is stopped by the abort channel; the last word of
    /// that call is dropped, and the connection stays.
    void lateReplyAfterAnAbort()
    {
        Gate isAborted;
        ScriptedServer abort(Wire::Socket, [&](Peer &peer) {
            const Record call = next(peer);
            if (call.word(3) == 0x0607B0 && call.procedure() == 1 && call.argument(0) == 7)
                isAborted.open();
            answer(peer, call, bytesOf({0}));
        });
        int reads = 0;
        ScriptedServer server(Wire::Socket, [&](Peer &peer) {
            createLink(peer, static_cast<uint32_t>(abort.port()));
            for (;;) {
                const Record call = next(peer);
                if (call.procedure() == 11) {
                    answer(peer, call, written(call.argument(4)));
                } else if (call.procedure() != 12) {
                    answer(peer, call, bytesOf({0}));
                } else if (reads++ == 0) {
                    peer.waitFor(isAborted);
                    answer(peer, call, readReply(4, "late"));
                } else {
                    answer(peer, call, readReply(4, "next"));
                }
            }
        });
        const auto link = linkTo(server);
        VERIFY_OK(link->open(plenty()));
        QElapsedTimer timer;
        timer.start();
        VERIFY_ERROR(link->query("SLOW?", ReplyShape::Line, Call::within(50ms)),
                     ErrorCode::Timeout);
        QVERIFY(timer.elapsed() <= 50 + kLateMs);
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        QVERIFY(isAborted.isOpen());
        QCOMPARE(server.connections(), 1);
    }

    void stopAborts()
    {
        Gate isAborted;
        ScriptedServer abort(Wire::Socket, [&](Peer &peer) {
            const Record call = next(peer);
            isAborted.open();
            answer(peer, call, bytesOf({0}));
        });
        ScriptedServer server(Wire::Socket, [&](Peer &peer) {
            createLink(peer, static_cast<uint32_t>(abort.port()));
            const Record write = next(peer);
            answer(peer, write, written(write.argument(4)));
            const Record read = next(peer);
            peer.waitFor(isAborted);
            answer(peer, read, bytesOf({23, 0, 0}));
        });
        const auto link = linkTo(server);
        VERIFY_OK(link->open(plenty()));
        Stopper stopper(nullptr, {});
        VERIFY_ERROR(link->query("SLOW?", ReplyShape::Line, stopper.call()), ErrorCode::Cancelled);
        VERIFY_SOON(stopper);
        QVERIFY(isAborted.wait(1s));
    }

    void serverThatNeverAnswers()
    {
        ScriptedServer server(Wire::Socket, [](Peer &peer) { peer.hang(); });
        const auto link = linkTo(server);
        QElapsedTimer timer;
        timer.start();
        VERIFY_ERROR(link->open(Call::within(100ms)), ErrorCode::Timeout);
        QVERIFY(timer.elapsed() >= 99 && timer.elapsed() <= 100 + kLateMs);
        Stopper stopper(nullptr, {});
        VERIFY_ERROR(link->open(stopper.call()), ErrorCode::Cancelled);
        VERIFY_SOON(stopper);
    }

    void linksThatAreRefused_data()
    {
        QTest::addColumn<uint>("error");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such device") << 3U << int(ErrorCode::NotConnected) << u"inst0"_s;
        QTest::newRow("no link left") << 9U << int(ErrorCode::NotConnected) << u"no further"_s;
        QTest::newRow("locked") << 11U << int(ErrorCode::Conflict) << u"locked by another client"_s;
    }
    void linksThatAreRefused()
    {
        QFETCH(uint, error);
        QFETCH(int, code);
        QFETCH(QString, says);
        ScriptedServer server(Wire::Socket, [error](Peer &peer) {
            answer(peer, next(peer), bytesOf({error, 0, 0, 0}));
        });
        const auto link = linkTo(server);
        const Status opened = link->open(plenty());
        VERIFY_ERROR(opened, ErrorCode(code));
        QVERIFY2(opened.error().message.contains(says), qPrintable(opened.error().message));
    }

    void portmapperWithoutTheProgram()
    {
        ScriptedServer portmapper(Wire::Socket, [](Peer &peer) {
            const Record call = next(peer);
            if (call.bytes.substr(40) == bytesOf({0x0607AF, 1, 6, 0}))
                answer(peer, call, bytesOf({0}));
        });
        Vxi11Link link({u"127.0.0.1"_s, 0, quint16(portmapper.port()), u"inst0"_s}, std::nullopt);
        const Status opened = link.open(plenty());
        VERIFY_ERROR(opened, ErrorCode::NotConnected);
        QVERIFY2(opened.error().message.contains(u"does not offer VXI-11"_s),
                 qPrintable(opened.error().message));
    }
};

QTEST_GUILESS_MAIN(Vxi11LinkTest)
#include "tst_vxi11_link.moc"
