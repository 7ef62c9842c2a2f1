#include "core/store/entity/entity_spec.h"
#include "core/store/integrity/integrity_check.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Integrity", text);
}

/// Tables whose rows have one in `objects`.
QStringList registeredTables()
{
    QStringList tables{u"scans"_s, u"queues"_s};
    for (const EntitySpec &spec : entitySpecs())
        tables << spec.table;
    return tables;
}

void add(IntegrityContext &context, const QString &table, const QString &id, const QString &what,
         const QString &expected, const QString &found)
{
    context.add({.table = table,
                 .id = id,
                 .what = what,
                 .expected = expected,
                 .found = found,
                 .remedy = tr("somebody has changed tables by hand: restore the newest sound "
                              "backup")});
}

/// "uid, lab, trashed" as the row has them.
QString facts(const SqlRow &row, int first)
{
    return u"%1, lab %2, %3"_s.arg(row.text(first), row.text(first + 1),
                                   row.isNull(first + 2) ? tr("not in the trash")
                                                         : tr("in the trash"));
}

Status lookAtRows(IntegrityContext &context, const QString &table)
{
    const QString lab = table == u"labs"_s ? u"t.id"_s : u"t.lab_id"_s; // a lab is in itself
    return context.connection.select(
        u"SELECT t.id, o.id, t.uid, %2, t.trashed_at, o.uid, o.lab_id, o.trashed_at FROM %1 t "
        "LEFT JOIN objects o ON o.kind = '%1' AND o.row_id = t.id WHERE o.id IS NULL "
        "OR o.uid <> t.uid OR o.lab_id IS DISTINCT FROM %2 "
        "OR o.trashed_at IS DISTINCT FROM t.trashed_at ORDER BY t.id LIMIT %3"_s.arg(
            table, lab, QString::number(IntegrityReport::kMaxFindings)),
        {}, [&context, &table](const SqlRow &row) {
            const QString id = u"id %1 (%2)"_s.arg(row.integer(0)).arg(row.text(2));
            if (row.isNull(1))
                add(context, table, id, tr("it is not in the registry of objects"), {}, {});
            else
                add(context, table, id, tr("the registry of objects has it otherwise"),
                    facts(row, 2), facts(row, 5));
        });
}

Status lookAtEntries(IntegrityContext &context, const QString &table)
{
    return context.connection.select(
        u"SELECT o.id, o.row_id, o.uid FROM objects o LEFT JOIN %1 t ON t.id = o.row_id "
        "WHERE o.kind = '%1' AND t.id IS NULL ORDER BY o.id LIMIT %2"_s.arg(
            table, QString::number(IntegrityReport::kMaxFindings)),
        {}, [&context, &table](const SqlRow &row) {
            add(context, u"objects"_s, u"id %1 (%2)"_s.arg(row.integer(0)).arg(row.text(2)),
                tr("what it stands for is gone"),
                tr("a row of %1 with id %2").arg(table).arg(row.integer(1)), tr("none"));
        });
}

Status lookAtKinds(IntegrityContext &context, const QStringList &tables)
{
    return context.connection.select(
        u"SELECT kind, count(*) FROM objects GROUP BY kind ORDER BY kind"_s, {},
        [&context, &tables](const SqlRow &row) {
            context.examined(row.integer(1));
            if (!tables.contains(row.text(0)))
                add(context, u"objects"_s, row.text(0),
                    tr("%1 object(s) of a kind that does not exist").arg(row.integer(1)), {}, {});
        });
}
} // namespace

Status checkObjects(IntegrityContext &context)
{
    const QStringList tables = registeredTables();
    if (Status done = lookAtKinds(context, tables); !done)
        return done;
    qint64 looked = 0;
    for (const QString &table : tables) {
        if (Status done = lookAtRows(context, table); !done)
            return done;
        if (Status done = lookAtEntries(context, table); !done)
            return done;
        context.progress(++looked, tables.size());
    }
    return ok();
}

} // namespace birch
