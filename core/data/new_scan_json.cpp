#include "core/data/new_scan_json.h"

#include "core/base/id.h"
#include "core/base/text_map.h"
#include "core/data/table_schema_json.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
struct DetailField {
    const char16_t *key;
    QString ScanDetails::*member;
};
constexpr std::array kDetailFields{
    DetailField{u"name", &ScanDetails::name},
    DetailField{u"sample", &ScanDetails::sampleUid},
    DetailField{u"project", &ScanDetails::project},
    DetailField{u"operator", &ScanDetails::operatorName},
    DetailField{u"title", &ScanDetails::title},
    DetailField{u"type", &ScanDetails::type},
    DetailField{u"comment", &ScanDetails::comment},
};

/// Bytes of a file: they need not be text that JSON can hold.
QJsonObject definitionJson(const DefinitionText &definition)
{
    return {{u"version"_s, QString::fromLatin1(definition.version)},
            {u"id"_s, definition.id},
            {u"name"_s, definition.name},
            {u"base"_s, QString::fromLatin1(definition.base)},
            {u"text"_s, QString::fromLatin1(definition.text.toBase64())}};
}

DefinitionText definitionFromJson(const QJsonObject &json)
{
    const auto bytes = [&json](const QString &key) { return json[key].toString().toLatin1(); };
    return {.version = bytes(u"version"_s),
            .id = json[u"id"_s].toString(),
            .name = json[u"name"_s].toString(),
            .text = QByteArray::fromBase64(bytes(u"text"_s)),
            .base = bytes(u"base"_s)};
}

QString optionalUid(const QUuid &uid)
{
    return uid.isNull() ? QString() : uidText(uid);
}
} // namespace

QJsonObject scanDetailsToJson(const ScanDetails &details)
{
    QJsonObject json{{u"tags"_s, QJsonArray::fromStringList(details.tags)}};
    for (const DetailField &field : kDetailFields)
        json[QStringView(field.key)] = details.*field.member;
    if (!details.fields.isEmpty())
        json.insert(u"fields"_s, textMapToJson(details.fields));
    return json;
}

ScanDetails scanDetailsFromJson(const QJsonObject &json)
{
    ScanDetails details;
    for (const DetailField &field : kDetailFields)
        details.*field.member = json[QStringView(field.key)].toString();
    for (const QJsonValue &tag : json[u"tags"_s].toArray())
        details.tags << tag.toString();
    details.fields = textMapFromJson(json[u"fields"_s].toObject());
    return details;
}

QJsonObject newScanToJson(const NewScan &scan)
{
    QJsonArray objects;
    for (const TableSchema &object : scan.objects)
        objects.append(tableSchemaToJson(object));
    QJsonArray definitions;
    for (const DefinitionText &definition : scan.definitions)
        definitions.append(definitionJson(definition));
    return {{u"uid"_s, uidText(scan.uid)},
            {u"is_late"_s, scan.isLate},
            {u"scan_id"_s, scan.scanId},
            {u"station"_s, scan.station},
            {u"details"_s, scanDetailsToJson(scan.details)},
            {u"queue_uid"_s, optionalUid(scan.queueUid)},
            {u"queue_name"_s, scan.queueName},
            {u"queue_position"_s, scan.queuePosition},
            {u"queue_item"_s, optionalUid(scan.queueItem)},
            {u"queue_item_epoch"_s, scan.queueItemEpoch},
            {u"tree"_s, scan.tree},
            {u"plan_hash"_s, QString::fromLatin1(scan.planHash.toHex())},
            {u"settings"_s, scan.settings},
            {u"instruments"_s, scan.instruments},
            {u"bench"_s, scan.bench},
            {u"definitions"_s, definitions},
            {u"objects"_s, objects},
            {u"points_planned"_s, scan.pointsPlanned},
            {u"started_us"_s, scan.startedUs},
            {u"software_version"_s, scan.softwareVersion}};
}

Result<NewScan> newScanFromJson(const QJsonObject &json)
{
    NewScan scan;
    scan.uid = QUuid::fromString(json[u"uid"_s].toString());
    if (scan.uid.isNull())
        return Error{ErrorCode::BadInput,
                     QCoreApplication::translate("NewScan",
                                                 "The description of a spooled scan can not be "
                                                 "read: keep its folder and ask for help")};
    scan.isLate = json[u"is_late"_s].toBool();
    scan.scanId = json[u"scan_id"_s].toString();
    scan.station = json[u"station"_s].toString();
    scan.details = scanDetailsFromJson(json[u"details"_s].toObject());
    scan.queueUid = QUuid::fromString(json[u"queue_uid"_s].toString());
    scan.queueName = json[u"queue_name"_s].toString();
    scan.queuePosition = json[u"queue_position"_s].toInt();
    scan.queueItem = QUuid::fromString(json[u"queue_item"_s].toString());
    scan.queueItemEpoch = json[u"queue_item_epoch"_s].toInt();
    scan.tree = json[u"tree"_s].toObject();
    scan.planHash = QByteArray::fromHex(json[u"plan_hash"_s].toString().toLatin1());
    scan.settings = json[u"settings"_s].toObject();
    scan.instruments = json[u"instruments"_s].toObject();
    scan.bench = json[u"bench"_s].toObject();
    for (const QJsonValue &definition : json[u"definitions"_s].toArray())
        scan.definitions.append(definitionFromJson(definition.toObject()));
    for (const QJsonValue &object : json[u"objects"_s].toArray()) {
        auto schema = tableSchemaFromJson(object.toObject());
        if (!schema)
            return schema.error();
        scan.objects.append(std::move(schema).value());
    }
    scan.pointsPlanned = json[u"points_planned"_s].toInteger();
    scan.startedUs = json[u"started_us"_s].toInteger();
    scan.softwareVersion = json[u"software_version"_s].toString();
    return scan;
}

} // namespace birch
