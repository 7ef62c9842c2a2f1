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

void HostStatus::post(Change change)
{
    if (!m_host)
        return;
    m_changes.push_back(std::move(change));
    if (m_changes.size() == 1)
        postEvent(m_host, new QEvent(QEvent::User));
}

} // namespace birch
