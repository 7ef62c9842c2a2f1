#include "core/store/schema/reference_schema.h"

#include "core/store/migration_run.h"
#include "core/store/schema/live_schema.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
Status apply(Connection &connection, const QList<Migration> &migrations, int version)
{
    for (const Migration &step : migrations) {
        if (step.version > version)
            break;
        if (Status done = connection.script(step.up); !done)
            return done.error().within(
                QCoreApplication::translate("Migrations", "Migration %1 (%2)")
                    .arg(step.version)
                    .arg(step.name));
    }
    return ok();
}

/// Every name that the migrations do not qualify is looked up and made there first.
Status enterOwnSchema(Connection &connection)
{
    const auto own = connection.firstRow(u"SELECT 'birch_reference_' || pg_backend_pid()"_s);
    if (!own)
        return own.error();
    const auto before = connection.firstRow(u"SELECT current_setting('search_path')"_s);
    if (!before)
        return before.error();
    return connection.script(u"CREATE SCHEMA %1; SET LOCAL search_path = %1, %2"_s.arg(
        own.value()->first().toString(), before.value()->first().toString()));
}
} // namespace

Result<SchemaShape> referenceSchema(Connection &connection, const QList<Migration> &migrations,
                                    int version)
{
    if (version == 0)
        return SchemaShape();
    if (!connection.dialect().isPostgres()) {
        auto scratch = Connection::openScratch();
        if (!scratch)
            return scratch.error();
        if (Status done = apply(*scratch.value(), migrations, version); !done)
            return done.error();
        return liveSchema(*scratch.value());
    }
    auto transaction = WriteTransaction::begin(connection); // never committed
    if (!transaction)
        return transaction.error();
    if (Status done = enterOwnSchema(connection); !done)
        return done.error();
    if (Status done = apply(connection, migrations, version); !done)
        return done.error();
    if (Status done = protectTables(connection); !done)
        return done.error();
    return liveSchema(connection);
}

} // namespace birch
