// Queues of SqlRunStore.
#include "core/store/place_rules.h"
#include "core/store/queue_repository.h"
#include "core/store/sql_run_store.h"

using namespace Qt::StringLiterals;

namespace birch {

Status SqlRunStore::mayRun()
{
    auto session = renewed(*m_connection, m_session);
    if (!session)
        return session.error();
    m_session = std::move(session).value();
    return m_session.mayWrite();
}

Status SqlRunStore::mayEdit(const QString &table, qint64 row, const QString &what)
{
    const auto place = placeOf(*m_connection, m_session, placeRule(table), row);
    if (!place)
        return place.error();
    return m_session.may(Action::Edit, EntityAccess::Lab, place.value(), what);
}

Result<QUuid> SqlRunStore::createQueue(const QString &name, const QString &mode)
{
    if (Status may = mayRun(); !may)
        return may.error();
    QueueSettings settings;
    settings.parallel = mode == u"parallel"_s ? kMaxParallelScans : 1;
    return QueueRepository(*m_connection).create(m_session, m_station, name, settings);
}

Status SqlRunStore::setQueueState(const QUuid &queue, QueueState state)
{
    if (Status may = mayRun(); !may)
        return may;
    return QueueRepository(*m_connection).setState(m_session, queue, state);
}

} // namespace birch
