#include "core/instrument/transport.h"

#include <QCoreApplication>

namespace birch {

namespace {

Error notOffered(const QString &address)
{
    return {ErrorCode::BadInput,
            QCoreApplication::translate(
                "Transport", "%1 can only send and receive; connect the instrument by VXI-11 "
                             "(TCPIP::host::INSTR) or HiSLIP (TCPIP::host::hislip0::INSTR) for "
                             "locks, device clear and the status byte")
                .arg(address)};
}

} // namespace

Result<quint8> Transport::statusByte(const Call &)
{
    return notOffered(address());
}

Status Transport::clear(const Call &)
{
    return notOffered(address());
}

Status Transport::lock(const Call &)
{
    return notOffered(address());
}

Status Transport::unlock(const Call &)
{
    return notOffered(address());
}

} // namespace birch
