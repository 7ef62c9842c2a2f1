#include "drivers/transport/serial_attributes.h"
#include "drivers/transport/serial_link.h"
#include "tests/drivers/transport/serial_fake.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <functional>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Change = std::function<void(SerialOptions &, FakeSerialPort &)>;

const QString kPort = u"/dev/birch-test-port"_s;

Call soon()
{
    return Call::within(5s);
}

QStringList words(const char *text)
{
    return QString::fromLatin1(text).split(u", "_s);
}

} // namespace

Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(birch::SerialOptions)

/// Which calls a serial port takes, in which order, and what its control lines do.
class SerialCallsTest : public QObject
{
    Q_OBJECT
private slots:
    void openAndClose_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QStringList>("calls");
        QTest::addColumn<int>("dtrFalls");
        const auto row = [](const char *name, const char *calls, int falls, const Change &change) {
            QTest::newRow(name) << change << words(calls) << falls;
        };
        constexpr auto kPlain = "open, lock, exclusive, get, set, discard, set, shared, close";
        row("as it is", kPlain, 0, [](auto &, auto &) {});
        row("DTR on", "open, lock, exclusive, get, set, dtr on, discard, set, shared, close", 0,
            [](auto &options, auto &) { options.dtr = LinePolicy::On; });
        row("DTR off", "open, lock, exclusive, get, set, dtr off, discard, set, shared, close", 1,
            [](auto &options, auto &) { options.dtr = LinePolicy::Off; });
        row("RTS on", "open, lock, exclusive, get, set, rts on, discard, set, shared, close", 0,
            [](auto &options, auto &) { options.rts = LinePolicy::On; });
        row("both off",
            "open, lock, exclusive, get, set, dtr off, rts off, discard, set, shared, close", 1,
            [](auto &options, auto &) { options.dtr = options.rts = LinePolicy::Off; });
        row("RTS under RTS/CTS is the driver's", kPlain, 0, [](auto &options, auto &) {
            options.rts = LinePolicy::Off;
            options.flow = SerialFlow::RtsCts;
        });
        row("a rate without a name",
            "open, lock, exclusive, get, set, baud 250000, discard, set, shared, close", 0,
            [](auto &options, auto &) { options.baud = 250'000; });
        row("no control lines",
            "open, lock, exclusive, get, set, dtr on, rts on, discard, set, "
            "shared, close",
            0, [](auto &options, auto &port) {
                options.dtr = options.rts = LinePolicy::On;
                port.failures = {{u"dtr"_s, -ENOTTY}, {u"rts"_s, -ENOTTY}};
            });
        row("left at rate 0", kPlain, 0,
            [](auto &, auto &port) { ::cfsetspeed(&port.before, B0); });
        row("no exclusive use", kPlain, 0, [](auto &, auto &port) {
            port.failures = {{u"exclusive"_s, -ENOTTY}};
        });
        row("a command is on its way", kPlain, 0, [](auto &, auto &port) { port.toLeave = 5; });
        row("a line that takes nothing",
            "open, lock, exclusive, get, set, discard, discard unsent, set, shared, close", 0,
            [](auto &, auto &port) { port.toLeave = -1; });
    }
    void openAndClose()
    {
        QFETCH(Change, change);
        QFETCH(QStringList, calls);
        QFETCH(int, dtrFalls);
        FakeSerialPort port;
        SerialOptions options;
        change(options, port);
        const termios before = port.before;
        SerialLink link(kPort, options, port);
        const Status opened = link.open(soon());
        QVERIFY2(bool(opened), opened ? "" : qPrintable(opened.error().message));
        QVERIFY(!(port.before.c_cflag & HUPCL));
        const bool wasDtrUp = port.isDtrUp;
        const bool wasRtsUp = port.isRtsUp;
        QElapsedTimer timer;
        timer.start();
        link.close();
        QVERIFY2(timer.elapsed() < 600, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(port.calls, calls);
        QCOMPARE(port.isDtrUp, wasDtrUp); // closing moves nothing
        QCOMPARE(port.isRtsUp, wasRtsUp);
        QCOMPARE(port.dtrFalls, dtrFalls);
        // Given back as it was, but that nothing hangs up.
        QCOMPARE(port.before.c_lflag, before.c_lflag);
        QCOMPARE(port.before.c_cflag & CSIZE, before.c_cflag & CSIZE);
        QVERIFY(!(port.before.c_cflag & HUPCL));
        QVERIFY(::cfgetospeed(&port.before) != B0);
        // A second program finds DTR where it is, and so does the board.
        opensAgain(link, port, dtrFalls);
    }

    void failedOpens_data()
    {
        QTest::addColumn<QString>("call");
        QTest::addColumn<int>("error");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        QTest::addColumn<QStringList>("calls");
        const auto row = [](const char *name, const QString &call, int error, ErrorCode code,
                            const QString &said, const char *calls) {
            QTest::newRow(name) << call << -error << int(code) << said << words(calls);
        };
        row("not there", u"open"_s, ENOENT, ErrorCode::NotConnected, u"There is no serial port"_s,
            "open");
        row("no driver", u"open"_s, ENXIO, ErrorCode::NotConnected, u"There is no serial port"_s,
            "open");
        row("not allowed", u"open"_s, EACCES, ErrorCode::NotConnected, u"dialout"_s, "open");
        row("exclusive", u"open"_s, EBUSY, ErrorCode::Conflict, u"in use by another program"_s,
            "open");
        row("locked", u"lock"_s, EWOULDBLOCK, ErrorCode::Conflict, u"close it there first"_s,
            "open, lock, close");
        row("no port", u"get"_s, ENOTTY, ErrorCode::NotConnected, u"is no serial port"_s,
            "open, lock, exclusive, get, close");
        row("unplugged meanwhile", u"get"_s, EIO, ErrorCode::NotConnected, kPort,
            "open, lock, exclusive, get, close");
        row("framing", u"set"_s, EINVAL, ErrorCode::NotConnected, u"9600 baud"_s,
            "open, lock, exclusive, get, set, close");
    }
    void failedOpens()
    {
        QFETCH(QString, call);
        QFETCH(int, error);
        QFETCH(int, code);
        QFETCH(QString, said);
        QFETCH(QStringList, calls);
        FakeSerialPort port;
        port.before.c_cflag &= ~tcflag_t(HUPCL);
        port.failures.insert(call, error);
        SerialLink link(kPort, {}, port);
        const Status opened = link.open(soon());
        QVERIFY(!opened);
        QCOMPARE(int(opened.error().code), code);
        QVERIFY2(opened.error().message.contains(said), qPrintable(opened.error().message));
        QVERIFY(opened.error().message.contains(kPort));
        QVERIFY(!link.isOpen());
        QCOMPARE(port.calls, calls);
        port.failures.clear();
        QVERIFY(link.open(soon()));
    }

    void secondLinkOfThisProgram()
    {
        FakeSerialPort port;
        SerialLink first(kPort, {}, port);
        SerialLink second(kPort, {}, port);
        QVERIFY(first.open(soon()));
        const Status refused = second.open(soon());
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY2(refused.error().message.contains(QString::number(qApp->applicationPid())),
                 qPrintable(refused.error().message));
        QCOMPARE(port.calls.count(u"open"_s), 1); // DTR of the first is not touched
    }

    void losses_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<int>("error");
        QTest::newRow("read: EIO") << u"read"_s << -EIO;
        QTest::newRow("read: ENODEV") << u"read"_s << -ENODEV;
        QTest::newRow("read: end of file") << u"unplug"_s << 0;
        QTest::newRow("write: EIO") << u"write"_s << -EIO;
        QTest::newRow("write: ENXIO") << u"write"_s << -ENXIO;
        QTest::newRow("hang-up while nobody asks") << u"idle"_s << 0;
    }
    void losses()
    {
        QFETCH(QString, where);
        QFETCH(int, error);
        FakeSerialPort port;
        SerialLink link(kPort, {}, port);
        QVERIFY(link.open(soon()));
        QTest::ignoreMessage(QtWarningMsg,
                             QRegularExpression(u"Connection to %1 lost"_s.arg(kPort)));
        char byte = 0;
        port.isUnplugged = where == u"unplug"_s || where == u"idle"_s;
        if (error != 0)
            port.failures.insert(where, error);
        if (where == u"write"_s)
            QVERIFY(!link.write("*IDN?\n"));
        else if (where == u"idle"_s)
            QVERIFY(!link.isOpen());
        else
            QCOMPARE(link.read(&byte, 1), -1);
        QVERIFY(!link.isOpen());
        QVERIFY2(link.lossReason().contains(u"the device has gone"_s),
                 qPrintable(link.lossReason()));
        QVERIFY(link.waitReadable(0)); // to tell it
        QCOMPARE(link.read(&byte, 1), -1);
        QVERIFY(!link.write("x"));
        QVERIFY(!link.waitWritten(0));
        const auto ended = port.calls;
        QCOMPARE(ended.last(), u"close"_s);
        QVERIFY(!ended.mid(6).contains(u"set"_s)); // there is nobody to give settings back to
        port.isUnplugged = false;
        port.failures.clear();
        QVERIFY(link.open(soon()));
        QVERIFY(link.isOpen());
        QCOMPARE(link.lossReason(), QString());
    }

    void attributes_data()
    {
        QTest::addColumn<SerialOptions>("options");
        QTest::addColumn<quint32>("control");
        QTest::addColumn<quint32>("input");
        const auto row = [](const char *name, const SerialOptions &options, tcflag_t control,
                            tcflag_t input = 0) {
            QTest::newRow(name) << options << quint32(control) << quint32(input);
        };
        using P = SerialParity;
        using F = SerialFlow;
        using S = SerialStopBits;
        row("8N1", {}, CS8);
        row("7O1", {.dataBits = 7, .parity = P::Odd}, CS7 | PARENB | PARODD);
        row("7E2", {.dataBits = 7, .parity = P::Even, .stopBits = S::Two}, CS7 | PARENB | CSTOPB);
        row("8M1", {.parity = P::Mark}, CS8 | PARENB | PARODD | CMSPAR);
        row("8S1", {.parity = P::Space}, CS8 | PARENB | CMSPAR);
        row("5N1.5", {.dataBits = 5, .stopBits = S::OneAndHalf}, CS5 | CSTOPB);
        row("6N1", {.dataBits = 6}, CS6);
        row("RTS/CTS", {.flow = F::RtsCts}, CS8 | CRTSCTS);
        row("XON/XOFF", {.flow = F::XonXoff}, CS8, IXON | IXOFF);
    }
    void attributes()
    {
        QFETCH(SerialOptions, options);
        QFETCH(quint32, control);
        QFETCH(quint32, input);
        termios dirty{}; // everything that somebody may have left behind
        dirty.c_cflag = CS5 | CSTOPB | PARENB | PARODD | CMSPAR | CRTSCTS | HUPCL;
        dirty.c_iflag = ICRNL | IXON | IXANY | ISTRIP | INLCR;
        dirty.c_oflag = OPOST | ONLCR;
        dirty.c_lflag = ECHO | ICANON | ISIG;
        const termios set = serialAttributes(dirty, options);
        QCOMPARE(set.c_cflag & ~tcflag_t(CBAUD), tcflag_t(control | CLOCAL | CREAD));
        QCOMPARE(set.c_iflag & tcflag_t(IXON | IXOFF | IXANY | ICRNL | ISTRIP | INLCR),
                 tcflag_t(input));
        QCOMPARE(set.c_oflag & tcflag_t(OPOST), tcflag_t(0));
        QCOMPARE(set.c_lflag & tcflag_t(ECHO | ICANON | ISIG), tcflag_t(0));
        QCOMPARE(::cfgetospeed(&set), speed_t(B9600));
    }

private:
    void opensAgain(SerialLink &link, FakeSerialPort &port, int dtrFalls)
    {
        if (!link.open(soon()))
            QFAIL("not opened again");
        QCOMPARE(port.dtrFalls - dtrFalls, dtrFalls); // only where it was asked for
    }
};

QTEST_GUILESS_MAIN(SerialCallsTest)
#include "tst_serial_calls.moc"
