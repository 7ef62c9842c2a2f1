#include "core/store/entity/object_key.h"

#include "core/store/entity/entity_spec.h"
#include "core/store/entity/life_graph.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kCandidates = 5; // that an error names

QString tr(const char *text)
{
    return QCoreApplication::translate("ObjectKey", text);
}

Error notFound(const ReferenceTarget &target, const QString &key)
{
    return {ErrorCode::NotFound, tr("There is no %1 \"%2\": birchctl %3 list shows them")
                                     .arg(target.label, key, target.table)};
}

Status checkKind(const QString &kind)
{
    if (lifeTables().contains(kind))
        return ok();
    return Error{ErrorCode::BadInput,
                 tr("There is nothing of the kind \"%1\": write it as samples:S-2026-001, or give "
                    "the uid")
                     .arg(kind)};
}
} // namespace

Result<QList<ObjectRow>> selectObjects(Connection &connection, const QString &kind,
                                       const QString &where, const QVariantList &values, int limit)
{
    const ReferenceTarget target = referenceTarget(kind);
    QList<ObjectRow> rows;
    const Status done = connection.select(
        u"SELECT o.id, o.kind, o.row_id, o.uid, t.%2, o.lab_id, t.trashed_at, o.trash_root_id "
        "FROM objects o JOIN %1 t ON t.id = o.row_id WHERE o.kind = ? AND (%3) "
        "ORDER BY t.id LIMIT ?"_s.arg(kind, target.humanId, where),
        QVariantList{kind} + values + QVariantList{limit}, [&rows](const SqlRow &row) {
            rows << ObjectRow{
                row.integer(0), row.text(1),    row.integer(2),         row.text(3),
                row.text(4),    row.integer(5), row.optionalInteger(6), row.integer(7)};
        });
    if (!done)
        return done.error();
    return rows;
}

Result<ObjectRow> findObject(Connection &connection, const QString &kind, const QString &key)
{
    if (Status known = checkKind(kind); !known)
        return known.error();
    static const QRegularExpression uidPrefix(u"^[0-9a-f-]{4,36}$"_s);
    const ReferenceTarget target = referenceTarget(kind);
    const QString exact = key.trimmed();
    const QString lower = exact.toLower();
    QString where = u"t.%1 = ? OR t.uid = ?"_s.arg(target.humanId);
    QVariantList values{exact, lower};
    if (uidPrefix.match(lower).hasMatch()) {
        where = u"t.%1 = ? OR (t.uid >= ? AND t.uid < ?)"_s.arg(target.humanId);
        values = {exact, lower, QString(lower + u'g')}; // uids are [0-9a-f-]
    }
    const auto rows = selectObjects(connection, kind, where, values, kCandidates);
    if (!rows)
        return rows.error();
    QList<ObjectRow> named;
    QStringList candidates;
    for (const ObjectRow &row : rows.value()) {
        if (row.uid == lower)
            return row;
        if (row.title == exact)
            named << row;
        candidates << u"%1 (%2)"_s.arg(row.title, row.uid);
    }
    if (named.size() == 1)
        return named.first();
    if (rows.value().size() == 1)
        return rows.value().first();
    if (rows.value().isEmpty())
        return notFound(target, key);
    return Error{
        ErrorCode::Conflict,
        tr("Several fit \"%1\": %2. Give more of the uid").arg(key, candidates.join(u", "_s))};
}

Result<ObjectRow> findObject(Connection &connection, const QString &name)
{
    if (name.contains(u':'))
        return findObject(connection, name.section(u':', 0, 0).trimmed(), name.section(u':', 1));
    const auto row = connection.firstRow(u"SELECT kind, row_id FROM objects WHERE uid = ?"_s,
                                         {name.trimmed().toLower()});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{
            ErrorCode::NotFound,
            tr("There is no \"%1\": write it as samples:S-2026-001, or give the uid").arg(name)};
    return objectOfRow(connection, row.value()->at(0).toString(), row.value()->at(1).toLongLong());
}

Result<ObjectRow> objectOfRow(Connection &connection, const QString &kind, qint64 rowId)
{
    if (Status known = checkKind(kind); !known)
        return known.error();
    const auto rows = selectObjects(connection, kind, u"t.id = ?"_s, {rowId}, 1);
    if (!rows)
        return rows.error();
    if (rows.value().isEmpty())
        return notFound(referenceTarget(kind), QString::number(rowId));
    return rows.value().first();
}

Result<ObjectRow> objectById(Connection &connection, qint64 id)
{
    const auto row = connection.firstRow(u"SELECT kind, row_id FROM objects WHERE id = ?"_s, {id});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound, tr("That is gone: refresh the list")};
    return objectOfRow(connection, row.value()->at(0).toString(), row.value()->at(1).toLongLong());
}

} // namespace birch
