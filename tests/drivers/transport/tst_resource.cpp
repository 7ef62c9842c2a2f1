#include "drivers/transport/make_transport.h"
#include "drivers/transport/resource.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;

class ResourceTest : public QObject
{
    Q_OBJECT
private slots:
    void accepted_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("canonical");
        const auto row = [](const char *name, const QString &text, const QString &canonical) {
            QTest::newRow(name) << text << canonical;
        };
        row("plain", u"TCPIP::127.0.0.1::5025::SOCKET"_s, u"TCPIP0::127.0.0.1::5025::SOCKET"_s);
        row("lower case", u"tcpip0::Scope.Lab::5025::socket"_s,
            u"TCPIP0::scope.lab::5025::SOCKET"_s);
        row("board", u"TCPIP12::dmm::1::SOCKET"_s, u"TCPIP12::dmm::1::SOCKET"_s);
        row("blanks around", u"  TCPIP::dmm::65535::SOCKET\n"_s, u"TCPIP0::dmm::65535::SOCKET"_s);
        row("leading zeros", u"TCPIP00::dmm::05025::SOCKET"_s, u"TCPIP0::dmm::5025::SOCKET"_s);
        row("underscore", u"TCPIP::k_2400::5025::SOCKET"_s, u"TCPIP0::k_2400::5025::SOCKET"_s);
        row("IPv6", u"TCPIP::[fe80::1]::5025::SOCKET"_s, u"TCPIP0::[fe80::1]::5025::SOCKET"_s);
        row("IPv6 long form", u"TCPIP::[0:0:0:0:0:0:0:1]::5025::SOCKET"_s,
            u"TCPIP0::[::1]::5025::SOCKET"_s);
        row("IPv6 scope", u"TCPIP::[fe80::1%eth0]::5025::SOCKET"_s,
            u"TCPIP0::[fe80::1%eth0]::5025::SOCKET"_s);
        row("VXI-11", u"TCPIP::dmm::INSTR"_s, u"TCPIP0::dmm::inst0::INSTR"_s);
        row("VXI-11 short", u"TCPIP::dmm"_s, u"TCPIP0::dmm::inst0::INSTR"_s);
        row("VXI-11 device", u"TCPIP0::dmm::INST1::instr"_s, u"TCPIP0::dmm::inst1::INSTR"_s);
        row("VXI-11 no suffix", u"TCPIP::dmm::inst2"_s, u"TCPIP0::dmm::inst2::INSTR"_s);
        row("VXI-11 gateway", u"TCPIP::10.0.0.9::gpib0,5::INSTR"_s,
            u"TCPIP0::10.0.0.9::gpib0,5::INSTR"_s);
        row("VXI-11 case of name", u"TCPIP::dmm::COM1,488::INSTR"_s,
            u"TCPIP0::dmm::COM1,488::INSTR"_s);
        row("VXI-11 port", u"TCPIP3::DMM,01024::INSTR"_s, u"TCPIP3::dmm,1024::inst0::INSTR"_s);
        row("VXI-11 IPv6", u"TCPIP::[FE80::1]::INSTR"_s, u"TCPIP0::[fe80::1]::inst0::INSTR"_s);
        row("VXI-11 IPv6 port", u"TCPIP::[::1],1024::inst0::INSTR"_s,
            u"TCPIP0::[::1],1024::inst0::INSTR"_s);
        row("HiSLIP", u"TCPIP::dmm::HiSLIP0,4880::INSTR"_s, u"TCPIP0::dmm::hislip0::INSTR"_s);
        row("HiSLIP port", u"tcpip::dmm::hislip1,4881::instr"_s,
            u"TCPIP0::dmm::hislip1,4881::INSTR"_s);
        row("HiSLIP no suffix", u"TCPIP::dmm::hislip0"_s, u"TCPIP0::dmm::hislip0::INSTR"_s);
        row("HiSLIP IPv6", u"TCPIP::[::1]::hislip0::INSTR"_s, u"TCPIP0::[::1]::hislip0::INSTR"_s);
        row("serial path", u"ASRL/dev/ttyUSB0::INSTR"_s, u"ASRL/dev/ttyUSB0::INSTR"_s);
        row("serial without suffix", u"asrl/dev/pts/3"_s, u"ASRL/dev/pts/3::INSTR"_s);
        row("serial case of path", u"asrl/tmp/A b/Port::instr"_s, u"ASRL/tmp/A b/Port::INSTR"_s);
        row("serial number", u"ASRL03::INSTR"_s, u"ASRL3::INSTR"_s);
        row("serial name", u"ASRLCOM4::INSTR"_s, u"ASRLCOM4::INSTR"_s);
        row("by id", u"ASRL/dev/serial/by-id/usb-FTDI:0-if00"_s,
            u"ASRL/dev/serial/by-id/usb-FTDI:0-if00::INSTR"_s);
    }
    void accepted()
    {
        QFETCH(QString, text);
        QFETCH(QString, canonical);
        const auto parsed = parseResource(text);
        QVERIFY2(bool(parsed), parsed ? "" : qPrintable(parsed.error().message));
        QCOMPARE(parsed.value().canonical(), canonical);
        const auto again = parseResource(canonical);
        QVERIFY(bool(again));
        QVERIFY(again.value() == parsed.value());
        const auto link = makeTransport(text, {});
        QVERIFY(bool(link));
        QCOMPARE(link.value()->address(), canonical);
        QVERIFY(!link.value()->isOpen());
    }

    void refused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says"); // part of the sentence
        const auto row = [](const char *name, const QString &text, const QString &says) {
            QTest::newRow(name) << text << says;
        };
        row("empty", u""_s, u"write TCPIP::host::INSTR"_s);
        row("nonsense", u"hello"_s, u"kind of connection is unknown"_s);
        row("only keyword", u"TCPIP"_s, u"host is missing"_s);
        row("no host", u"TCPIP::"_s, u"host is missing"_s);
        row("no port", u"TCPIP::dmm::SOCKET"_s, u"port number from 1 to 65535"_s);
        row("port 0", u"TCPIP::dmm::0::SOCKET"_s, u"port number from 1 to 65535"_s);
        row("port 65536", u"TCPIP::dmm::65536::SOCKET"_s, u"port number from 1 to 65535"_s);
        row("port negative", u"TCPIP::dmm::-1::SOCKET"_s, u"port number"_s);
        row("port name", u"TCPIP::dmm::scpi::SOCKET"_s, u"port number"_s);
        row("port huge", u"TCPIP::dmm::99999999999999999999::SOCKET"_s, u"port number"_s);
        row("other digits", u"TCPIP::dmm::٥٠٢٥::SOCKET"_s, u"port number"_s);
        row("too many parts", u"TCPIP::dmm::1::2::SOCKET"_s, u"port number"_s);
        row("port without SOCKET", u"TCPIP::dmm::5025"_s, u"does not end in SOCKET"_s);
        row("board", u"TCPIPx::dmm::5025::SOCKET"_s, u"no board number"_s);
        row("host with blank", u"TCPIP::my dmm::5025::SOCKET"_s, u"no host name"_s);
        row("IPv4 out of range", u"TCPIP::192.168.0.300::5025::SOCKET"_s, u"no IPv4 address"_s);
        row("IPv4 short", u"TCPIP::192.168.1::5025::SOCKET"_s, u"no IPv4 address"_s);
        row("IPv6 bare", u"TCPIP::fe80:0:0:0:0:0:0:1::5025::SOCKET"_s, u"goes in brackets"_s);
        row("IPv6 broken", u"TCPIP::[fe80::x]::5025::SOCKET"_s, u"no IPv6 address"_s);
        row("IPv4 in brackets", u"TCPIP::[127.0.0.1]::5025::SOCKET"_s, u"no IPv6 address"_s);
        row("bracket open", u"TCPIP::[fe80::1::5025::SOCKET"_s, u"closing bracket"_s);
        row("after bracket", u"TCPIP::[fe80::1]x::5025::SOCKET"_s, u"after the IPv6 address"_s);
        row("no such suffix", u"TCPIP::dmm::inst0::SOCKET"_s, u"port number"_s);
        row("two names", u"TCPIP::dmm::inst0::inst1::INSTR"_s, u"one name at most"_s);
        row("port instead of a name", u"TCPIP::dmm::5025::INSTR"_s, u"does not end in SOCKET"_s);
        row("empty name", u"TCPIP::dmm::::INSTR"_s, u"no name of a device"_s);
        row("name with a blank", u"TCPIP::dmm::in st::INSTR"_s, u"no name of a device"_s);
        row("VXI-11 port 0", u"TCPIP::dmm,0::INSTR"_s, u"after the comma"_s);
        row("VXI-11 port name", u"TCPIP::dmm,vxi::INSTR"_s, u"after the comma"_s);
        row("VXI-11 port empty", u"TCPIP::dmm,::INSTR"_s, u"after the comma"_s);
        row("VXI-11 only a port", u"TCPIP::,1024::INSTR"_s, u"no host name"_s);
        row("SOCKET port at the host", u"TCPIP::dmm,1024::5025::SOCKET"_s, u"no host name"_s);
        row("HiSLIP port 65536", u"TCPIP::dmm::hislip0,65536::INSTR"_s, u"after the comma"_s);
        row("HiSLIP port at the host", u"TCPIP::dmm,4880::hislip0::INSTR"_s, u"behind its name"_s);
        row("HiSLIP name", u"TCPIP::dmm::hislip 0::INSTR"_s, u"no HiSLIP device"_s);
        row("HiSLIP two ports", u"TCPIP::dmm::hislip0,1,2::INSTR"_s, u"no HiSLIP device"_s);
        row("after bracket, INSTR", u"TCPIP::[fe80::1]x::INSTR"_s, u"after the IPv6 address"_s);
        row("GPIB", u"GPIB0::8::INSTR"_s, u"GPIB is not available"_s);
        row("USB", u"usb0::0x1234::0x5678::SN1::INSTR"_s, u"USB is not available"_s);
        row("no device", u"ASRL::INSTR"_s, u"device is missing"_s);
        row("serial 0", u"ASRL0::INSTR"_s, u"numbered from 1"_s);
        row("serial 256", u"ASRL256"_s, u"numbered from 1"_s);
        row("serial relative", u"ASRLdev/ttyS0"_s, u"starts with a slash"_s);
        row("serial folder", u"ASRL/dev/::INSTR"_s, u"starts with a slash"_s);
        row("serial SOCKET", u"ASRL/dev/ttyS0::SOCKET"_s, u"only ::INSTR"_s);
        row("serial NUL", u"ASRL/dev/tty"_s + QChar(u'\0'), u"can not be printed"_s);
    }
    void refused()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto parsed = parseResource(text);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::BadInput);
        QVERIFY2(parsed.error().message.contains(says), qPrintable(parsed.error().message));
    }

    void devicePath_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("path");
        QTest::newRow("path") << u"ASRL/dev/ttyACM0"_s << u"/dev/ttyACM0"_s;
        QTest::newRow("number") << u"ASRL1::INSTR"_s << u"/dev/ttyS0"_s;
        QTest::newRow("name") << u"ASRLttyUSB2"_s << u"/dev/ttyUSB2"_s;
    }
    void devicePath()
    {
        QFETCH(QString, text);
        QFETCH(QString, path);
        QCOMPARE(parseResource(text).value().devicePath(), path);
    }

    void badOptions_data()
    {
        QTest::addColumn<LinkOptions>("options");
        const auto row = [](const char *name, auto change) {
            LinkOptions options;
            change(options);
            QTest::newRow(name) << options;
        };
        using std::chrono::milliseconds;
        row("no read terminator", [](LinkOptions &o) { o.readTerminator.clear(); });
        row("no message", [](LinkOptions &o) { o.maxMessage = 0; });
        row("negative gap", [](LinkOptions &o) { o.minGap = milliseconds(-1); });
        row("no connect timeout", [](LinkOptions &o) { o.connectTimeout = milliseconds(0); });
        row("baud", [](LinkOptions &o) { o.serial.baud = 0; });
        row("data bits", [](LinkOptions &o) { o.serial.dataBits = 9; });
        row("resync without pattern", [](LinkOptions &o) { o.resync.query = "*IDN?"; });
        row("resync pattern broken", [](LinkOptions &o) {
            o.resync.query = "*IDN?";
            o.resync.expected = u"("_s;
        });
    }
    void badOptions()
    {
        QFETCH(LinkOptions, options);
        const auto link = makeTransport(u"TCPIP::dmm::5025::SOCKET"_s, options);
        QVERIFY(!link);
        QCOMPARE(link.error().code, ErrorCode::BadInput);
    }
};

QTEST_APPLESS_MAIN(ResourceTest)
#include "tst_resource.moc"
