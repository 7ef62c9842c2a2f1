#include "drivers/transport/serial_link.h"

#include "drivers/transport/transport_log.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLockFile>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qint64 kReadBuffer = 256 * 1024; // what a chatty device may fill while nobody reads

QString tr(const char *text)
{
    return QCoreApplication::translate("SerialLink", text);
}

QSerialPort::Parity qtParity(SerialParity parity)
{
    switch (parity) {
    case SerialParity::None:
        return QSerialPort::NoParity;
    case SerialParity::Even:
        return QSerialPort::EvenParity;
    case SerialParity::Odd:
        return QSerialPort::OddParity;
    case SerialParity::Mark:
        return QSerialPort::MarkParity;
    case SerialParity::Space:
        return QSerialPort::SpaceParity;
    }
    Q_UNREACHABLE();
}

QSerialPort::StopBits qtStopBits(SerialStopBits bits)
{
    switch (bits) {
    case SerialStopBits::One:
        return QSerialPort::OneStop;
    case SerialStopBits::OneAndHalf:
        return QSerialPort::OneAndHalfStop;
    case SerialStopBits::Two:
        return QSerialPort::TwoStop;
    }
    Q_UNREACHABLE();
}

QSerialPort::FlowControl qtFlow(SerialFlow flow)
{
    switch (flow) {
    case SerialFlow::None:
        return QSerialPort::NoFlowControl;
    case SerialFlow::XonXoff:
        return QSerialPort::SoftwareControl;
    case SerialFlow::RtsCts:
        return QSerialPort::HardwareControl;
    }
    Q_UNREACHABLE();
}

/// Who holds \a device by the lock file that Qt's serial module and UUCP-style programs share.
QString lockOwner(const QString &device)
{
    QString name = device.startsWith("/dev/"_L1) ? device.sliced(5) : device;
    name.replace(u'/', u'_');
    for (const QLatin1StringView folder :
         {"/var/lock"_L1, "/etc/locks"_L1, "/var/spool/locks"_L1, "/var/spool/uucp"_L1, "/tmp"_L1,
          "/var/tmp"_L1, "/var/lock/lockdev"_L1, "/run/lock"_L1}) {
        const QString path = folder + "/LCK.."_L1 + name;
        qint64 pid = 0;
        QString host;
        QString program;
        if (QFile::exists(path) && QLockFile(path).getLockInfo(&pid, &host, &program))
            return tr("%1 (process %2 on %3)").arg(program, QString::number(pid), host);
    }
    return {};
}

} // namespace

SerialLink::SerialLink(QString path, SerialOptions options)
    : m_path(std::move(path))
    , m_options(options)
{
}

SerialLink::~SerialLink()
{
    close();
}

Status SerialLink::open(const Call &call)
{
    close();
    if (call.stop.stop_requested())
        return Error{ErrorCode::Cancelled, tr("Stopped before opening %1").arg(m_path)};
    // by-id and by-path names are links: the device itself is locked, under whichever name.
    const QString real = QFileInfo(m_path).canonicalFilePath();
    const QString device = real.isEmpty() ? m_path : real;
    m_port = std::make_unique<QSerialPort>();
    m_port->setPortName(device);
    applyOptions();
    if (!m_port->open(QIODevice::ReadWrite)) {
        const Error error = openError(device);
        m_port.reset();
        return error;
    }
    applyLines();
    m_port->clear(QSerialPort::Input);
    m_port->clearError();
    QObject::connect(m_port.get(), &QSerialPort::errorOccurred, m_port.get(),
                     [this](QSerialPort::SerialPortError error) { onError(error); });
    return ok();
}

void SerialLink::applyOptions()
{
    m_port->setReadBufferSize(kReadBuffer);
    m_port->setBaudRate(m_options.baud);
    m_port->setDataBits(QSerialPort::DataBits(m_options.dataBits));
    m_port->setParity(qtParity(m_options.parity));
    m_port->setStopBits(qtStopBits(m_options.stopBits));
    m_port->setFlowControl(qtFlow(m_options.flow));
}

