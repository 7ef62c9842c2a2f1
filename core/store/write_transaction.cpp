#include "core/store/write_transaction.h"

#include "core/store/event_log.h"
#include "core/store/store_log.h"

#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace birch {

Result<WriteTransaction> WriteTransaction::begin(Connection &connection, Durability durability)
{
    const int depth = connection.m_transactionDepth;
    // SQLite changes its synchronous setting only outside a transaction, PostgreSQL inside.
    const bool isPostgres = connection.dialect().isPostgres();
    if (depth == 0 && !isPostgres) {
        if (Status set = connection.setDurability(durability); !set)
            return set.error();
    }
    const QString sql =
        depth == 0 ? connection.dialect().beginWrite() : u"SAVEPOINT s%1"_s.arg(depth);
    if (Status begun = connection.script(sql); !begun)
        return begun.error();
    ++connection.m_transactionDepth;
    WriteTransaction transaction(connection, depth);
    if (depth == 0 && isPostgres) {
        if (Status set = connection.setDurability(durability); !set)
            return set.error();
    }
    return transaction;
}

WriteTransaction::~WriteTransaction()
{
    if (m_connection)
        rollBack();
}

Status WriteTransaction::commit()
{
    if (m_depth == 0) {
        if (Status logged = EventLog(*m_connection).append(); !logged)
            return logged; // still open: the destructor rolls back
    }
    const QString sql = m_depth == 0 ? u"COMMIT"_s : u"RELEASE SAVEPOINT s%1"_s.arg(m_depth);
    if (Status done = m_connection->script(sql); !done)
        return done;
    --m_connection->m_transactionDepth;
    m_connection = nullptr;
    return ok();
}

void WriteTransaction::forgetEvents()
{
    auto &events = m_connection->m_pendingEvents;
    events.resize(std::min(events.size(), m_eventMark));
}

void WriteTransaction::rollBack()
{
    forgetEvents();
    // A full disk makes SQLite roll back by itself.
    if (sqlite3 *handle = m_connection->sqliteHandle(); handle && sqlite3_get_autocommit(handle)) {
        --m_connection->m_transactionDepth;
        m_connection = nullptr;
        return;
    }
    const QString savepoint = u"s%1"_s.arg(m_depth);
    Status done = m_depth == 0 ? m_connection->script(u"ROLLBACK"_s)
                               : m_connection->script(u"ROLLBACK TO SAVEPOINT "_s + savepoint);
    if (done && m_depth > 0)
        done = m_connection->script(u"RELEASE SAVEPOINT "_s + savepoint);
    if (!done) // a lost server has rolled back by itself
        qCWarning(storeLog).noquote() << "rolling back:" << done.error().message;
    --m_connection->m_transactionDepth;
    m_connection = nullptr;
}

} // namespace birch
