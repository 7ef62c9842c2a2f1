#pragma once

#include "core/store/schema/migration_source.h"
#include "core/store/schema/table_change.h"

namespace birch {

/// What every engine understands, of a change that isSimple().
QString simpleChangeSql(const TableChange &change);
/// ALTER TABLE and what belongs to it.
QString postgresChangeSql(const TableChange &change);
/// SQLite alters little: the table is made anew under another name, filled, and takes the place of
/// the old one; indexes, triggers and the counter of its ids are kept. To be run with foreign keys
/// off, so that rows of other tables go on pointing at it.
QString sqliteRebuildSql(const TableChange &change, const MigrationSource &source);

} // namespace birch
