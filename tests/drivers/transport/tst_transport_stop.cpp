#include "tests/drivers/transport/link_rig.h"

using namespace birch;
using namespace birch::test;

namespace {

/// More than the buffers of any loopback socket or terminal take.
QByteArray endless()
{
    return QByteArray(64 * 1024 * 1024, 'x');
}

/// Reads nothing after "HANG" until \a isOver.
ScriptedServer::Script hanging(const Gate &isOver)
{
    return instrument([&isOver](Peer &peer, const std::string &) { peer.waitFor(isOver); });
}

} // namespace

/// Whatever a call waits for, a stop from another thread ends it, and the link works afterwards.
class TransportStopTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase_data() { addWires(); }

    void inOpen()
    {
        QFETCH_GLOBAL(Wire, wire);
        BlackHole hole;
        ScriptedServer silent(wire, [](Peer &peer) { peer.hang(); });
        const QString where = wire == Wire::Pty ? QString::fromStdString(silent.resource())
                                                : addressAt(wire, hole.port());
        const auto link = makeTransport(where, options(wire));
        Stopper stopper(nullptr, {});
        VERIFY_ERROR(link.value()->open(stopper.call()), ErrorCode::Cancelled);
        VERIFY_SOON(stopper);
        QVERIFY(!link.value()->isOpen());
    }

    void inQuery()
    {
        QFETCH_GLOBAL(Wire, wire);
        ScriptedServer server(wire, instrument([](Peer &, const std::string &) {}));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        Stopper stopper(&server, "SILENT?\n");
        VERIFY_ERROR(link->query("SILENT?", ReplyShape::Line, stopper.call()),
                     ErrorCode::Cancelled);
        VERIFY_SOON(stopper);
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void inRead()
    {
        QFETCH_GLOBAL(Wire, wire);
        ScriptedServer server(wire, instrument([](Peer &peer, const std::string &) {
                                  peer.write("1\n");
                                  peer.writePart("2");
                              }));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        VERIFY_OK(link->query("HALF?", ReplyShape::Line, plenty()));
        Stopper stopper(&server, "HALF?\n");
        VERIFY_ERROR(link->read(ReplyShape::Line, stopper.call()), ErrorCode::Cancelled);
        VERIFY_SOON(stopper);
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void inSend()
    {
        QFETCH_GLOBAL(Wire, wire);
        Gate isOver;
        ScriptedServer server(wire, hanging(isOver));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        VERIFY_OK(link->send("HANG", plenty()));
        QVERIFY(server.waitForReceived("HANG\n", 5s));
        Stopper stopper(nullptr, {});
        VERIFY_ERROR(link->send(endless(), stopper.call()), ErrorCode::Cancelled);
        VERIFY_SOON(stopper);
        isOver.open();
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void inResync()
    {
        QFETCH_GLOBAL(Wire, wire);
        if (wire != Wire::Pty)
            QSKIP("resynchronises by connecting, or by a device clear that answers at once");
        Gate isOver;
        ScriptedServer server(wire, hanging(isOver));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        VERIFY_ERROR(link->query("HANG", ReplyShape::Line, Call::within(20ms)), ErrorCode::Timeout);
        Stopper stopper(nullptr, {});
        VERIFY_ERROR(link->query("NEXT?", ReplyShape::Line, stopper.call()), ErrorCode::Cancelled);
        VERIFY_SOON(stopper);
        isOver.open();
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void inGapBetweenCommands()
    {
        QFETCH_GLOBAL(Wire, wire);
        ScriptedServer server(wire, instrument());
        LinkOptions slow = options(wire);
        slow.minGap = 5s;
        const auto link = linkTo(server, slow);
        VERIFY_OK(link->open(plenty()));
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        Stopper stopper(nullptr, {});
        VERIFY_ERROR(link->query("NEXT?", ReplyShape::Line, stopper.call()), ErrorCode::Cancelled);
        VERIFY_SOON(stopper);
        VERIFY_ERROR(link->query("NEXT?", ReplyShape::Line, Call::within(20ms)),
                     ErrorCode::Timeout);
    }

    void beforeTheCall()
    {
        QFETCH_GLOBAL(Wire, wire);
        ScriptedServer server(wire, instrument());
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        const std::string before = server.received();
        std::stop_source source;
        source.request_stop();
        const Call stopped = Call::within(kPlenty, source.get_token());
        VERIFY_ERROR(link->query("A?", ReplyShape::Line, stopped), ErrorCode::Cancelled);
        VERIFY_ERROR(link->send("A", stopped), ErrorCode::Cancelled);
        VERIFY_ERROR(link->read(ReplyShape::Line, stopped), ErrorCode::Cancelled);
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        QCOMPARE(server.received(), before + "NEXT?\n"); // nothing was sent, nothing resynchronised
        VERIFY_ERROR(link->open(stopped), ErrorCode::Cancelled);
        QVERIFY(!link->isOpen());
    }

    void hungFlowControl()
    {
        QFETCH_GLOBAL(Wire, wire);
        Gate isOver;
        ScriptedServer server(wire, hanging(isOver));
        const auto link = linkTo(server, options(wire));
        VERIFY_OK(link->open(plenty()));
        VERIFY_OK(link->send("HANG", plenty()));
        QVERIFY(server.waitForReceived("HANG\n", 5s));
        const QByteArray message = endless();
        QElapsedTimer timer;
        timer.start();
        VERIFY_ERROR(link->send(message, Call::within(200ms)), ErrorCode::Timeout);
        const qint64 elapsed = timer.elapsed();
        QVERIFY2(elapsed >= 199 && elapsed <= 200 + kLateMs, qPrintable(QString::number(elapsed)));
        timer.start();
        VERIFY_ERROR(link->query(message, ReplyShape::Line, Call::within(200ms)),
                     ErrorCode::Timeout);
        QVERIFY(timer.elapsed() <= 200 + kLateMs);
        isOver.open();
        VERIFY_OK(link->open(plenty()));
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }
};

QTEST_GUILESS_MAIN(TransportStopTest)
#include "tst_transport_stop.moc"
