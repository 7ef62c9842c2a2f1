// What a record's values become in the database: the half of EntityRepository that resolves them.
#include "core/store/entity/entity_conflict.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/entity/entity_text.h"
#include "core/store/search/object_text.h"
#include "core/store/store_json.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QVariant nullOf(const EntityField &field)
{
    // A column that is part of a unique group holds "" instead of NULL: NULLs are never equal.
    const bool isTextWithDefault =
        field.type == EntityFieldType::Text && field.defaultValue.isValid();
    return isTextWithDefault ? field.defaultValue : QVariant(QMetaType::fromType<QString>());
}
} // namespace

Result<qint64> EntityRepository::referenceRow(const EntityField &field, const QString &key)
{
    const ReferenceTarget target = referenceTarget(field.references);
    // A trashed one is found too: what referred to it before may still be edited.
    QList<qint64> rows;
    const Status done = m_connection.select(
        u"SELECT id FROM %1 WHERE uid = ? OR %2 = ? ORDER BY CASE WHEN uid = ? THEN 0 ELSE 1 END "
        "LIMIT 2"_s.arg(target.table, target.humanId),
        {key.toLower(), key, key.toLower()},
        [&rows](const SqlRow &row) { rows << row.integer(0); });
    if (!done)
        return done.error();
    if (rows.isEmpty())
        return Error{ErrorCode::NotFound,
                     tr("There is no %1 \"%2\": add it first, or choose another one")
                         .arg(target.label, key)};
    if (rows.size() > 1)
        return Error{ErrorCode::Conflict,
                     tr("There are several of the %1 \"%2\": give its uid").arg(target.label, key)};
    return rows.first();
}

Result<qint64> EntityRepository::objectRow(const EntityField &field, const QString &key)
{
    const QString kind = key.section(u':', 0, 0);
    const QString name = key.section(u':', 1);
    QString where = u"uid = ?"_s;
    QVariantList values{key.toLower()};
    if (!name.isEmpty()) {
        const ReferenceTarget target = referenceTarget(kind);
        if (target.label == target.table && !entityByTable(kind))
            return Error{ErrorCode::BadInput,
                         tr("%1 is \"%2\", but there is nothing of the kind \"%3\": write it as "
                            "samples:S-2026-001, or give the uid")
                             .arg(field.label, key, kind)};
        where = u"kind = ? AND row_id IN (SELECT id FROM %1 WHERE uid = ? OR %2 = ?)"_s.arg(
            target.table, target.humanId);
        values = {kind, name.toLower(), name};
    }
    QList<qint64> rows;
    QStringList kinds;
    const Status done =
        m_connection.select(u"SELECT id, kind FROM objects WHERE %1 LIMIT 2"_s.arg(where), values,
                            [&rows, &kinds](const SqlRow &row) {
                                rows << row.integer(0);
                                kinds << row.text(1);
                            });
    if (!done)
        return done.error();
    if (rows.isEmpty())
        return Error{
            ErrorCode::NotFound,
            tr("There is no \"%1\" for %2: write it as samples:S-2026-001, or give the uid")
                .arg(key, field.label)};
    if (rows.size() > 1)
        return Error{ErrorCode::Conflict,
                     tr("There are several of \"%1\": give the uid of the one").arg(key)};
    if (!field.kinds.isEmpty() && !field.kinds.contains(kinds.first()))
        return Error{ErrorCode::BadInput,
                     tr("%1 can not be one of %2: choose one of %3")
                         .arg(field.label, kinds.first(), field.kinds.join(u", "_s))};
    return rows.first();
}

Result<QVariant> EntityRepository::bound(const EntityField &field, const QVariant &value)
{
    if (!value.isValid())
        return nullOf(field);
    if (field.refers()) {
        const auto row = field.type == EntityFieldType::Object
                             ? objectRow(field, value.toString())
                             : referenceRow(field, value.toString());
        if (!row)
            return row.error();
        return QVariant(row.value());
    }
    if (field.type == EntityFieldType::Json) {
        const QJsonValue json = value.toJsonValue();
        return QVariant(json.isArray() ? jsonText(json.toArray()) : jsonText(json.toObject()));
    }
    return value;
}

Result<EntityRepository::Row> EntityRepository::boundRow(const QVariantMap &values)
{
    Row row;
    for (auto it = values.begin(); it != values.end(); ++it) {
        const EntityField &field = *m_spec.field(it.key());
        auto value = bound(field, it.value());
        if (!value)
            return value.error();
        row.columns << field.column();
        row.values << value.value();
    }
    if (Status done = addDerivedLab(&row); !done)
        return done.error();
    return row;
}

Status EntityRepository::addDerivedLab(Row *row)
{
    const EntityField *lab = m_spec.field(u"lab"_s);
    if (!lab || lab->derivedFrom.isEmpty())
        return ok();
    const EntityField &source = *m_spec.field(lab->derivedFrom);
    const qsizetype at = row->columns.indexOf(source.column());
    if (at < 0)
        return ok(); // a change that does not touch where the row belongs
    const QString table = source.type == EntityFieldType::Object ? u"objects"_s : source.references;
    const auto found = m_connection.firstRow(
        u"SELECT coalesce(lab_id, (SELECT default_lab_id FROM database_info)) FROM %1 WHERE id = ?"_s
            .arg(table),
        {row->values[at]});
    if (!found)
        return found.error();
    if (!found.value())
        return Error{ErrorCode::NotFound,
                     tr("What %1 refers to is gone: choose another one").arg(source.label)};
    row->columns << lab->column();
    row->values << found.value()->first();
    return ok();
}

Error EntityRepository::explained(const Error &error, Result<WriteTransaction> *transaction,
                                  const Row &columns, qint64 id)
{
    if (error.code != ErrorCode::Conflict)
        return error;
    {
        const WriteTransaction rolledBack = std::move(*transaction).value();
    }
    QVariantMap bound;
    for (qsizetype i = 0; i < columns.columns.size(); ++i)
        bound.insert(columns.columns[i], columns.values[i]);
    return uniqueConflict(m_connection, m_spec, bound, id).value_or(error);
}

Status EntityRepository::describe(const EntityRecord *before, const EntityRecord &record)
{
    if (Status done = describeObject(m_connection, m_spec.table, record.id,
                                     entityTitle(m_spec, record), entitySearchText(m_spec, record));
        !done)
        return done;
    const bool isNamedElsewhere = m_spec.table == u"samples"_s || m_spec.table == u"projects"_s;
    const bool isRenamed = before && (before->text(m_spec.humanId) != record.text(m_spec.humanId) ||
                                      before->text(u"name"_s) != record.text(u"name"_s));
    return isNamedElsewhere && isRenamed ? describeDependents(m_connection, m_spec.table, record.id)
                                         : ok();
}

} // namespace birch
