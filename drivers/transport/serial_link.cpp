#include "drivers/transport/serial_link.h"

#include "drivers/transport/pause.h"
#include "drivers/transport/serial_attributes.h"
#include "drivers/transport/transport_log.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstring>
#include <poll.h>

namespace birch {

namespace {

using std::chrono::milliseconds;

/// The kernel itself would wait half a minute, when the port is closed, for what a halted line does
/// not take.
constexpr milliseconds kLongestFarewell{300};
constexpr milliseconds kFarewellStep{2};
constexpr int kGone = POLLHUP | POLLERR | POLLNVAL;

QString tr(const char *text)
{
    return QCoreApplication::translate("SerialLink", text);
}

QString systemText(int error)
{
    return QString::fromLocal8Bit(std::strerror(error));
}

} // namespace

SerialLink::SerialLink(QString path, SerialOptions options, SerialCalls &calls)
    : m_path(std::move(path))
    , m_options(options)
    , m_calls(calls)
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
    Status opened = take(real.isEmpty() ? m_path : real);
    if (opened)
        opened = apply();
    if (!opened)
        release();
    return opened;
}

Status SerialLink::take(const QString &device)
{
    if (!m_lockFile.take(device))
        return inUse(device);
    const int fd = m_calls.open(QFile::encodeName(device).constData());
    if (fd < 0 && fd != -EBUSY)
        return openError(-fd);
    m_fd = fd;
    if (fd == -EBUSY || m_calls.lock(m_fd) == -EWOULDBLOCK) {
        m_lockFile.giveBack(); // it would name us
        return inUse(device);
    }
    (void)m_calls.setExclusive(m_fd, true); // what does not know it is no worse off
    return ok();
}

Status SerialLink::apply()
{
    if (const int got = m_calls.attributes(m_fd, &m_before); got < 0)
        return Error{ErrorCode::NotConnected,
                     tr("%1 is no serial port (%2); check the name").arg(m_path, systemText(-got))};
    m_ours = serialAttributes(m_before, m_options);
    int set = m_calls.setAttributes(m_fd, m_ours);
    if (set >= 0 && namedSpeed(m_options.baud) == B0)
        set = m_calls.setBaud(m_fd, unsigned(m_options.baud));
    if (set < 0)
        return Error{ErrorCode::NotConnected,
                     tr("%1 can not be set to %2 baud and its framing (%3); check what the port "
                        "and the instrument offer")
                         .arg(m_path)
                         .arg(m_options.baud)
                         .arg(systemText(-set))};
    applyLine(ControlLine::Dtr, m_options.dtr);
    if (m_options.flow != SerialFlow::RtsCts) // there the driver moves it
        applyLine(ControlLine::Rts, m_options.rts);
    (void)m_calls.discard(m_fd, SerialQueue::Both);
    return ok();
}

/// A pseudo-terminal has no control lines, some adapters only a few: said in the log, not fatal.
void SerialLink::applyLine(ControlLine line, LinePolicy policy)
{
    if (policy == LinePolicy::Keep || m_calls.setLine(m_fd, line, policy == LinePolicy::On) >= 0)
        return;
    qCInfo(lcTransport).noquote() << tr("%1 has no %2 line; it is left alone")
                                         .arg(m_path,
                                              QLatin1StringView(line == ControlLine::Dtr ? "DTR"
                                                                                         : "RTS"));
}

Error SerialLink::inUse(const QString &device) const
{
    const QString owner = portOwner(device);
    return {ErrorCode::Conflict, tr("%1 is in use by %2; close it there first")
                                     .arg(m_path, owner.isEmpty() ? tr("another program") : owner)};
}

Error SerialLink::openError(int error) const
{
    switch (error) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
        return {ErrorCode::NotConnected,
                tr("There is no serial port %1; check the cable and the name").arg(m_path)};
    case EACCES:
    case EPERM:
        return {ErrorCode::NotConnected,
                tr("%1 can not be opened (%2); add yourself to the group that owns the port "
                   "(dialout), and log in again")
                    .arg(m_path, systemText(error))};
    default:
        return {ErrorCode::NotConnected,
                tr("%1 can not be opened (%2); check cable and power of the device")
                    .arg(m_path, systemText(error))};
    }
}

void SerialLink::close()
{
    if (isOpen()) {
        letOut();
        (void)m_calls.setAttributes(m_fd, parkedAttributes(m_before, m_ours));
        (void)m_calls.setExclusive(m_fd, false);
    }
    release();
    m_isLost = false;
    m_lossReason.clear();
}

/// Otherwise the last command would be sent at the rate that the port had before.
void SerialLink::letOut()
{
    const Deadline end = Deadline::in(kLongestFarewell);
    while (m_calls.unsent(m_fd) > 0) {
        if (end.hasPassed()) {
            (void)m_calls.discard(m_fd, SerialQueue::Unsent);
            return;
        }
        (void)pause(kFarewellStep, {});
    }
}

void SerialLink::release()
{
    if (m_fd >= 0)
        (void)m_calls.close(m_fd);
    m_fd = -1;
    m_unsent.clear();
    m_lockFile.giveBack();
}

bool SerialLink::isOpen() const
{
    if (m_fd >= 0 && !m_isLost && (m_calls.wait(m_fd, 0, 0) & kGone))
        lose(ENODEV);
    return m_fd >= 0 && !m_isLost;
}

/// Unplugged, or the other end of a pseudo-terminal is closed.
void SerialLink::lose(int error) const
{
    m_isLost = true;
    m_lossReason = tr("the device has gone: %1").arg(systemText(error));
    qCWarning(lcTransport).noquote() << tr("Connection to %1 lost: %2").arg(m_path, m_lossReason);
}

bool SerialLink::closeIfLost()
{
    if (m_isLost && m_fd >= 0)
        release();
    return m_fd < 0;
}

qint64 SerialLink::read(char *into, qint64 size)
{
    if (closeIfLost())
        return -1;
    const qint64 count = m_calls.read(m_fd, into, size);
    if (count > 0)
        return count;
    if (count == -EAGAIN || count == -EINTR)
        return 0;
    lose(count == 0 ? ENODEV : int(-count));
    release();
    return -1;
}

bool SerialLink::waitReadable(int milliseconds)
{
    if (closeIfLost())
        return true;
    return m_calls.wait(m_fd, POLLIN, milliseconds) != 0;
}

bool SerialLink::write(QByteArrayView bytes)
{
    if (closeIfLost())
        return false;
    const qsizetype taken = m_unsent.isEmpty() ? hand(bytes) : 0;
    m_unsent.append(bytes.sliced(taken));
    return !closeIfLost();
}

/// How much of \a bytes the system takes now.
qsizetype SerialLink::hand(QByteArrayView bytes)
{
    qsizetype taken = 0;
    while (taken < bytes.size()) {
        const qint64 count = m_calls.write(m_fd, bytes.data() + taken, bytes.size() - taken);
        if (count > 0)
            taken += count;
        else if (count == -EAGAIN || count == 0)
            break;
        else if (count != -EINTR) {
            lose(int(-count));
            break;
        }
    }
    return taken;
}

bool SerialLink::waitWritten(int milliseconds)
{
    if (closeIfLost())
        return false;
    if (!m_unsent.isEmpty() && m_calls.wait(m_fd, POLLOUT, milliseconds) != 0)
        m_unsent.remove(0, hand(m_unsent));
    return !closeIfLost() && m_unsent.isEmpty();
}

void SerialLink::discard()
{
    if (closeIfLost())
        return;
    m_unsent.clear();
    (void)m_calls.discard(m_fd, SerialQueue::Both);
}

} // namespace birch
