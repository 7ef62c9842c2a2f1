#include "drivers/transport/replay_transport.h"
#include "drivers/transport/trace_text.h"

#include "tests/drivers/transport/link_rig.h"

using namespace birch;
using namespace birch::test;

/// What was recorded over a real wire is played back, through the text of a file, as the
/// instrument.
class TraceReplayTest : public QObject
{
    Q_OBJECT
private slots:
    void sameDialogue_data() { addWires(); }
    void sameDialogue();
    void piecesAndBlocks_data() { addWires(); }
    void piecesAndBlocks();
    void afterATimeout_data() { addWires(); }
    void afterATimeout();
    void lostConnection_data() { addWires(); }
    void lostConnection();
    void differs_data();
    void differs();
    void cutAnswer();
    void noAddress();
    void statusAndClear();
};

namespace {
using Kind = TraceRecord::Kind;

/// A link to \a server that is recorded, and what a replay of it needs.
struct Recorded {
    explicit Recorded(const ScriptedServer &server, LinkOptions options,
                      qsizetype capacity = TraceRing::kLarge)
        : link(std::move(options))
        , ring(std::make_shared<TraceRing>(capacity))
        , address(QString::fromStdString(server.resource()))
        , transport(makeTransport(address, link, ring).value())
    {
    }
    std::unique_ptr<Transport> replay() const
    {
        const auto traces = traceFromText(traceToText({ring->snapshot(u"one"_s, address)}));
        return makeReplayTransport(traces.value().first(), link).value();
    }

    LinkOptions link;
    std::shared_ptr<TraceRing> ring;
    QString address;
    std::unique_ptr<Transport> transport;
};

/// Everything that a dialogue came to, so that two of them can be compared.
QByteArrayList dialogue(Transport &link)
{
    QByteArrayList told;
    const auto say = [&](const Status &status) {
        told << (status ? QByteArray("ok") : status.error().message.toUtf8());
    };
    say(link.open(plenty()));
    told << answer(link.query("NEXT?", ReplyShape::Line, plenty()));
    say(link.send("SET 1", plenty()));
    told << answer(link.query("BLOCK?", ReplyShape::Block, plenty()));
    told << answer(link.query("TWO?", ReplyShape::Line, plenty()));
    told << answer(link.read(ReplyShape::Line, plenty()));
    told << answer(link.query("NEXT?", ReplyShape::LineOrBlock, plenty()));
    link.close();
    return told;
}

ScriptedServer::Script talkative()
{
    return instrument([](Peer &peer, const std::string &line) {
        if (line == "BLOCK?")
            peer.write(block(noise(20000)).toStdString() + "\n");
        else if (line == "TWO?")
            peer.write("one\ntwo\n");
    });
}
} // namespace

void TraceReplayTest::sameDialogue()
{
    QFETCH(Wire, wire);
    QByteArrayList then;
    std::unique_ptr<Transport> replay;
    QString address;
    {
        ScriptedServer server(wire, talkative());
        Recorded recorded(server, options(wire));
        then = dialogue(*recorded.transport);
        QVERIFY2(!then.join(' ').contains("error"), then.join('\n'));
        replay = recorded.replay();
        address = recorded.transport->address();
    } // the instrument is gone
    QCOMPARE(replay->address(), address);
    QCOMPARE(dialogue(*replay), then);
}

void TraceReplayTest::piecesAndBlocks()
{
    QFETCH(Wire, wire);
    ScriptedServer server(wire, instrument([](Peer &peer, const std::string &) {
                              peer.write("#15a\nb\nc\n", 1, 200us);
                          }));
    Recorded recorded(server, options(wire));
    VERIFY_OK(recorded.transport->open(plenty()));
    QCOMPARE(answer(recorded.transport->query("B?", ReplyShape::Block, plenty())),
             QByteArray("#15a\nb\nc"));
    const auto replay = recorded.replay();
    VERIFY_OK(replay->open(plenty()));
    QCOMPARE(answer(replay->query("B?", ReplyShape::Block, plenty())), QByteArray("#15a\nb\nc"));
}

void TraceReplayTest::afterATimeout()
{
    QFETCH(Wire, wire);
    ScriptedServer server(wire, instrument()); // does not know SLOW?
    Recorded recorded(server, options(wire));
    const auto talk = [](Transport &link) {
        QByteArrayList told;
        told << (link.open(plenty()) ? "open" : "not open");
        const auto slow = link.query("SLOW?", ReplyShape::Line, Call::within(150ms));
        told << (slow ? "answered" : slow.error().code == ErrorCode::Timeout ? "silent" : "broken");
        told << answer(link.query("NEXT?", ReplyShape::Line, plenty()));
        return told;
    };
    const QByteArrayList then = talk(*recorded.transport);
    QCOMPARE(then, (QByteArrayList{"open", "silent", "next"}));
    QCOMPARE(talk(*recorded.replay()), then);
}

