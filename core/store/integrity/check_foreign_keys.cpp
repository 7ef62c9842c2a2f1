#include "core/store/integrity/integrity_check.h"

#include <QCoreApplication>
#include <QHash>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Integrity", text);
}

QString remedy()
{
    return tr("restore the newest sound backup, or correct the reference by hand");
}

/// "project_id -> projects" by table and number, as foreign_key_check counts them.
Result<QHash<QString, QString>> sqliteReferences(IntegrityContext &context)
{
    QHash<QString, QString> references;
    const Status done = context.connection.select(
        u"SELECT m.name, f.id, f.\"from\", f.\"table\" FROM sqlite_master m "
        "JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"_s,
        {}, [&references](const SqlRow &row) {
            references.insert(row.text(0) + u'/' + row.text(1),
                              u"%1 → %2"_s.arg(row.text(2), row.text(3)));
        });
    if (!done)
        return done.error();
    return references;
}

Status checkSqlite(IntegrityContext &context)
{
    const auto references = sqliteReferences(context);
    if (!references)
        return references.error();
    context.examined(references.value().size());
    return context.connection.select(
        u"PRAGMA foreign_key_check"_s, {}, [&context, &references](const SqlRow &row) {
            const QString table = row.text(0);
            context.add({.table = table,
                         .id = row.isNull(1) ? tr("a row") : u"rowid %1"_s.arg(row.integer(1)),
                         .what = tr("the row refers to nothing"),
                         .expected = tr("a row of %1").arg(row.text(2)),
                         .found = references.value().value(table + u'/' + row.text(3)),
                         .remedy = remedy()});
        });
}

/// A foreign key of PostgreSQL; names are quoted where they must be.
struct Reference {
    QString name;
    QString table;
    QString target;
    QStringList columns;
    QStringList targetColumns;
    bool isTrusted = true;
};

Result<QList<Reference>> postgresReferences(IntegrityContext &context)
{
    QList<Reference> references;
    const auto names = [](const QString &oid, const QString &numbers) {
        return u"array_to_string(ARRAY(SELECT quote_ident(a.attname) FROM unnest(%2) "
               "WITH ORDINALITY n(number, place) JOIN pg_attribute a ON a.attrelid = %1 "
               "AND a.attnum = n.number ORDER BY n.place), ',')"_s.arg(oid, numbers);
    };
    // Partitions inherit theirs: looking at the table they belong to is enough.
    const Status done = context.connection.select(
        u"SELECT c.conname, c.conrelid::regclass::text, c.confrelid::regclass::text, %1, %2, "
        "c.convalidated FROM pg_constraint c WHERE c.contype = 'f' AND c.conparentid = 0 "
        "AND c.connamespace = current_schema()::regnamespace ORDER BY 2, 1"_s.arg(
            names(u"c.conrelid"_s, u"c.conkey"_s), names(u"c.confrelid"_s, u"c.confkey"_s)),
        {}, [&references](const SqlRow &row) {
            references.append({row.text(0), row.text(1), row.text(2), row.text(3).split(u','),
                               row.text(4).split(u','), row.value(5).toBool()});
        });
    if (!done)
        return done.error();
    return references;
}

Status findOrphans(IntegrityContext &context, const Reference &reference)
{
    QStringList joined;
    QStringList given;
    QStringList shown;
    for (qsizetype i = 0; i < reference.columns.size(); ++i) {
        joined << u"p.%1 = c.%2"_s.arg(reference.targetColumns[i], reference.columns[i]);
        given << u"c.%1 IS NOT NULL"_s.arg(reference.columns[i]);
        shown << u"c.%1::text"_s.arg(reference.columns[i]);
    }
    const QString value = u"concat_ws(', ', %1)"_s.arg(shown.join(u", "_s));
    return context.connection.select(
        u"SELECT %1, count(*) FROM %2 c WHERE %3 AND NOT EXISTS (SELECT 1 FROM %4 p WHERE %5) "
        "GROUP BY 1 ORDER BY 1 LIMIT %6"_s.arg(value, reference.table, given.join(u" AND "_s),
                                               reference.target, joined.join(u" AND "_s),
                                               QString::number(IntegrityReport::kMaxFindings)),
        {}, [&context, &reference](const SqlRow &row) {
            context.add({.table = reference.table,
                         .id = u"%1 = %2"_s.arg(reference.columns.join(u", "_s), row.text(0)),
                         .what = tr("%1 row(s) refer to nothing").arg(row.integer(1)),
                         .expected = tr("a row of %1").arg(reference.target),
                         .found = tr("none"),
                         .remedy = remedy()});
        });
}

Status checkPostgres(IntegrityContext &context)
{
    const auto references = postgresReferences(context);
    if (!references)
        return references.error();
    qint64 done = 0;
    for (const Reference &reference : references.value()) {
        if (!reference.isTrusted)
            context.add({.table = reference.table,
                         .id = tr("constraint %1").arg(reference.name),
                         .what = tr("the reference was added without looking at the rows that "
                                    "were there"),
                         .remedy = u"ALTER TABLE %1 VALIDATE CONSTRAINT %2"_s.arg(reference.table,
                                                                                  reference.name)});
        if (Status looked = findOrphans(context, reference); !looked)
            return looked;
        context.examined(1);
        context.progress(++done, references.value().size());
    }
    return ok();
}
} // namespace

Status checkForeignKeys(IntegrityContext &context)
{
    return context.connection.dialect().isPostgres() ? checkPostgres(context)
                                                     : checkSqlite(context);
}

} // namespace birch
