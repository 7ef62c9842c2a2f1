#include "core/plan/scan_json.h"

#include "core/base/id.h"
#include "core/base/text_map.h"
#include "core/plan/document_text.h"
#include "core/plan/failure_json.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

/// Key in JSON and the member it holds.
struct DetailText {
    const char16_t *key;
    QString TreeDetails::*member;
};

constexpr DetailText kDetailTexts[] = {
    {u"sample", &TreeDetails::sample},
    {u"project", &TreeDetails::project},
    {u"operator", &TreeDetails::operatorName},
    {u"title", &TreeDetails::title},
    {u"type", &TreeDetails::type},
    {u"comment", &TreeDetails::comment},
};

} // namespace

QJsonObject nodeToJson(const ScanNode &node)
{
    QJsonObject object{{u"id"_s, uidText(node.id)}, {u"kind"_s, node.kind}};
    if (!node.label.isEmpty())
        object.insert(u"label"_s, node.label);
    if (!node.isEnabled)
        object.insert(u"enabled"_s, false);
    if (!node.timeout.isEmpty())
        object.insert(u"timeout"_s, node.timeout);
    if (node.failure)
        appendFailure(*node.failure, &object);
    if (!node.fields.isEmpty())
        object.insert(u"fields"_s, node.fields);
    if (node.childCount() == 0)
        return object;
    QJsonArray children;
    for (int row = 0; row < node.childCount(); ++row)
        children.append(nodeToJson(*node.child(row)));
    object.insert(u"children"_s, children);
    return object;
}

QByteArray nodeToText(const ScanNode &node)
{
    return documentText(nodeToJson(node));
}

QJsonObject treeToJson(const ScanTree &tree)
{
    QJsonObject document{{u"format"_s, u"birch.scan"_s},
                         {u"version"_s, kTreeVersion},
                         {u"name"_s, tree.name},
                         {u"root"_s, nodeToJson(*tree.root())}};
    if (!tree.details.isEmpty())
        document.insert(u"details"_s, detailsToJson(tree.details));
    return document;
}

QByteArray treeToText(const ScanTree &tree)
{
    return documentText(treeToJson(tree));
}

QList<FieldSpec> detailFields()
{
    QList<FieldSpec> fields;
    for (const DetailText &detail : kDetailTexts) {
        FieldSpec field;
        field.key = QString::fromUtf16(detail.key);
        fields.append(field);
    }
    FieldSpec tags; // shaped as a list of texts
    tags.key = u"tags"_s;
    tags.type = FieldType::Measurements;
    fields.append(tags);
    FieldSpec texts;
    texts.key = u"fields"_s;
    texts.type = FieldType::Texts;
    fields.append(texts);
    return fields;
}

TreeDetails detailsFromJson(const QJsonObject &object)
{
    TreeDetails details;
    for (const DetailText &detail : kDetailTexts)
        details.*detail.member = object.value(QStringView(detail.key)).toString();
    const QJsonArray tags = object.value(u"tags"_s).toArray();
    for (const QJsonValue &tag : tags)
        details.tags.append(tag.toString());
    details.fields = textMapFromJson(object.value(u"fields"_s).toObject());
    return details;
}

QJsonObject detailsToJson(const TreeDetails &details)
{
    QJsonObject object;
    for (const DetailText &detail : kDetailTexts) {
        if (const QString &text = details.*detail.member; !text.isEmpty())
            object.insert(QString::fromUtf16(detail.key), text);
    }
    if (!details.tags.isEmpty())
        object.insert(u"tags"_s, QJsonArray::fromStringList(details.tags));
    if (!details.fields.isEmpty())
        object.insert(u"fields"_s, textMapToJson(details.fields));
    return object;
}

} // namespace birch
