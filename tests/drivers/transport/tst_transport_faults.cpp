#include "tests/drivers/transport/link_rig.h"

#include <QRegularExpression>

using namespace birch;
using namespace birch::test;

/// The same table of transports as tst_transport_contract; what goes wrong.
class TransportFaultsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase_data() { addWires(); }

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
        Gate hasTimedOut;
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
        hasTimedOut.open();
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        QCOMPARE(answer(link->query("TWICE?", ReplyShape::Line, plenty())), "twice"_ba);
    }

    void lateAnswerThatLooksLikeTheResyncAnswer()
    {
        QFETCH_GLOBAL(Wire, wire);
        Gate hasTimedOut;
        ScriptedServer server(wire, [&](Peer &peer) {
            if (wire == Wire::Pty) { // the one that open() asks for
                peer.expect("SYNC?\n");
                peer.write("IN SYNC\n");
            }
            for (int count = 0;; ++count) {
                const std::string line = peer.readLine();
                if (count == 0 && peer.connection() == 1) {
                    peer.waitFor(hasTimedOut);
                    peer.pause(300ms);
                } else if (line == "SYNC?") {
                    peer.pause(20ms); // the second of two that look alike
                }
                peer.write(line == "SYNC?" ? "IN SYNC\n" : "other\n");
            }
        });
        LinkOptions patient = options(wire);
        patient.resync.quiet = 150ms;
        const auto link = linkTo(server, patient);
        VERIFY_OK(link->open(plenty()));
        VERIFY_ERROR(link->query("SYNC?", ReplyShape::Line, Call::within(25ms)),
                     ErrorCode::Timeout);
        hasTimedOut.open();
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
                                  peer.writePart(before.toStdString());
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
        Status sent = ok(); // the end of the connection may come a moment after its last bytes
        QTRY_VERIFY(!(sent = link->send("X", plenty())));
        QCOMPARE(int(sent.error().code), int(ErrorCode::NotConnected));
    }

    void worksAfterEachFault_data()
    {
        QTest::addColumn<QByteArray>("fault");
        for (const char *fault : {"SILENT?", "HALF?", "GARBLE?", "CUT?", "RESET?"})
            QTest::newRow(fault) << QByteArray(fault);
    }
    void worksAfterEachFault()
    {
        QFETCH_GLOBAL(Wire, wire);
        QFETCH(QByteArray, fault);
        ScriptedServer server(wire, instrument([](Peer &peer, const std::string &line) {
                                  if (line == "HALF?" || line == "CUT?" || line == "RESET?")
                                      peer.writePart("#510000abc");
                                  if (line == "GARBLE?")
                                      peer.write("%&$\n\r\n#");
                                  if (line == "CUT?")
                                      peer.cut();
                                  if (line == "RESET?")
                                      peer.reset();
                              }));
        const auto link = linkTo(server, options(wire));
        if (fault == "CUT?" || fault == "RESET?")
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"lost"_s));
        VERIFY_OK(link->open(plenty()));
        QVERIFY(!link->query(fault, ReplyShape::Block, Call::within(50ms)));
        VERIFY_OK(link->open(plenty()));
        QVERIFY(link->isOpen());
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
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

QTEST_GUILESS_MAIN(TransportFaultsTest)
#include "tst_transport_faults.moc"
