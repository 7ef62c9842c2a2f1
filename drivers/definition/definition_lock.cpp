// Keeping other clients of the device out.
#include "drivers/definition/definition_instrument.h"

#include "drivers/transport/transport_log.h"

#include <QCoreApplication>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::DefinitionInstrument)
};

/// To let go of the device. Short, because who makes safe beside a hung program connects first.
constexpr Nanoseconds kForOthers = std::chrono::milliseconds(250);

/// Says that somebody else has it, or nothing about the device at all: not that it knows no lock.
bool isAboutOthers(ErrorCode code)
{
    return code == ErrorCode::Conflict || code == ErrorCode::NotConnected ||
           code == ErrorCode::Cancelled;
}
} // namespace

Status DefinitionInstrument::lock(const Call &call)
{
    if (!isOpen())
        return ok();
    m_shallBeLocked = m_definition->link.usesLock && !m_hasNoLock;
    return lockLink(call);
}

Status DefinitionInstrument::lockLink(const Call &call)
{
    if (!m_definition->link.usesLock || m_hasNoLock)
        return ok();
    const Status locked = m_transport->lock(exchange(call));
    if (locked)
        return locked;
    const Error &error = locked.error();
    if (isAboutOthers(error.code))
        return error.within(Text::tr("Locking %1").arg(m_spec.model));
    // An instrument may know messages and no lock: then the lease among our own programs has to do.
    m_hasNoLock = true;
    m_shallBeLocked = false;
    if (error.code != ErrorCode::BadInput)
        qCWarning(lcTransport).noquote()
            << Text::tr("%1 can not be locked (%2): it is used without. Write lock: false under "
                        "link in its definition or in the bench, and it is not asked again")
                   .arg(m_spec.model, error.message);
    return ok();
}

Status DefinitionInstrument::unlock(const Call &call)
{
    if (!std::exchange(m_shallBeLocked, false) || !m_transport->isLocked())
        return ok();
    const Status unlocked = m_transport->unlock(exchange(call));
    if (unlocked)
        return unlocked;
    m_transport->close(); // the end of the connection ends the lock as well
    return unlocked.error().within(Text::tr("Unlocking %1").arg(m_spec.model));
}

Status DefinitionInstrument::sendAlone(const std::function<Status()> &send, const Call &call)
{
    const bool wasLocked = m_transport->isLocked();
    if (const Status locked = lockLink({call.deadline.atMost(kForOthers), call.stop}); !locked)
        return locked;
    const Status sent = send();
    if (wasLocked || !m_transport->isLocked())
        return sent;
    const Status unlocked = m_transport->unlock(exchange(call));
    return sent ? unlocked : sent;
}

} // namespace birch
