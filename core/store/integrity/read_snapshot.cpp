#include "core/store/integrity/read_snapshot.h"

#include "core/store/store_log.h"

#include <libpq-fe.h>
#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
bool isInTransaction(const Connection &connection)
{
    if (sqlite3 *handle = connection.sqliteHandle())
        return sqlite3_get_autocommit(handle) == 0;
    return PQtransactionStatus(connection.postgresHandle()) != PQTRANS_IDLE;
}
} // namespace

Result<ReadSnapshot> ReadSnapshot::begin(Connection &connection)
{
    if (isInTransaction(connection))
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
