#pragma once

#include "drivers/transport/byte_link.h"
#include "drivers/transport/link_options.h"
#include "drivers/transport/port_owner.h"
#include "drivers/transport/serial_calls.h"

#include <QByteArray>

namespace birch {

/// A serial port or pseudo-terminal; any path the system can open, listed or not.
///
/// Boards that reset when DTR falls are left alone: only what the options say moves a line, closing
/// moves none (HUPCL is cleared, and stays so), and the port is given back with the settings that
/// it had. A name that is a link (/dev/serial/by-id/...) is looked up anew by every open(), so that
/// a device that comes back under another number is found. The loss of the device is logged once.
class SerialLink final : public ByteLink
{
public:
    SerialLink(QString path, SerialOptions options, SerialCalls &calls = systemSerialCalls());
    ~SerialLink() override;

    /// Takes the device for this process alone (a lock file, flock and TIOCEXCL).
    Status open(const Call &call) override;
    /// Waits a moment for what was sent to leave, as the rate allows.
    void close() override;
    bool isOpen() const override;
    Recovery recovery() const override { return Recovery::Drain; }

    qint64 read(char *into, qint64 size) override;
    bool waitReadable(int milliseconds) override;
    bool write(QByteArrayView bytes) override;
    bool waitWritten(int milliseconds) override;
    void discard() override;
    QString lossReason() const override { return m_lossReason; }

private:
    Status take(const QString &device);
    Status apply();
    void applyLine(ControlLine line, LinePolicy policy);
    Error openError(int error) const;
    Error inUse(const QString &device) const;
    void letOut();
    void release();
    bool closeIfLost();
    void lose(int error) const;
    qsizetype hand(QByteArrayView bytes);

    const QString m_path;
    const SerialOptions m_options;
    SerialCalls &m_calls;
    PortLockFile m_lockFile;
    int m_fd = -1;
    termios m_before{}; ///< what it was set to
    termios m_ours{};
    QByteArray m_unsent;           ///< what the system has not taken yet
    mutable bool m_isLost = false; ///< noticed; closed by the next call that may
    mutable QString m_lossReason;
};

} // namespace birch
