#include "core/instrument/host_status.h"

#include "core/base/post_event.h"

#include <QEvent>

namespace birch {

void HostStatus::setState(ConnectionState state, const QString &reason)
{
    const std::scoped_lock lock(m_mutex);
    if (state == m_state && reason == m_reason)
        return;
    m_state = state;
    m_reason = reason;
    post({state, reason});
}

void HostStatus::setIdentity(const QString &identity)
{
    const std::scoped_lock lock(m_mutex);
    m_identity = identity;
}

ConnectionState HostStatus::state() const
{
    const std::scoped_lock lock(m_mutex);
    return m_state;
}

QString HostStatus::reason() const
{
    const std::scoped_lock lock(m_mutex);
    return m_reason;
}

QString HostStatus::identity() const
{
    const std::scoped_lock lock(m_mutex);
    return m_identity;
}

void HostStatus::connecting()
{
    const std::scoped_lock lock(m_mutex);
    if (m_fault == ConnectionFault::None)
        postEvent(ConnectionStep::Connecting, {});
}

void HostStatus::connected(const QString &note)
{
    const std::scoped_lock lock(m_mutex);
    const bool isBack = m_wasOpen && m_fault != ConnectionFault::None;
    m_wasOpen = true;
    if (!isBack)
        m_fault = ConnectionFault::None;
    postEvent(isBack ? ConnectionStep::Back : ConnectionStep::Ready, note);
    m_fault = ConnectionFault::None;
    m_attempts = 0;
}

void HostStatus::faulty(ConnectionFault fault, const QString &reason)
{
    const std::scoped_lock lock(m_mutex);
    if (fault == m_fault)
        return;
    m_fault = fault;
    postEvent(ConnectionStep::Fault, reason);
}

bool HostStatus::isFaulty() const
{
    const std::scoped_lock lock(m_mutex);
    return m_fault != ConnectionFault::None;
}

void HostStatus::reconnecting()
{
    const std::scoped_lock lock(m_mutex);
    if (m_fault == ConnectionFault::None)
        return; // only to make sure, e.g. after an interrupted exchange
    ++m_attempts;
    if ((m_attempts & (m_attempts - 1)) == 0) // an outage of a night is a dozen entries
        postEvent(ConnectionStep::Reconnecting, {});
}

void HostStatus::offline()
{
    const std::scoped_lock lock(m_mutex);
    if (m_state == ConnectionState::Closed)
        return;
    m_fault = ConnectionFault::None;
    m_attempts = 0;
    m_wasOpen = false;
    postEvent(ConnectionStep::Offline, {});
}

Status HostStatus::acquireLease(const QString &owner, const QString &nickname)
{
    const std::scoped_lock lock(m_mutex);
    if (m_leaseOwner == owner)
        return ok();
    if (!m_leaseOwner.isEmpty())
        return Error{ErrorCode::Conflict,
                     InstrumentHost::tr("%1 is in use by %2: wait until it is done, or stop it")
                         .arg(nickname, m_leaseOwner)};
    m_leaseOwner = owner;
    ++m_leases;
    post({{}, owner});
    return ok();
}

bool HostStatus::releaseLease(const QString &owner)
{
    const std::scoped_lock lock(m_mutex);
    if (m_leaseOwner != owner || owner.isEmpty())
        return false;
    m_leaseOwner.clear();
    post({{}, QString()});
    return std::exchange(m_isLockUsed, false);
}

quint64 HostStatus::lockForLease()
{
    const std::scoped_lock lock(m_mutex);
    if (m_leaseOwner.isEmpty())
        return 0;
    m_isLockUsed = true;
    return m_leases;
}

bool HostStatus::isLeased() const
{
    const std::scoped_lock lock(m_mutex);
    return !m_leaseOwner.isEmpty();
}

QString HostStatus::leaseOwner() const
{
    const std::scoped_lock lock(m_mutex);
    return m_leaseOwner;
}

bool HostStatus::hasBeenLeased() const
{
    const std::scoped_lock lock(m_mutex);
    return m_leases > 0;
}

std::vector<HostStatus::Change> HostStatus::takeChanges()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_changes, {});
}

void HostStatus::detach()
{
    const std::scoped_lock lock(m_mutex);
    m_host = nullptr;
}

void HostStatus::postEvent(ConnectionStep step, const QString &reason)
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    ConnectionEvent event{step, m_fault, m_attempts, reason, {}};
    event.atUs = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    if (step == ConnectionStep::Ready || step == ConnectionStep::Back)
        event.identity = m_identity;
    post({{}, {}, std::move(event)});
}

void HostStatus::post(Change change)
{
    if (!m_host)
        return;
    m_changes.push_back(std::move(change));
    if (m_changes.size() == 1)
        birch::postEvent(m_host, new QEvent(QEvent::User));
}

} // namespace birch
