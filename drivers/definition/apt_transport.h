#pragma once

#include "drivers/definition/definition.h"
#include "drivers/definition/translating_transport.h"
#include "drivers/transport/apt_message.h"

namespace birch {

/// Text commands to a Thorlabs APT motor controller (positions in the unit of
/// AptOptions::countsPerUnit) and what it says back as text:
///
///     INFO?      "KDC101,27000001,2.2.4": model, serial number, firmware
///     MOVE x     HOME   STOP   ENABLE   DISABLE   FLASH (its display, to be found by)
///     POSITION?  STATUS? (the status bits as one number)   ENABLED? ("1" or "0")
///     SPEED? ACCELERATION? (of moves), SPEED x, ACCELERATION x: the other one stays as it is
///     QUIET      no status messages by itself
///
/// What the controller says unasked (arrived, homed) is passed over. Errors beside those of the
/// link: BadInput - none of these commands; OutOfRange - more counts than it has; Protocol.
class AptTransport final : public TranslatingTransport
{
public:
    AptTransport(std::unique_ptr<Transport> transport, const AptOptions &options)
        : TranslatingTransport(std::move(transport))
        , m_options(options)
    {
    }

    Status send(QByteArrayView message, const Call &call) override;
    Result<QByteArray> query(QByteArrayView message, ReplyShape shape, const Call &call) override;

    /// What a definition may write. Errors: BadInput.
    static Status check(QByteArrayView message);

private:
    Status sendMessage(quint16 id, quint8 first, quint8 second, const Call &call);
    Status sendData(quint16 id, const QByteArray &data, const Call &call);
    /// The data of the message \a answer to \a id; of one without data its second parameter.
    /// \a size: what it must have at least.
    Result<QByteArray> ask(quint16 id, quint16 answer, qsizetype size, const Call &call);
    Result<QByteArray> info(const Call &call);
    Status moveTo(double target, const Call &call);
    Status setProfile(qsizetype field, double counts, const Call &call);

    AptOptions m_options;
};

} // namespace birch
