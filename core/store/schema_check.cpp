#include "core/store/schema_check.h"

#include "core/store/schema/declared_schema.h"
#include "core/store/schema/live_schema.h"
#include "core/store/schema/schema_difference.h"

namespace birch {

Result<QStringList> schemaDifferences(Connection &connection, const QList<EntitySpec> &specs)
{
    const auto live = liveSchema(connection, ShapeDetail::Tables);
    if (!live)
        return live.error();
    QStringList differences;
    for (const SchemaDifference &difference : compareSchemas(
             declaredSchema(specs, connection.dialect()), live.value(), CompareScope::Declarable)) {
        if (!difference.isSurplus)
            differences << difference.message;
    }
    return differences;
}

} // namespace birch
