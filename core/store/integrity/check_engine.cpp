#include "core/store/integrity/integrity_check.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Integrity", text);
}

Status checkPages(IntegrityContext &context)
{
    Status done = context.connection.select(
        u"PRAGMA integrity_check(%1)"_s.arg(IntegrityReport::kMaxFindings), {},
        [&context](const SqlRow &row) {
            if (row.text(0) == u"ok")
                return;
            context.add({.table = tr("file"),
                         .id = tr("page or index"),
                         .what = tr("SQLite finds the file damaged"),
                         .found = row.text(0),
                         .remedy = tr("restore the newest sound backup with birchctl db restore; "
                                      "check the disk")});
        });
    if (!done)
        return done;
    return context.connection.select(
        u"SELECT count(*) FROM sqlite_master WHERE type = 'table'"_s, {},
        [&context](const SqlRow &row) { context.examined(row.integer(0)); });
}

/// Indices that the server itself does not trust, and triggers that somebody has switched off:
/// without them references and `objects` are not kept.
Status checkCatalogue(IntegrityContext &context)
{
    Status done = context.connection.select(
        u"SELECT t.relname, i.relname FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid "
        "JOIN pg_class i ON i.oid = x.indexrelid WHERE NOT (x.indisvalid AND x.indisready) "
        "AND t.relnamespace = current_schema()::regnamespace"_s,
        {}, [&context](const SqlRow &row) {
            context.add({.table = row.text(0),
                         .id = tr("index %1").arg(row.text(1)),
                         .what = tr("the server has marked the index as not valid"),
                         .remedy = u"REINDEX INDEX %1"_s.arg(row.text(1))});
        });
    if (!done)
        return done;
    done = context.connection.select(
        u"SELECT t.relname, g.tgname FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid "
        "WHERE g.tgenabled <> 'O' AND t.relnamespace = current_schema()::regnamespace "
        "ORDER BY 1, 2"_s,
        {}, [&context](const SqlRow &row) {
            context.add({.table = row.text(0),
                         .id = tr("trigger %1").arg(row.text(1)),
                         .what = tr("the trigger is switched off: what it keeps true is not kept"),
                         .remedy = u"ALTER TABLE %1 ENABLE TRIGGER ALL"_s.arg(row.text(0))});
        });
    if (!done)
        return done;
    return context.connection.select(
        u"SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') "
        "AND relnamespace = current_schema()::regnamespace"_s,
        {}, [&context](const SqlRow &row) { context.examined(row.integer(0)); });
}
} // namespace

Status checkEngine(IntegrityContext &context)
{
    return context.connection.dialect().isPostgres() ? checkCatalogue(context)
                                                     : checkPages(context);
}

} // namespace birch
