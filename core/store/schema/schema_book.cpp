#include "core/store/schema/schema_book.h"

#include "core/store/store_time.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Schema", text);
}

Result<QStringList> tableNames(Connection &connection)
{
    const QString sql = connection.dialect().isPostgres()
                            ? u"SELECT c.relname FROM pg_class c WHERE c.relnamespace = "
                              "current_schema()::regnamespace AND c.relkind IN ('r', 'p') "
                              "AND NOT c.relispartition ORDER BY 1"_s
                            : u"SELECT name FROM sqlite_master WHERE type = 'table' "
                              "AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY 1"_s;
    QStringList names;
    if (Status done =
            connection.select(sql, {}, [&names](const SqlRow &row) { names << row.text(0); });
        !done)
        return done.error();
    return names;
}
} // namespace

const AppliedStep *SchemaBook::step(int version) const
{
    const auto found = std::ranges::find(steps, version, &AppliedStep::version);
    return found == steps.cend() ? nullptr : &*found;
}

Result<SchemaBook> readSchemaBook(Connection &connection)
{
    auto tables = tableNames(connection);
    if (!tables)
        return tables.error();
    SchemaBook book;
    book.tables = tables.value();
    book.isKept = book.tables.removeOne(u"schema_version"_s);
    if (!book.isKept)
        return book;
    if (Status done = connection.select(
            u"SELECT version, name, checksum, applied_at, program FROM schema_version "
            "ORDER BY version"_s,
            {},
            [&book](const SqlRow &row) {
                book.steps << AppliedStep{int(row.integer(0)), row.text(1), row.text(2),
                                          row.integer(3), row.text(4)};
            });
        !done)
        return done.error();
    return book;
}

Status checkBook(const SchemaBook &book, const QList<Migration> &migrations)
{
    for (const Migration &migration : migrations) {
        if (migration.version > book.version())
            break;
        const AppliedStep *step = book.step(migration.version);
        if (!step)
            return Error{ErrorCode::Conflict,
                         tr("The database does not say that migration %1 (%2) was applied: run "
                            "birchctl db check, and birchctl db stamp %3 when the tables agree")
                             .arg(migration.version)
                             .arg(migration.name)
                             .arg(book.version())};
        if (step->checksum != migration.checksum)
            return Error{
                ErrorCode::Conflict,
                tr("Migration %1 (%2) is not the one that was applied to this database by %3 "
                   "(checksum %4… there, %5… here); it was edited, or made by another build of "
                   "Birch than this one: use that build, or run birchctl db check, and birchctl "
                   "db stamp %6 when the tables agree")
                    .arg(migration.version)
                    .arg(migration.name, step->program,
                         step->checksum.first(std::min<qsizetype>(8, step->checksum.size())),
                         migration.checksum.first(8))
                    .arg(book.version())};
    }
    return ok();
}

Status makeBook(Connection &connection)
{
    const QString sql =
        u"CREATE TABLE IF NOT EXISTS schema_version ("
        "version {int} PRIMARY KEY, name {text} NOT NULL, checksum {text} NOT NULL, "
        "applied_at {int} NOT NULL, program {text} NOT NULL){strict}"_s;
    return connection.script(connection.dialect().fillTypes(sql));
}

Status enterStep(Connection &connection, const Migration &step)
{
    return connection.execute(
        u"INSERT INTO schema_version (version, name, checksum, applied_at, program) "
        "VALUES (?, ?, ?, ?, ?)"_s,
        {step.version, step.name, step.checksum, nowUs(), QStringLiteral("birch " BIRCH_VERSION)});
}

Status removeStep(Connection &connection, const Migration &step)
{
    return connection.execute(u"DELETE FROM schema_version WHERE version = ?"_s, {step.version});
}

} // namespace birch
