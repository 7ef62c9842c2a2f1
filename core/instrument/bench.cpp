#include "core/instrument/bench.h"

namespace birch {

Status Bench::add(std::unique_ptr<InstrumentHost> host)
{
    const QString nickname = host->nickname();
    // try_emplace leaves a refused host where it was: it is closed when this returns.
    if (!m_hosts.try_emplace(nickname, std::move(host)).second)
        return Error{
            ErrorCode::Conflict,
            InstrumentHost::tr("The bench has two instruments called %1: rename one of them")
                .arg(nickname)};
    return ok();
}

InstrumentHost *Bench::find(const QString &nickname) const
{
    const auto it = m_hosts.find(nickname);
    return it == m_hosts.end() ? nullptr : it->second.get();
}

QList<InstrumentHost *> Bench::hosts() const
{
    QList<InstrumentHost *> hosts;
    for (const auto &[nickname, host] : m_hosts)
        hosts.append(host.get());
    return hosts;
}

} // namespace birch
