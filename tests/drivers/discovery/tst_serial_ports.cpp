#include "drivers/discovery/serial_ports.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;

/// Folders laid out as Linux lays out sysfs and /dev.
class SerialPortsTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void usbAdapter();
    void nameThatLasts();
    void leftOut();
    void withoutFolders();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    void put(const QString &name, const QByteArray &text) const
    {
        QVERIFY(QDir().mkpath(path(name.section(u'/', 0, -2))));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    void link(const QString &target, const QString &name) const
    {
        QVERIFY(QDir().mkpath(path(name.section(u'/', 0, -2))));
        QVERIFY(QFile::link(path(target), path(name)));
    }
    void adapter(const QString &name) const
    {
        put(u"sys/devices/usb1/1-1/idVendor"_s, "0403\n");
        put(u"sys/devices/usb1/1-1/idProduct"_s, "6001\n");
        put(u"sys/devices/usb1/1-1/manufacturer"_s, "FTDI\n");
        put(u"sys/devices/usb1/1-1/product"_s, "FT232R USB UART\n");
        put(u"sys/devices/usb1/1-1/serial"_s, "A50285BI\n");
        put(u"sys/devices/usb1/1-1/1-1:1.0/"_s + name + u"/port_number"_s, "0\n");
        put(u"sys/class/"_s + name + u"/dev"_s, "188:0\n");
        link(u"sys/devices/usb1/1-1/1-1:1.0/"_s + name, u"sys/class/"_s + name + u"/device"_s);
        put(u"dev/"_s + name, {});
    }
    QList<SerialPort> found() const
    {
        return serialPorts({path(u"sys/class"_s), path(u"dev"_s), path(u"dev/serial/by-id"_s)});
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void SerialPortsTest::usbAdapter()
{
    adapter(u"ttyUSB0"_s);
    const auto ports = found();
    QCOMPARE(ports.size(), 1);
    QCOMPARE(ports[0].device, path(u"dev/ttyUSB0"_s));
    QCOMPARE(ports[0].vendorId, quint16(0x0403));
    QCOMPARE(ports[0].productId, quint16(0x6001));
    QCOMPARE(ports[0].manufacturer, u"FTDI"_s);
    QCOMPARE(ports[0].product, u"FT232R USB UART"_s);
    QCOMPARE(ports[0].serialNumber, u"A50285BI"_s);
    QCOMPARE(ports[0].byId, QString());
    QCOMPARE(ports[0].address(), u"ASRL%1::INSTR"_s.arg(path(u"dev/ttyUSB0"_s)));
}

void SerialPortsTest::nameThatLasts()
{
    adapter(u"ttyUSB0"_s);
    link(u"dev/ttyUSB0"_s, u"dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0"_s);
    link(u"dev/ttyUSB9"_s, u"dev/serial/by-id/usb-unplugged"_s); // points nowhere
    const auto ports = found();
    QCOMPARE(ports.size(), 1);
    QCOMPARE(ports[0].address(),
             u"ASRL%1::INSTR"_s.arg(
                 path(u"dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0"_s)));
}

void SerialPortsTest::leftOut()
{
    put(u"sys/class/tty0/dev"_s, "4:0\n"); // a console: no device
    put(u"sys/devices/platform/serial8250/x"_s, "");
    put(u"sys/class/ttyS3/type"_s, "0\n"); // a place without hardware
    link(u"sys/devices/platform/serial8250"_s, u"sys/class/ttyS3/device"_s);
    put(u"sys/class/ttyS0/type"_s, "4\n");
    link(u"sys/devices/platform/serial8250"_s, u"sys/class/ttyS0/device"_s);
    const auto ports = found();
    QCOMPARE(ports.size(), 1);
    QCOMPARE(ports[0].device, path(u"dev/ttyS0"_s));
    QCOMPARE(ports[0].vendorId, quint16(0));
}

void SerialPortsTest::withoutFolders()
{
    QVERIFY(found().isEmpty());
}

QTEST_GUILESS_MAIN(SerialPortsTest)
#include "tst_serial_ports.moc"
