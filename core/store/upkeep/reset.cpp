#include "core/store/upkeep/reset.h"

#include "core/store/exclusive_database.h"
#include "core/store/migration_run.h"
#include "core/store/session.h"
#include "core/store/upkeep/bulk_load.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
Status emptyAndSeed(Connection &connection, const TableCatalogue &catalogue,
                    const QString &userName)
{
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    const auto references = removeReferences(connection);
    if (!references)
        return references.error();
    if (Status emptied = emptyTables(connection, catalogue); !emptied)
        return emptied;
    if (Status added = addReferences(connection, references.value()); !added)
        return added;
    // The triggers come back before the first rows: the registry of objects begins with them.
    if (Status on = setRulesActive(connection, catalogue, true); !on)
        return on;
    if (Status rebuilt = rebuildDerived(connection); !rebuilt)
        return rebuilt;
    if (Status seeded = seedDatabase(connection, userName); !seeded)
        return seeded;
    return transaction.value().commit();
}

Status empty(Connection &connection, const QString &userName)
{
    const auto catalogue = TableCatalogue::read(connection);
    if (!catalogue)
        return catalogue.error();
    const bool isPostgres = connection.dialect().isPostgres();
    if (!isPostgres) { // outside of the transaction; PostgreSQL empties without triggers
        if (Status off = setRulesActive(connection, catalogue.value(), false); !off)
            return off;
    }
    const Status done = emptyAndSeed(connection, catalogue.value(), userName);
    if (!isPostgres) {
        if (Status on = setRulesActive(connection, catalogue.value(), true); !on)
            return on;
        if (done)
            return connection.script(u"VACUUM"_s);
    }
    return done;
}
} // namespace

Result<std::optional<BackupReport>> resetDatabase(std::unique_ptr<Database> database,
                                                  const QString &userName,
                                                  const QString &backupPath)
{
    const auto alone = ExclusiveDatabase::takeOver(std::move(database));
    if (!alone)
        return alone.error();
    Connection &connection = *alone.value().connection;
    const auto session = openSession(connection, userName);
    if (!session)
        return session.error();
    if (Status may = session.value().mayAdminister(); !may)
        return may.error();
    std::optional<BackupReport> backup;
    if (!backupPath.isEmpty()) {
        auto taken = backupDatabase(connection, backupPath);
        if (!taken)
            return taken.error();
        backup = std::move(taken).value();
    }
    if (Status emptied = empty(connection, userName); !emptied)
        return emptied.error();
    return backup;
}

} // namespace birch
