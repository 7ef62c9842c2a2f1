#include "drivers/discovery/serial_ports.h"

#include "drivers/transport/resource.h"

#include <QDir>
#include <QFileInfo>
#include <QMap>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qint64 kLongestAttribute = 4096; // sysfs gives no more
constexpr int kDeepest = 8;                // from the port to its USB device

QString attribute(const QString &folder, const QString &name)
{
    QFile file(folder + u'/' + name);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(file.read(kLongestAttribute)).trimmed();
}

/// The links of /dev/serial/by-id by what they point to.
QMap<QString, QString> lastingNames(const QString &folder)
{
    QMap<QString, QString> names;
    const QFileInfoList links = QDir(folder).entryInfoList(
        QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
    for (const QFileInfo &link : links) {
        if (const QString target = link.canonicalFilePath(); !target.isEmpty())
            names.insert(target, link.absoluteFilePath());
    }
    return names;
}

/// What stands in the folder of the USB device that \a device belongs to, if any.
void readUsb(const QString &device, SerialPort *port)
{
    QDir folder(device);
    for (int i = 0; i < kDeepest; ++i) {
        const QString at = folder.path();
        if (QFileInfo::exists(at + u"/idVendor"_s)) {
            port->vendorId = attribute(at, u"idVendor"_s).toUShort(nullptr, 16);
            port->productId = attribute(at, u"idProduct"_s).toUShort(nullptr, 16);
            port->manufacturer = attribute(at, u"manufacturer"_s);
            port->product = attribute(at, u"product"_s);
            port->serialNumber = attribute(at, u"serial"_s);
            return;
        }
        if (!folder.cdUp())
            return;
    }
}

} // namespace

QString SerialPort::address() const
{
    for (const QString &path : {byId, device}) {
        const auto resource = parseResource(u"ASRL%1::INSTR"_s.arg(path));
        if (!path.isEmpty() && resource)
            return resource.value().canonical();
    }
    return {};
}

QList<SerialPort> serialPorts(const SerialFolders &folders)
{
    QList<SerialPort> ports;
    const QMap<QString, QString> byId = lastingNames(folders.byId);
    const QStringList names = QDir(folders.ttys).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : names) {
        const QString tty = folders.ttys + u'/' + name;
        const QString device = QFileInfo(tty + u"/device"_s).canonicalFilePath();
        // A console has no device; type 0 is a place for a port that no hardware stands behind.
        if (device.isEmpty() || attribute(tty, u"type"_s) == u"0")
            continue;
        SerialPort port;
        port.device = folders.devices + u'/' + name;
        const QString real = QFileInfo(port.device).canonicalFilePath();
        port.byId = byId.value(real.isEmpty() ? port.device : real);
        readUsb(device, &port);
        ports.append(port);
    }
    return ports;
}

} // namespace birch
