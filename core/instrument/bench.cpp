#include "core/instrument/bench.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Who holds an instrument in the moment in which it leaves the bench: nobody gets it after that.
const QString kLeaving = u"a change of the bench"_s;
} // namespace

Bench::Bench(QObject *parent)
    : QObject(parent)
{
}

Bench::~Bench() = default;

Status Bench::add(std::unique_ptr<InstrumentHost> host)
{
    InstrumentHost *const added = host.get();
    {
        const std::lock_guard lock(m_mutex);
        const QString nickname = host->nickname();
        // try_emplace leaves a refused host where it was: it is closed when this returns.
        if (!m_hosts.try_emplace(nickname, std::move(host)).second)
            return Error{
                ErrorCode::Conflict,
                InstrumentHost::tr("The bench has two instruments called %1: rename one of them")
                    .arg(nickname)};
    }
    emit hostAdded(added);
    return ok();
}

Status Bench::retire(const QStringList &nicknames)
{
    QList<InstrumentHost *> leaving;
    Status taken = ok();
    for (const QString &nickname : nicknames) {
        InstrumentHost *const host = find(nickname);
        taken = host ? host->acquireLease(kLeaving)
                     : Error{ErrorCode::NotFound,
                             InstrumentHost::tr("The bench has no instrument called %1: see which "
                                                "it has with birchctl instruments list")
                                 .arg(nickname)};
        if (!taken)
            break;
        leaving.append(host);
    }
    for (InstrumentHost *host : std::as_const(leaving)) {
        if (!taken) {
            host->releaseLease(kLeaving);
            continue;
        }
        {
            const std::lock_guard lock(m_mutex);
            m_retired.push_back(std::move(m_hosts.extract(host->nickname()).mapped()));
        }
        emit hostRetired(host); // while it is what it was
        host->close();
    }
    return taken;
}

InstrumentHost *Bench::find(const QString &nickname) const
{
    const std::lock_guard lock(m_mutex);
    const auto it = m_hosts.find(nickname);
    return it == m_hosts.end() ? nullptr : it->second.get();
}

QList<InstrumentHost *> Bench::hosts() const
{
    const std::lock_guard lock(m_mutex);
    QList<InstrumentHost *> hosts;
    for (const auto &[nickname, host] : m_hosts)
        hosts.append(host.get());
    return hosts;
}

BenchRecord Bench::record() const
{
    const std::lock_guard lock(m_mutex);
    return m_record;
}

void Bench::setRecord(BenchRecord record)
{
    const std::lock_guard lock(m_mutex);
    m_record = std::move(record);
}

} // namespace birch
