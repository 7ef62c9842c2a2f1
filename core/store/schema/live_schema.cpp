#include "core/store/schema/live_schema.h"

#include "core/store/schema/live_readers.h"

using namespace Qt::StringLiterals;

namespace birch {

Result<SchemaShape> liveSchema(Connection &connection, ShapeDetail detail)
{
    Result<SchemaShape> live = connection.dialect().isPostgres()
                                   ? readPostgresSchema(connection, detail)
                                   : readSqliteSchema(connection, detail);
    if (!live)
        return live.error().within(QCoreApplication::translate("LiveSchema", "Reading the schema"));
    live.value().tables.remove(u"schema_version"_s);
    for (TableShape &table : live.value().tables)
        table.sort();
    return live;
}

} // namespace birch
