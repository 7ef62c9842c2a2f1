#pragma once

#include "core/store/schema/migration_source.h"

namespace birch {

/// The SQL of one migration by the end of its files' names: "up.sql", "sqlite.up.sql",
/// "postgresql.up.sql", "down.sql", … Empty ones are left out, but for up.sql and down.sql.
using MigrationDraft = QMap<QString, QString>;

/// What leads from \a source to the tables that \a specs declare, and back. Lines that begin with
/// kFillIn are for a person to settle. Empty: nothing differs. Tables that were an entity's and are
/// declared no more are dropped.
MigrationDraft draftMigration(const MigrationSource &source, const QList<EntitySpec> &specs);

/// Writes the next migration, called \a name, into \a dir and lists it in the sql.qrc there.
/// Returns the files written. Errors: BadInput - the name; NotFound - \a dir holds no sql.qrc;
/// Conflict - nothing differs, or there is one of the name; Io.
Result<QStringList> writeNewMigration(const QString &dir, const QString &name,
                                      const QList<EntitySpec> &specs = entitySpecs());

} // namespace birch
