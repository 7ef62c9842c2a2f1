#include "core/store/user_fields.h"

#include "core/base/text_map.h"
#include "core/store/store_json.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
const QString kFields = u"fields"_s;
}

QMap<QString, QString> userFields(const QJsonObject &extraData)
{
    return textMapFromJson(extraData[kFields].toObject());
}

QJsonObject withUserFields(QJsonObject extraData, const QMap<QString, QString> &fields)
{
    if (fields.isEmpty())
        extraData.remove(kFields);
    else
        extraData.insert(kFields, textMapToJson(fields));
    return extraData;
}

Result<QString> extraDataWith(Connection &connection, const QString &table, qint64 row,
                              const QMap<QString, QString> &fields)
{
    const QString lock = connection.dialect().isPostgres() ? u" FOR NO KEY UPDATE"_s : QString();
    const auto found =
        connection.firstRow(u"SELECT extra_data FROM %1 WHERE id = ?"_s.arg(table) + lock, {row});
    if (!found)
        return found.error();
    const QString kept = found.value() ? found.value()->first().toString() : QString();
    return jsonText(withUserFields(jsonObject(kept), fields));
}

} // namespace birch
