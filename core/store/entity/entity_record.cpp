#include "core/store/entity/entity_record.h"

#include "core/store/store_time.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QJsonValue timeOrNull(const std::optional<qint64> &us)
{
    return us ? QJsonValue(isoTime(*us)) : QJsonValue();
}
} // namespace

QJsonValue fieldJson(const EntityField &field, const QVariant &value)
{
    if (!value.isValid())
        return {};
    if (field.type == EntityFieldType::Json)
        return value.toJsonValue();
    if (field.type == EntityFieldType::Time)
        return isoTime(value.toLongLong());
    return QJsonValue::fromVariant(value);
}

QJsonObject EntityRecord::toJson(const EntitySpec &spec) const
{
    QJsonObject json{{u"uid"_s, uid},
                     {u"extra_data"_s, extraData},
                     {u"revision"_s, revision},
                     {u"created_at"_s, isoTime(createdUs)},
                     {u"created_by"_s, createdBy},
                     {u"updated_at"_s, isoTime(updatedUs)},
                     {u"updated_by"_s, updatedBy},
                     {u"archived_at"_s, timeOrNull(archivedUs)},
                     {u"trashed_at"_s, timeOrNull(trashedUs)}};
    for (const EntityField &field : spec.fields) {
        if (field.isSecret)
            continue;
        json.insert(field.name, fieldJson(field, values.value(field.name)));
        if (field.refers())
            json.insert(field.name + u"_uid"_s, referenceUids.value(field.name));
    }
    return json;
}

QJsonObject EntityPage::toJson(const EntitySpec &spec) const
{
    QJsonArray list;
    for (const EntityRecord &record : records)
        list.append(record.toJson(spec));
    return {{spec.table, list}, {u"total"_s, total},      {u"total_is_exact"_s, isTotalExact},
            {u"page"_s, page},  {u"per_page"_s, perPage}, {u"anchor"_s, anchor}};
}

} // namespace birch
