#include "core/store/schema/schema_audit.h"

#include "core/store/schema/declared_schema.h"
#include "core/store/schema/live_schema.h"
#include "core/store/schema/reference_schema.h"
#include "core/store/schema/schema_book.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("SchemaCheck", text);
}

QJsonArray toJson(const QList<SchemaDifference> &differences)
{
    QJsonArray list;
    for (const SchemaDifference &difference : differences)
        list << difference.toJson();
    return list;
}

Status compareWith(SchemaAudit &audit, Connection &connection, const SchemaShape &live,
                   const QList<Migration> &migrations, int version)
{
    const auto reference = referenceSchema(connection, migrations, version);
    if (!reference)
        return reference.error();
    audit.version = version;
    audit.differences = compareSchemas(reference.value(), live, CompareScope::Whole);
    return ok();
}

/// A database without a version has the one that it is nearest to.
Status compareWithAny(SchemaAudit &audit, Connection &connection, const SchemaShape &live,
                      const QList<Migration> &migrations)
{
    SchemaAudit best;
    for (int version = audit.head; version > 0; --version) {
        SchemaAudit candidate = audit;
        if (Status done = compareWith(candidate, connection, live, migrations, version); !done)
            return done;
        if (best.version == 0 || candidate.differences.size() < best.differences.size())
            best = candidate;
    }
    audit = best;
    return ok();
}

Status compareWithBook(SchemaAudit &audit, Connection &connection, const SchemaShape &live,
                       const SchemaBook &book, const QList<Migration> &migrations)
{
    if (book.version() > audit.head)
        return Error{ErrorCode::Conflict,
                     tr("The database has the newer schema %1, this program knows %2: install the "
                        "newer Birch")
                         .arg(book.version())
                         .arg(audit.head)};
    if (Status done = compareWith(audit, connection, live, migrations, book.version()); !done)
        return done;
    if (Status sound = checkBook(book, migrations); !sound)
        audit.differences << SchemaDifference{
            DifferenceKind::Other, u"schema_version"_s, {}, sound.error().message};
    return ok();
}

/// The role may read the catalogue, but not make the schema to compare with.
void compareDeclaredOnly(SchemaAudit &audit, const SchemaShape &live, const SchemaBook &book,
                         const SchemaShape &declared)
{
    audit.version = book.version();
    audit.notCompared = tr("Tables without a declaration were not compared: that needs the right "
                           "to make a schema in the database");
    if (audit.version == audit.head)
        audit.differences = compareSchemas(declared, live, CompareScope::Declarable);
}

/// What a live table lacks already is not said twice.
QList<SchemaDifference> undeclared(const SchemaShape &declared, const SchemaShape &live,
                                   const QList<SchemaDifference> &said)
{
    QList<SchemaDifference> left;
    const QStringList known = messages(said);
    for (const SchemaDifference &difference :
         compareSchemas(declared, live, CompareScope::Declarable)) {
        const bool isKnown = known.contains(difference.message) ||
                             std::ranges::any_of(said, [&difference](const auto &other) {
                                 return other.table == difference.table &&
                                        (other.what.isEmpty() || other.what == difference.what);
                             });
        if (!isKnown)
            left << difference;
    }
    return left;
}

QString remedyFor(const SchemaAudit &audit)
{
    if (!audit.isStamped)
        return audit.differences.isEmpty()
                   ? tr("The tables are those of schema %1: run birchctl db stamp %1")
                         .arg(audit.version)
                   : tr("The tables come nearest to schema %1: undo the differences, then run "
                        "birchctl db stamp %1")
                         .arg(audit.version);
    if (audit.differences.size() == 1 && audit.differences.first().table == u"schema_version"_s)
        return tr("The tables agree: use the build that made them, or run birchctl db stamp %1")
            .arg(audit.version);
    if (!audit.differences.isEmpty())
        return tr("Undo what was changed by hand, or restore a backup with birchctl db restore");
    if (!audit.undeclared.isEmpty())
        return tr("The declarations have changed since the last migration: run birchctl db new "
                  "NAME in the source tree, or install a released Birch");
    if (audit.version < audit.head)
        return tr("Run birchctl db upgrade");
    return {};
}
} // namespace

QJsonObject SchemaAudit::toJson() const
{
    return {{u"current"_s, version},
            {u"head"_s, head},
            {u"stamped"_s, isStamped},
            {u"ok"_s, isClean()},
            {u"differences"_s, birch::toJson(differences)},
            {u"undeclared"_s, birch::toJson(undeclared)},
            {u"not_compared"_s, notCompared},
            {u"remedy"_s, remedy}};
}

Result<SchemaAudit> auditSchema(Connection &connection, const QList<Migration> &migrations,
                                const QList<EntitySpec> &specs)
{
    const auto book = readSchemaBook(connection);
    if (!book)
        return book.error();
    if (book.value().isEmpty())
        return Error{ErrorCode::NotFound,
                     tr("The database is empty: prepare it with birchctl db init")};
    if (!book.value().isKept && !book.value().tables.contains(u"database_info"_s))
        return Error{ErrorCode::BadInput,
                     tr("This database holds something else than Birch's tables (%1): choose "
                        "another one")
                         .arg(book.value().tables.mid(0, 3).join(u", "_s))};
    const auto live = liveSchema(connection);
    if (!live)
        return live.error();
    const SchemaShape declared = declaredSchema(specs, connection.dialect());
    SchemaAudit audit;
    audit.head = int(migrations.size());
    audit.isStamped = book.value().isKept && book.value().version() > 0;
    Status done = audit.isStamped
                      ? compareWithBook(audit, connection, live.value(), book.value(), migrations)
                      : compareWithAny(audit, connection, live.value(), migrations);
    if (!done && done.error().code == ErrorCode::Denied)
        compareDeclaredOnly(audit, live.value(), book.value(), declared);
    else if (!done)
        return done.error();
    else if (audit.version == audit.head)
        audit.undeclared += undeclared(declared, live.value(), audit.differences);
    audit.remedy = remedyFor(audit);
    return audit;
}

} // namespace birch
