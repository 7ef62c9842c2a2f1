#include "tests/drivers/transport/link_rig.h"

#include <QFile>
#include <QRegularExpression>

#include <termios.h>
#include <unistd.h>

using namespace birch;
using namespace birch::test;

namespace {

int lossesLogged = 0;

void countLosses(QtMsgType type, const QMessageLogContext &context, const QString &)
{
    if (type == QtWarningMsg && qstrcmp(context.category, "birch.transport") == 0)
        ++lossesLogged;
}

/// Counts the losses logged while it lives.
class LossCounter
{
public:
    LossCounter()
        : m_before(qInstallMessageHandler(countLosses))
    {
        lossesLogged = 0;
    }
    ~LossCounter() { qInstallMessageHandler(m_before); }
    int count() const { return lossesLogged; }

private:
    QtMessageHandler m_before;
};

void spinEventLoop(std::chrono::milliseconds duration)
{
    QEventLoop loop;
    QTimer::singleShot(duration, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace

/// What only a serial port has.
class SerialLinkTest : public QObject
{
    Q_OBJECT

private slots:
    void vanishesWhileIdle()
    {
        Gate go;
        ScriptedServer server(Wire::Pty, instrument([&go](Peer &peer, const std::string &) {
                                  peer.waitFor(go);
                                  peer.cut();
                              }));
        const auto link = linkTo(server, options(Wire::Pty));
        VERIFY_OK(link->open(plenty()));
        VERIFY_OK(link->send("VANISH", plenty()));
        LossCounter losses;
        go.open();
        const double before = threadCpuMs();
        QTRY_VERIFY(!link->isOpen());
        spinEventLoop(300ms); // the time in which an open port would report a million errors
        const double used = threadCpuMs() - before;
        QVERIFY2(used < 40, qPrintable(QString::number(used)));
        for (int i = 0; i < 3; ++i)
            VERIFY_ERROR(link->query("NEXT?", ReplyShape::Line, plenty()), ErrorCode::NotConnected);
        QCOMPARE(losses.count(), 1);
        VERIFY_OK(link->open(plenty()));
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void vanishesUnderAQuery()
    {
        ScriptedServer server(Wire::Pty,
                              instrument([](Peer &peer, const std::string &) { peer.cut(); }));
        const auto link = linkTo(server, options(Wire::Pty));
        VERIFY_OK(link->open(plenty()));
        LossCounter losses;
        const double before = threadCpuMs();
        VERIFY_ERROR(link->query("VANISH", ReplyShape::Line, plenty()), ErrorCode::NotConnected);
        VERIFY_ERROR(link->send("X", plenty()), ErrorCode::NotConnected);
        spinEventLoop(200ms);
        const double used = threadCpuMs() - before;
        QVERIFY2(used < 40, qPrintable(QString::number(used)));
        QCOMPARE(losses.count(), 1);
    }

    void heldBySomebodyElse()
    {
        ScriptedServer server(Wire::Pty, instrument());
        const auto first = linkTo(server, options(Wire::Pty));
        const auto second = linkTo(server, options(Wire::Pty));
        VERIFY_OK(first->open(plenty()));
        const Status refused = second->open(plenty());
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY2(refused.error().message.contains(QString::number(::getpid())),
                 qPrintable(refused.error().message));
        // The same device under its own name instead of the link.
        const QString real = QFile::symLinkTarget(QString::fromStdString(server.path()));
        const auto third = makeTransport(u"ASRL"_s + real, options(Wire::Pty));
        VERIFY_ERROR(third.value()->open(plenty()), ErrorCode::Conflict);
        first->close();
        VERIFY_OK(second->open(plenty()));
        QCOMPARE(answer(second->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void framingIsApplied_data()
    {
        QTest::addColumn<SerialFlow>("flow");
        QTest::newRow("none") << SerialFlow::None;
        QTest::newRow("XON/XOFF") << SerialFlow::XonXoff;
        QTest::newRow("RTS/CTS") << SerialFlow::RtsCts;
    }
    void framingIsApplied()
    {
        QFETCH(SerialFlow, flow);
        ScriptedServer server(Wire::Pty, instrument());
        LinkOptions link = options(Wire::Pty);
        link.serial.baud = 19200;
        link.serial.dataBits = 7;
        link.serial.parity = SerialParity::Odd;
        link.serial.stopBits = SerialStopBits::Two;
        link.serial.flow = flow;
        link.serial.dtr = LinePolicy::On; // a pseudo-terminal has neither line
        link.serial.rts = LinePolicy::Off;
        const auto transport = linkTo(server, link);
        VERIFY_OK(transport->open(plenty()));
        termios line{};
        QFile device(QString::fromStdString(server.path()));
        QVERIFY(device.open(QIODevice::ReadWrite | QIODevice::Unbuffered));
        QCOMPARE(tcgetattr(device.handle(), &line), 0);
        QCOMPARE(cfgetospeed(&line), speed_t(B19200));
        // The kernel keeps 8 bits without parity on a pseudo-terminal: only the rest can be seen.
        QVERIFY(line.c_cflag & CSTOPB);
        QVERIFY(line.c_cflag & PARODD);
        QCOMPARE(bool(line.c_cflag & CRTSCTS), flow == SerialFlow::RtsCts);
        QCOMPARE(bool(line.c_iflag & IXON), flow == SerialFlow::XonXoff);
        QCOMPARE(answer(transport->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void answerToAnEarlierOwner()
    {
        Gate isOpening;
        ScriptedServer server(Wire::Pty, [&](Peer &peer) {
            peer.expect("SYNC?\nOLD?\n"); // somebody asks and dies
            peer.write("IN SYNC\n");
            peer.waitFor(isOpening);
            peer.write("old\n");
            instrument()(peer);
        });
        const auto killed = linkTo(server, {});
        VERIFY_OK(killed->open(plenty()));
        VERIFY_OK(killed->send("SYNC?", plenty()));
        VERIFY_OK(killed->send("OLD?", plenty()));
        killed->close();
        const auto link = linkTo(server, options(Wire::Pty));
        isOpening.open();
        VERIFY_OK(link->open(plenty()));
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
    }

    void talkOnlyInstrument()
    {
        ScriptedServer server(Wire::Pty, [](Peer &peer) {
            for (;;) {
                peer.write("+1.5\n");
                peer.pause(5ms);
            }
        });
        const auto link = linkTo(server, options(Wire::Pty));
        QElapsedTimer timer;
        timer.start();
        VERIFY_ERROR(link->open(Call::within(200ms)), ErrorCode::Timeout);
        QVERIFY(timer.elapsed() <= 200 + kLateMs);
        QVERIFY(!link->isOpen());
    }

    void halfACommandIsEnded()
    {
        Gate isOver;
        ScriptedServer server(Wire::Pty, [&](Peer &peer) {
            peer.expect("SYNC?\n");
            peer.write("IN SYNC\n");
            peer.waitFor(isOver);
            instrument()(peer);
        });
        const auto link = linkTo(server, options(Wire::Pty));
        VERIFY_OK(link->open(plenty()));
        VERIFY_ERROR(link->send(QByteArray(1'000'000, 'x'), Call::within(100ms)),
                     ErrorCode::Timeout);
        isOver.open();
        QCOMPARE(answer(link->query("NEXT?", ReplyShape::Line, plenty())), "next"_ba);
        QVERIFY(server.received().find("x\nSYNC?\nNEXT?\n") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(SerialLinkTest)
#include "tst_serial_link.moc"
