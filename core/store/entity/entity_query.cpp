#include "core/store/entity/entity_query.h"

#include "core/store/entity/entity_filter.h"
#include "core/store/store_json.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// Columns before the fields in entitySelect().
constexpr int kAuditCount = 10;

QString tr(const char *text)
{
    return QCoreApplication::translate("EntityRepository", text);
}

/// Human id of what a reference refers to, as SQL over the joins of entityFrom().
QString displayColumn(const EntityField &field)
{
    if (field.type == EntityFieldType::Object)
        return u"r_%1.kind || ':' || r_%1.title"_s.arg(field.name);
    return u"r_%1.%2"_s.arg(field.name, referenceTarget(field.references).humanId);
}

QString entityJoin(const EntityField &field)
{
    return u" LEFT JOIN %1 r_%2 ON r_%2.id = t.%3"_s.arg(
        field.type == EntityFieldType::Object ? u"objects"_s : field.references, field.name,
        field.column());
}

QVariant fieldFromRow(const EntityField &field, const SqlRow &row, int column)
{
    if (row.isNull(column))
        return {};
    switch (field.type) {
    case EntityFieldType::Integer:
    case EntityFieldType::Time:
        return row.integer(column);
    case EntityFieldType::Real:
        return row.real(column);
    case EntityFieldType::Boolean:
        return row.value(column).toBool();
    case EntityFieldType::Json: {
        const auto document = QJsonDocument::fromJson(row.text(column).toUtf8());
        return document.isArray() ? QVariant(QJsonValue(document.array()))
                                  : QVariant(QJsonValue(document.object()));
    }
    case EntityFieldType::Text:
    case EntityFieldType::LongText:
    case EntityFieldType::Date:
    case EntityFieldType::Choice:
    case EntityFieldType::Unit:
    case EntityFieldType::Reference:
    case EntityFieldType::Object:
        break;
    }
    return row.text(column);
}
} // namespace

QString entityFrom(const EntitySpec &spec)
{
    QString sql = u" FROM %1 t"_s.arg(spec.table);
    for (const EntityField &field : spec.fields) {
        if (field.refers())
            sql += entityJoin(field);
    }
    return sql;
}

QString entitySelect(const EntitySpec &spec)
{
    QStringList columns{u"t.id"_s,          u"t.uid"_s,        u"t.extra_data"_s, u"t.revision"_s,
                        u"t.created_at"_s,  u"t.created_by"_s, u"t.updated_at"_s, u"t.updated_by"_s,
                        u"t.archived_at"_s, u"t.trashed_at"_s};
    for (const EntityField &field : spec.fields) {
        if (field.refers())
            columns << displayColumn(field) << u"r_%1.uid"_s.arg(field.name);
        else
            columns << u"t."_s + field.column();
    }
    return u"SELECT "_s + columns.join(u", "_s) + entityFrom(spec);
}

EntityRecord entityRecord(const EntitySpec &spec, const SqlRow &row)
{
    EntityRecord record;
    record.id = row.integer(0);
    record.uid = row.text(1);
    record.extraData = jsonObject(row.text(2));
    record.revision = row.integer(3);
    record.createdUs = row.integer(4);
    record.createdBy = row.text(5);
    record.updatedUs = row.integer(6);
    record.updatedBy = row.text(7);
    record.archivedUs = row.optionalInteger(8);
    record.trashedUs = row.optionalInteger(9);
    int column = kAuditCount;
    for (const EntityField &field : spec.fields) {
        const QVariant value = fieldFromRow(field, row, column++);
        if (value.isValid())
            record.values.insert(field.name, value);
        if (field.refers() && !row.isNull(column++))
            record.referenceUids.insert(field.name, row.text(column - 1));
    }
    return record;
}

namespace {
bool isSortedAsText(const EntityField &field)
{
    switch (field.type) {
    case EntityFieldType::Text:
    case EntityFieldType::LongText:
    case EntityFieldType::Choice:
    case EntityFieldType::Unit:
    case EntityFieldType::Reference:
    case EntityFieldType::Object:
        return true;
    default:
        return false;
    }
}
} // namespace

QString entityOrder(const EntitySpec &spec, const Dialect &dialect, const EntityFilter &filter)
{
    if (filter.sort.isEmpty())
        return u"t.created_at DESC, t.id DESC"_s;
    const QString direction = filter.isDescending ? u"DESC"_s : u"ASC"_s;
    const EntityField *field = spec.field(filter.sort);
    if (!field) // created_at, updated_at
        return u"t.%1 %2, t.id %2"_s.arg(filter.sort, direction);
    QString column = field->refers() ? displayColumn(*field) : u"t."_s + field->column();
    const QString empty = field->isRequired ? QString() : u"%1 IS NULL, "_s.arg(column);
    // By bytes, as SQLite does: every station shows the same order, whatever the server's locale.
    if (dialect.isPostgres() && isSortedAsText(*field))
        column = u"(%1) COLLATE \"C\""_s.arg(column);
    return u"%1%2 %3, t.id %3"_s.arg(empty, column, direction);
}

Result<PageQuery> entityPage(const EntitySpec &spec, const Dialect &dialect,
                             const EntityFilter &filter)
{
    const EntityField *sort = spec.field(filter.sort);
    const bool isAudit = filter.sort == u"created_at"_s || filter.sort == u"updated_at"_s;
    const bool mayNot = sort && (sort->type == EntityFieldType::Json || sort->isSecret);
    if ((!filter.sort.isEmpty() && !sort && !isAudit) || mayNot)
        return Error{
            ErrorCode::BadInput,
            tr("A %1 can not be sorted by \"%2\": choose a field").arg(spec.label, filter.sort)};
    const auto conditions = entityConditions(spec, filter);
    if (!conditions)
        return conditions.error();
    PageQuery query{.table = spec.table, .alias = u"t"_s};
    if (!filter.isArchiveIncluded)
        query.conditions << u"t.archived_at IS NULL"_s;
    for (const SqlPiece &condition : conditions.value()) {
        query.conditions << condition.sql;
        query.values += condition.values;
    }
    if (sort && sort->refers())
        query.joins = entityJoin(*sort);
    query.order = entityOrder(spec, dialect, filter);
    query.words = plainWords(filter.search);
    query.isTrashIncluded = filter.isTrashIncluded;
    query.anchor = filter.anchor;
    query.page = filter.page;
    query.perPage = filter.perPage;
    return query;
}

} // namespace birch