void TraceReplayTest::lostConnection()
{
    QFETCH(Wire, wire);
    ScriptedServer server(wire, [](Peer &peer) {
        if (peer.readLine() == "SYNC?") {
            peer.write("IN SYNC\n");
            (void)peer.readLine();
        }
        peer.cut();
    });
    Recorded recorded(server, options(wire));
    const auto talk = [](Transport &link) {
        VERIFY_OK(link.open(plenty()));
        VERIFY_ERROR(link.query("NEXT?", ReplyShape::Line, plenty()), ErrorCode::NotConnected);
        QVERIFY(!link.isOpen());
    };
    talk(*recorded.transport);
    talk(*recorded.replay());
}

void TraceReplayTest::differs_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QString>("said");
    QTest::newRow("first byte") << QByteArray("X") << u"byte 6 "_s;
    QTest::newRow("later byte") << QByteArray("VOLT 2") << u"byte 11 "_s;
    QTest::newRow("shorter") << QByteArray("VOLT") << u"byte 10 "_s;
    QTest::newRow("longer") << QByteArray("VOLT 1;*WAI") << u"byte 12 "_s;
    QTest::newRow("the same, then one too many") << QByteArray("VOLT 1") << u"byte 13 "_s;
}

void TraceReplayTest::differs()
{
    QFETCH(QByteArray, sent);
    QFETCH(QString, said);
    const auto record = [](Kind kind, const QByteArray &bytes = {}) {
        return TraceRecord{kind, {}, {}, bytes, bytes.size()};
    };
    for (const QString &address : {u"TCPIP0::h::1::SOCKET"_s, u"TCPIP0::h::inst0::INSTR"_s,
                                   u"TCPIP0::h::hislip0::INSTR"_s}) {
        const LinkTrace trace{{},
                              address,
                              0,
                              {record(Kind::Connect), record(Kind::Send, "NEXT?\n"),
                               record(Kind::End, "a\n"), record(Kind::Send, "VOLT 1\n")}};
        const auto replay = makeReplayTransport(trace, {}).value();
        VERIFY_OK(replay->open(plenty()));
        QCOMPARE(answer(replay->query("NEXT?", ReplyShape::Line, plenty())), QByteArray("a"));
        Status done = replay->send(sent, plenty());
        if (done)
            done = replay->send("*CLS", plenty());
        QVERIFY(!done);
        QVERIFY(done.error().code == ErrorCode::NotConnected);
        QVERIFY2(done.error().message.contains(said), qPrintable(done.error().message));
        QVERIFY(!replay->open(plenty())); // it stays so
    }
}

void TraceReplayTest::cutAnswer()
{
    ScriptedServer server(Wire::Socket, talkative());
    Recorded recorded(server, {}, TraceRing::kUsual); // keeps the beginning of long answers alone
    (void)dialogue(*recorded.transport);
    const auto replay = recorded.replay();
    VERIFY_OK(replay->open(plenty()));
    QCOMPARE(answer(replay->query("NEXT?", ReplyShape::Line, plenty())), QByteArray("next"));
    VERIFY_OK(replay->send("SET 1", plenty()));
    const auto reply = replay->query("BLOCK?", ReplyShape::Block, plenty());
    QVERIFY(!reply);
    QVERIFY2(reply.error().message.contains(u"--trace"_s), qPrintable(reply.error().message));
}

void TraceReplayTest::noAddress()
{
    QVERIFY(!makeReplayTransport({{}, u"here"_s, 0, {}}, {}));
    LinkOptions unusable;
    unusable.readTerminator.clear();
    QVERIFY(!makeReplayTransport({{}, u"ASRL1"_s, 0, {}}, unusable));
    const auto nothing = makeReplayTransport({{}, u"ASRL1"_s, 0, {}}, {}).value();
    VERIFY_ERROR(nothing->open(plenty()), ErrorCode::NotConnected);
}

void TraceReplayTest::statusAndClear()
{
    ScriptedServer server(Wire::Hislip, talkative());
    Recorded recorded(server, {});
    const auto talk = [](Transport &link) {
        QByteArrayList told;
        told << (link.open(plenty()) ? "open" : "not open");
        const auto status = link.statusByte(plenty());
        told << (status ? QByteArray::number(status.value()) : status.error().message.toUtf8());
        told << (link.clear(plenty()) ? "clear" : "not clear");
        told << answer(link.query("NEXT?", ReplyShape::Line, plenty()));
        return told;
    };
    const QByteArrayList then = talk(*recorded.transport);
    QCOMPARE(then.last(), QByteArray("next"));
    QCOMPARE(talk(*recorded.replay()), then);
}

QTEST_GUILESS_MAIN(TraceReplayTest)
#include "tst_trace_replay.moc"