/// A pseudo-terminal has no control lines, some adapters only a few: said in the log, not fatal.
void SerialLink::applyLines()
{
    const bool hasDtr = m_options.dtr == LinePolicy::Leave ||
                        m_port->setDataTerminalReady(m_options.dtr == LinePolicy::On);
    const bool hasRts = m_options.rts == LinePolicy::Leave ||
                        m_options.flow == SerialFlow::RtsCts ||
                        m_port->setRequestToSend(m_options.rts == LinePolicy::On);
    if (!hasDtr || !hasRts)
        qCInfo(lcTransport).noquote()
            << tr("%1 has no %2 line; it is left alone").arg(m_path, hasDtr ? u"RTS"_s : u"DTR"_s);
}

Error SerialLink::openError(const QString &device) const
{
    switch (m_port->error()) {
    case QSerialPort::DeviceNotFoundError:
        return {ErrorCode::NotConnected,
                tr("There is no serial port %1; check the cable and the name").arg(m_path)};
    case QSerialPort::PermissionError:
        if (const QString owner = lockOwner(device); !owner.isEmpty())
            return {ErrorCode::Conflict,
                    tr("%1 is in use by %2; close it there first").arg(m_path, owner)};
        return {
            ErrorCode::NotConnected,
            tr("%1 can not be opened (%2); close other programs that use it, or add yourself to "
               "the group that owns the port (dialout)")
                .arg(m_path, m_port->errorString())};
    default:
        return {ErrorCode::NotConnected,
                tr("%1 can not be opened as it is set (%2); check port, baud rate and framing")
                    .arg(m_path, m_port->errorString())};
    }
}

/// Runs inside QSerialPort's own functions, where it must not be closed: that is done by
/// closeIfLost() in a call of ours, or by the event loop if there is none under way.
void SerialLink::onError(QSerialPort::SerialPortError error)
{
    if (error == QSerialPort::NoError || error == QSerialPort::TimeoutError || m_isLost)
        return;
    m_isLost = true;
    m_lossReason = tr("the port reports: %1").arg(m_port->errorString());
    qCWarning(lcTransport).noquote() << tr("Connection to %1 lost: %2").arg(m_path, m_lossReason);
    QMetaObject::invokeMethod(
        m_port.get(), [this] { closeIfLost(); }, Qt::QueuedConnection);
}

bool SerialLink::closeIfLost()
{
    if (m_isLost && m_port && m_port->isOpen())
        m_port->close();
    return m_isLost;
}

void SerialLink::close()
{
    if (m_port) {
        m_port->disconnect();
        m_port.reset();
    }
    m_isLost = false;
    m_lossReason.clear();
}

qint64 SerialLink::read(char *into, qint64 size)
{
    if (!m_port || closeIfLost())
        return -1;
    if (m_port->bytesAvailable() == 0 && !m_port->waitForReadyRead(0)) {
        m_port->clearError();
        return closeIfLost() ? -1 : 0;
    }
    const qint64 count = m_port->read(into, size);
    return closeIfLost() && count <= 0 ? -1 : count;
}

bool SerialLink::waitReadable(int milliseconds)
{
    if (!m_port || closeIfLost())
        return true;
    if (m_port->bytesAvailable() > 0 || m_port->waitForReadyRead(milliseconds))
        return true;
    m_port->clearError(); // a timeout stays otherwise
    return closeIfLost();
}

bool SerialLink::write(QByteArrayView bytes)
{
    if (!m_port || closeIfLost())
        return false;
    const bool isTaken = m_port->write(bytes.data(), bytes.size()) == bytes.size();
    return !closeIfLost() && isTaken;
}

/// Never flush(): on a full line it fails with the same error as a lost one. waitForBytesWritten()
/// asks first whether the line takes bytes.
bool SerialLink::waitWritten(int milliseconds)
{
    if (!m_port || closeIfLost())
        return false;
    if (m_port->bytesToWrite() > 0 && !m_port->waitForBytesWritten(milliseconds))
        m_port->clearError();
    return !closeIfLost() && m_port->bytesToWrite() == 0;
}

void SerialLink::discard()
{
    if (m_port && !closeIfLost())
        m_port->clear(QSerialPort::AllDirections);
}

} // namespace birch
