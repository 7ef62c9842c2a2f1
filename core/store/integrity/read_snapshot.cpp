#include "core/store/integrity/read_snapshot.h"

#include "core/store/store_log.h"

using namespace Qt::StringLiterals;

namespace birch {

Result<ReadSnapshot> ReadSnapshot::begin(Connection &connection)
{
    if (connection.m_transactionDepth > 0)
        return ReadSnapshot(nullptr);
    const Status begun = connection.script(
        connection.dialect().isPostgres() ? u"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"_s
                                          : u"BEGIN"_s);
    if (!begun)
        return begun.error();
    return ReadSnapshot(&connection);
}

ReadSnapshot::~ReadSnapshot()
{
    if (!m_connection)
        return;
    if (const Status done = m_connection->script(u"ROLLBACK"_s); !done)
        qCWarning(storeLog).noquote() << "ending a snapshot:" << done.error().message;
}

} // namespace birch
