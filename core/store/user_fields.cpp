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

Result<QString> scanExtraData(Connection &connection, qint64 scanRow,
                              const QMap<QString, QString> &fields)
{
    const QString lock = connection.dialect().isPostgres() ? u" FOR UPDATE"_s : QString();
    const auto row =
        connection.firstRow(u"SELECT extra_data FROM scans WHERE id = ?"_s + lock, {scanRow});
    if (!row)
        return row.error();
    const QString kept = row.value() ? row.value()->first().toString() : QString();
    return jsonText(withUserFields(jsonObject(kept), fields));
}

} // namespace birch
