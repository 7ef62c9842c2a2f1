// What stored trees have besides what all entities have.
#include "app/cli/entity_verbs.h"
#include "app/cli/text_table.h"
#include "core/store/lab/template_versions.h"
#include "core/store/store_time.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

int printVersions(const Invocation &invocation, const QList<TemplateVersion> &versions)
{
    QJsonArray list;
    TextTable table({tr("Version"), tr("Stored"), tr("By"), tr("Remark")});
    for (const TemplateVersion &one : versions) {
        const bool isNewest = one.version == versions.last().version;
        list.append(QJsonObject{{u"version"_s, one.version},
                                {u"stored"_s, isoTime(one.storedUs)},
                                {u"by"_s, one.storedBy},
                                {u"current"_s, isNewest}});
        table.add({QString::number(one.version), isoTime(one.storedUs).left(19), one.storedBy,
                   isNewest ? tr("in use") : QString()});
    }
    if (invocation.isJson)
        invocation.printJson({{u"versions"_s, list}});
    else
        for (const QString &line : table.withoutEmptyColumns().lines(terminalWidth()))
            invocation.print(line);
    return kDone;
}

int printTree(const Invocation &invocation, const QList<TemplateVersion> &versions,
              const QString &wanted)
{
    const auto found = std::ranges::find_if(versions, [&wanted](const TemplateVersion &one) {
        return QString::number(one.version) == wanted;
    });
    if (found == versions.end()) {
        QStringList numbers;
        for (const TemplateVersion &one : versions)
            numbers << QString::number(one.version);
        return invocation.fail(
            Error{ErrorCode::NotFound,
                  tr("There is no version %1: choose of %2").arg(wanted, numbers.join(u", "_s))},
            kBadInput);
    }
    if (invocation.isJson)
        invocation.printJson({{u"version"_s, found->version}, {u"tree"_s, found->tree}});
    else
        invocation.print(QString::fromUtf8(QJsonDocument(found->tree).toJson()).trimmed());
    return kDone;
}

int versions(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    const QStringList given = invocation.arguments().mid(1);
    if (given.isEmpty() || given.size() > 2)
        return invocation.usage(tr("Write it as: %1 %2").arg(u"versions"_s, u"ID [VERSION]"_s));
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    EntityRepository repository(data.value()->connection(), spec);
    const auto record = repository.find(data.value()->session(), given.first());
    if (!record)
        return invocation.fail(record.error());
    const auto kept = templateVersions(data.value()->connection(), record.value().id);
    if (!kept)
        return invocation.fail(kept.error());
    return given.size() == 1 ? printVersions(invocation, kept.value())
                             : printTree(invocation, kept.value(), given[1]);
}
} // namespace

std::vector<EntityVerb> templateVerbs()
{
    return {{.name = u"versions"_s,
             .arguments = u"ID [VERSION]"_s,
             .summary = tr("its trees so far, which others may include; the tree of one"),
             .run = versions,
             .entities = {u"scan_templates"_s}}};
}

} // namespace birch::cli
