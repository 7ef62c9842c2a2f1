#pragma once

#include "core/base/result.h"
#include "core/store/schema/schema_shape.h"
#include "core/store/schema/table_model.h"

namespace birch {

/// The schema that a folder of migrations makes, in the words of migrations rather than of one
/// engine: what the next one starts from.
struct MigrationSource {
    int head = 0;
    QMap<QString, TableModel> models;  ///< all tables, whether declared or not
    SchemaShape shape;                 ///< the same in SQLite's terms, for what models leave out
    QMap<QString, QString> triggers;   ///< SQLite's CREATE TRIGGER by name
    QMap<QString, QString> ownIndexes; ///< CREATE INDEX of those that no declaration makes
};

/// Errors: as loadMigrations(); Storage - the SQL does not run.
Result<MigrationSource> readMigrationSource(const QString &dir);

} // namespace birch
