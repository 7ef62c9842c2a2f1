#include "core/store/entity/entity_conflict.h"

#include "core/store/schema/table_model.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("EntityRepository", text);
}

QString labelOf(const EntitySpec &spec, const QString &column)
{
    for (const EntityField &field : spec.fields) {
        if (field.column() == column)
            return field.label;
    }
    return column;
}
} // namespace

std::optional<Error> uniqueConflict(Connection &connection, const EntitySpec &spec,
                                    const QVariantMap &columns, qint64 row)
{
    for (const QStringList &group : tableModel(spec).uniques) {
        QStringList conditions;
        QStringList labels;
        QVariantList values;
        for (const QString &column : group) {
            // What is not changed stays as it is in the row.
            if (columns.contains(column)) {
                conditions << column + u" = ?"_s;
                values << columns.value(column);
            } else {
                conditions << u"%1 = (SELECT %1 FROM %2 WHERE id = ?)"_s.arg(column, spec.table);
                values << row;
            }
            labels << labelOf(spec, column);
        }
        values << row;
        const auto other = connection.firstRow(
            u"SELECT uid, %1, trashed_at IS NOT NULL FROM %2 WHERE %3 AND id <> ?"_s.arg(
                spec.humanId.isEmpty() ? u"uid"_s : spec.humanId, spec.table,
                conditions.join(u" AND "_s)),
            values);
        if (!other || !other.value())
            continue;
        const QString where = other.value()->at(2).toBool() ? tr(" (in the trash)") : QString();
        return Error{
            ErrorCode::Conflict,
            tr("%1: there is a %2 with the same already, %3%4: choose another value, or "
               "edit that one")
                .arg(labels.join(tr(" and ")), spec.label, other.value()->at(1).toString(), where)};
    }
    return {};
}

} // namespace birch
