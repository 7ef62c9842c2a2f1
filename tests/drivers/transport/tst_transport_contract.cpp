#include "tests/drivers/transport/link_rig.h"

using namespace birch;
using namespace birch::test;

/// One table of behaviours; every test runs once per transport.
class TransportContractTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase_data() { addWires(); }

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
                                  peer.writePart(bytes.substr(0, at));
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
        if (carriesMessages(wire))
            QSKIP("the end of a message is known");
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

    /// An instrument need not know locks: it says so, and goes on as before.
    void lockWhereThereIsNone()
    {
        QFETCH_GLOBAL(Wire, wire);
        ScriptedServer server(wire, instrument());
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        const bool isAmongPrograms = wire == Wire::Socket; // without a word to the instrument
        for (int i = 0; i < 2; ++i) {
            if (isAmongPrograms)
                VERIFY_OK(link->lock(plenty()));
            else
                VERIFY_ERROR(link->lock(plenty()), ErrorCode::BadInput);
            QCOMPARE(link->isLocked(), isAmongPrograms);
            QVERIFY(!link->isInDoubt());
            QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        }
        QCOMPARE(server.connections(), 1);
        QVERIFY(server.failures().empty());
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
};

QTEST_GUILESS_MAIN(TransportContractTest)
#include "tst_transport_contract.moc"
