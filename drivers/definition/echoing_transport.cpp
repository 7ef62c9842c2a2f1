#include "drivers/definition/echoing_transport.h"

#include "drivers/scpi/number.h"

#include <QCoreApplication>

namespace birch {

Status EchoingTransport::send(QByteArrayView message, const Call &call)
{
    const auto echo = m_transport->query(message, ReplyShape::Line, call);
    if (!echo)
        return echo.error();
    if (QByteArrayView(echo.value()).trimmed() == message.trimmed())
        return ok();
    return Error{ErrorCode::Protocol,
                 QCoreApplication::translate("birch::EchoingTransport",
                                             "The instrument repeats %1 instead of %2: switch its "
                                             "echo on, or take echo out of the definition")
                     .arg(scpi::quotedForMessage(echo.value()), scpi::quotedForMessage(message))};
}

Result<QByteArray> EchoingTransport::query(QByteArrayView message, ReplyShape shape,
                                           const Call &call)
{
    if (Status sent = send(message, call); !sent)
        return sent.error();
    return m_transport->read(shape, call);
}

} // namespace birch
