#include "core/store/upkeep/bulk_load.h"

#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace birch {

Result<QList<PausedReference>> removeReferences(Connection &connection)
{
    QList<PausedReference> references;
    if (!connection.dialect().isPostgres())
        return references;
    const Status read = connection.select(
        u"SELECT c.relname, f.conname, pg_get_constraintdef(f.oid) FROM pg_constraint f "
        "JOIN pg_class c ON c.oid = f.conrelid WHERE f.contype = 'f' AND f.conparentid = 0 "
        "AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname, f.conname"_s,
        {}, [&references](const SqlRow &row) {
            references.append({row.text(0), row.text(1), row.text(2)});
        });
    if (!read)
        return read.error();
    for (const PausedReference &reference : std::as_const(references)) {
        if (Status done = connection.script(u"ALTER TABLE %1 DROP CONSTRAINT %2"_s.arg(
                quotedName(reference.table), quotedName(reference.name)));
            !done)
            return done.error();
    }
    return references;
}

Status addReferences(Connection &connection, const QList<PausedReference> &references)
{
    for (const PausedReference &reference : references) {
        if (Status done = connection.script(u"ALTER TABLE %1 ADD CONSTRAINT %2 %3"_s.arg(
                quotedName(reference.table), quotedName(reference.name), reference.definition));
            !done)
            return done.error().within(reference.table);
    }
    return ok();
}

Status setRulesActive(Connection &connection, const TableCatalogue &catalogue, bool isActive)
{
    if (sqlite3 *handle = connection.sqliteHandle()) {
        sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, isActive ? 1 : 0, nullptr);
        return connection.script(isActive ? u"PRAGMA foreign_keys = ON"_s
                                          : u"PRAGMA foreign_keys = OFF"_s);
    }
    const QString word = isActive ? u"ENABLE"_s : u"DISABLE"_s;
    for (const CatalogueTable &table : catalogue.tables()) {
        if (Status done = connection.script(
                u"ALTER TABLE %1 %2 TRIGGER USER"_s.arg(quotedName(table.name), word));
            !done)
            return done.error().within(table.name);
    }
    return ok();
}

Status emptyTables(Connection &connection, const TableCatalogue &catalogue)
{
    if (connection.dialect().isPostgres()) {
        QStringList names;
        for (const CatalogueTable &table : catalogue.tables())
            names << table.name;
        return connection.script(u"TRUNCATE %1 RESTART IDENTITY"_s.arg(quotedNames(names)));
    }
    for (const CatalogueTable &table : catalogue.tables()) {
        if (Status done = connection.script(u"DELETE FROM "_s + quotedName(table.name)); !done)
            return done;
    }
    return connection.script(u"DELETE FROM sqlite_sequence"_s);
}

Status rebuildDerived(Connection &connection)
{
    if (connection.dialect().isPostgres())
        return ok();
    QStringList indices;
    const Status read = connection.select(
        u"SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5%'"_s, {},
        [&indices](const SqlRow &row) { indices << row.text(0); });
    if (!read)
        return read;
    for (const QString &index : std::as_const(indices)) {
        const QString name = quotedName(index);
        if (Status done = connection.script(u"INSERT INTO %1(%1) VALUES ('rebuild')"_s.arg(name));
            !done)
            return done;
    }
    return ok();
}

Status checkReferences(Connection &connection)
{
    if (connection.dialect().isPostgres())
        return ok();
    const auto broken = connection.firstRow(u"PRAGMA foreign_key_check"_s);
    if (!broken)
        return broken.error();
    if (!broken.value())
        return ok();
    return Error{ErrorCode::Storage,
                 QCoreApplication::translate(
                     "BulkLoad", "Row %1 of table %2 refers to a row of %3 that is not there: "
                                 "run birchctl db integrity on the source")
                     .arg(broken.value()->at(1).toLongLong())
                     .arg(broken.value()->at(0).toString(), broken.value()->at(2).toString())};
}

} // namespace birch
