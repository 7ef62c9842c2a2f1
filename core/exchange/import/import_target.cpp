#include "core/exchange/import/import_target.h"

#include "core/exchange/import/source_ids.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/store_json.h"

using namespace Qt::StringLiterals;

namespace birch {

Result<QVariant> rowOfUid(Connection &connection, const QString &table, const QString &uid)
{
    if (uid.isEmpty())
        return QVariant();
    const auto row = connection.firstRow(u"SELECT id FROM %1 WHERE uid = ?"_s.arg(table), {uid});
    if (!row)
        return row.error();
    return row.value() ? row.value()->first() : QVariant();
}

Result<QVariant> labOfRow(Connection &connection, const QString &table, const QVariant &row)
{
    if (!row.isValid())
        return QVariant();
    const auto found =
        connection.firstRow(u"SELECT lab_id FROM %1 WHERE id = ?"_s.arg(table), {row});
    if (!found)
        return found.error();
    return found.value() ? found.value()->first() : QVariant();
}

Result<std::optional<StoredSource>> storedSource(Connection &connection, const QString &table,
                                                 const QString &uid)
{
    const auto row =
        connection.firstRow(u"SELECT id, extra_data FROM %1 WHERE uid = ?"_s.arg(table), {uid});
    if (!row)
        return row.error();
    if (!row.value())
        return std::optional<StoredSource>();
    return std::optional(
        StoredSource{row.value()->at(0).toLongLong(),
                     jsonObject(row.value()->at(1).toString()).value(u"legacy_hash"_s).toString()});
}

Result<QString> stationUid(const ImportTarget &target, const QString &name, const QString &lab,
                           bool *wasMade)
{
    *wasMade = false;
    const auto row =
        target.connection.firstRow(u"SELECT uid FROM stations WHERE name = ?"_s, {name});
    if (!row)
        return row.error();
    if (row.value())
        return row.value()->first().toString();
    QVariantMap values{{u"name"_s, name}};
    if (!lab.isEmpty())
        values.insert(u"lab"_s, lab);
    const auto made =
        EntityRepository(target.connection, stationSpec())
            .insert(target.session, values, {},
                    {.origin = Origin::Store, .uid = importedUid(u"station/"_s + name)});
    if (!made)
        return made.error();
    *wasMade = true;
    return made.value().uid;
}

} // namespace birch
