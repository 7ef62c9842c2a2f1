#pragma once

#include "drivers/transport/byte_link.h"
#include "drivers/transport/link_options.h"

#include <QSerialPort>

#include <memory>

namespace birch {

/// A serial port or pseudo-terminal; any path the system can open, listed or not.
///
/// A device that vanishes reports an error again and again (millions of times) until it is closed:
/// the first error closes it and is logged; there is no second.
class SerialLink final : public ByteLink
{
public:
    SerialLink(QString path, SerialOptions options);
    ~SerialLink() override;

    /// Takes the device for this process alone (a lock file and TIOCEXCL).
    Status open(const Call &call) override;
    void close() override;
    bool isOpen() const override { return m_port && m_port->isOpen() && !m_isLost; }
    Recovery recovery() const override { return Recovery::Drain; }

    qint64 read(char *into, qint64 size) override;
    bool waitReadable(int milliseconds) override;
    bool write(QByteArrayView bytes) override;
    bool waitWritten(int milliseconds) override;
    void discard() override;
    QString lossReason() const override { return m_lossReason; }

private:
    void applyOptions();
    void applyLines();
    void onError(QSerialPort::SerialPortError error);
    bool closeIfLost();
    Error openError(const QString &device) const;

    const QString m_path;
    const SerialOptions m_options;
    std::unique_ptr<QSerialPort> m_port; // made by open(): belongs to the thread that called it
    bool m_isLost = false;
    QString m_lossReason;
};

} // namespace birch
