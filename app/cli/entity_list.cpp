#include "app/cli/entity_verbs.h"
#include "app/cli/list_conditions.h"
#include "app/cli/text_table.h"
#include "core/store/entity/entity_text.h"
#include "core/store/lab/sample_story.h"
#include "core/store/lab/tag_store.h"
#include "core/store/store_time.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QStringList filterableFields(const EntitySpec &spec)
{
    QStringList names;
    for (const EntityField &field : spec.fields) {
        if (!field.isSecret)
            names << field.name;
    }
    return names;
}

Result<EntityFilter> filterFrom(const Invocation &invocation, const EntitySpec &spec,
                                qint64 perPage)
{
    auto conditions = readConditions(invocation.arguments().mid(1), spec);
    if (!conditions)
        return conditions;
    EntityFilter filter = std::move(conditions).value();
    filter.search = invocation.value(u"search"_s);
    filter.isTrashIncluded = invocation.isSet(u"trashed"_s);
    filter.sort = invocation.value(u"sort"_s);
    filter.isDescending = filter.sort.startsWith(u'-');
    if (filter.isDescending)
        filter.sort.remove(0, 1);
    filter.perPage = int(perPage);
    for (const auto &[option, number] :
         {std::pair(u"page"_s, &filter.page), std::pair(u"per-page"_s, &filter.perPage)}) {
        bool isNumber = true;
        if (invocation.isSet(option))
            *number = invocation.value(option).toInt(&isNumber);
        if (!isNumber || *number < 1)
            return Error{ErrorCode::BadInput, tr("--%1 takes a whole number from 1, not \"%2\".")
                                                  .arg(option, invocation.value(option))};
    }
    return filter;
}

/// A page of \a spec as JSON: what every form of the list is made of.
struct Listing {
    const EntitySpec &spec;
    EntityPage page;
    QJsonObject json;
    QStringList moreNames;
};

TextTable tableOf(const QStringList &names, const Listing &listing)
{
    TextTable table(names);
    for (const QJsonValue &json : listing.json[listing.spec.table].toArray()) {
        QStringList cells;
        for (const QString &name : names)
            cells << valueText(json[name]);
        table.add(cells);
    }
    return table;
}

void printTable(const Invocation &invocation, const Listing &listing)
{
    const EntitySpec &spec = listing.spec;
    const EntityPage &page = listing.page;
    QStringList names{spec.humanId.isEmpty() ? u"uid"_s : spec.humanId};
    for (const EntityField &field : spec.fields) {
        const bool isLong = field.type == EntityFieldType::LongText ||
                            field.type == EntityFieldType::Json || field.isSecret;
        if (!isLong && field.name != spec.humanId && field.name != u"lab"_s)
            names << field.name;
    }
    names += listing.moreNames;
    if (!page.records.isEmpty()) {
        const TextTable table = tableOf(names, listing).withoutEmptyColumns();
        for (const QString &line : table.lines(terminalWidth()))
            invocation.print(line);
    }
    invocation.print(
        tr("%1 altogether, page %2 of %3")
            .arg(page.isTotalExact ? QString::number(page.total) : tr("%1 or more").arg(page.total))
            .arg(page.page)
            .arg(std::max<qint64>(1, (page.total + page.perPage - 1) / page.perPage)));
}

void printCsv(const Invocation &invocation, const Listing &listing)
{
    const QStringList names =
        QStringList{u"uid"_s} + filterableFields(listing.spec) + listing.moreNames;
    for (const QString &line : tableOf(names, listing).csvLines())
        invocation.print(line);
}

void addColumns(Listing *listing, const QHash<QString, QJsonObject> &more)
{
    QJsonArray records = listing->json[listing->spec.table].toArray();
    for (auto &&record : records) {
        QJsonObject json = record.toObject();
        const QJsonObject values = more.value(json[listing->spec.humanId].toString());
        for (auto it = values.begin(); it != values.end(); ++it)
            json.insert(it.key(), it.value());
        record = json;
    }
    listing->json[listing->spec.table] = records;
}

void printStory(const Invocation &invocation, const SampleStory &story)
{
    const auto print = [&invocation](const SampleRelative &relative, const QString &direction) {
        invocation.print(u"  %1  %2  %3"_s.arg(relative.sampleId, -16)
                             .arg(direction, -10)
                             .arg(relative.relation));
    };
    if (!story.family.ancestors.isEmpty() || !story.family.descendants.isEmpty())
        invocation.print(tr("Relatives"));
    for (const SampleRelative &relative : story.family.ancestors)
        print(relative, tr("ancestor"));
    for (const SampleRelative &relative : story.family.descendants)
        print(relative, tr("descendant"));
    if (!story.entries.isEmpty())
        invocation.print(tr("Time line"));
    for (const StoryEntry &entry : story.entries)
        invocation.print(u"  %1  %2  %3  %4"_s.arg(isoTime(entry.us).first(19))
                             .arg(referenceTarget(entry.kind).label, -16)
                             .arg(entry.id, -18)
                             .arg(entry.text));
}

int show(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    if (invocation.arguments().size() != 2)
        return invocation.usage(
            tr("Give one %1: its id, its uid or the beginning of its uid.").arg(spec.label));
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto record = EntityRepository(data.value()->connection(), spec)
                            .find(data.value()->session(), invocation.arguments().at(1));
    if (!record)
        return printRecord(invocation, spec, record);
    const auto tags = tagNames(data.value()->connection(), spec.table, {record.value().id});
    if (!tags)
        return invocation.fail(tags.error());
    QJsonObject more{
        {u"tags"_s, QJsonArray::fromStringList(tags.value().value(record.value().id))}};
    if (spec.table != u"samples"_s)
        return printRecord(invocation, spec, record, more);
    const auto story =
        sampleStory(data.value()->connection(), data.value()->session(), record.value());
    if (!story)
        return invocation.fail(story.error());
    const int code = printRecord(invocation, spec, record, story.value().toJson());
    if (!invocation.isJson)
        printStory(invocation, story.value());
    return code;
}

int list(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    return listEntities(invocation, station, spec);
}
} // namespace

int listEntities(const Invocation &invocation, const Station &station, const EntitySpec &spec,
                 const MoreColumns &more)
{
    if (const auto asked = filterFrom(invocation, spec, 1); !asked)
        return invocation.fail(asked.error()); // before a database is opened, or made
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const qint64 pageSize = data.value()->settings().integer(Setting::PageSize);
    const auto page =
        EntityRepository(data.value()->connection(), spec)
            .list(data.value()->session(), filterFrom(invocation, spec, pageSize).value());
    if (!page)
        return invocation.fail(page.error());
    Listing listing{spec, page.value(), page.value().toJson(spec), more.names};
    if (more.read) {
        const auto values = more.read(*data.value());
        if (!values)
            return invocation.fail(values.error());
        addColumns(&listing, values.value());
    }
    if (invocation.isJson)
        invocation.printJson(listing.json);
    else if (invocation.isSet(u"csv"_s))
        printCsv(invocation, listing);
    else
        printTable(invocation, listing);
    return kDone;
}

QString valueText(const QJsonValue &value)
{
    if (value.isArray() || value.isObject())
        return QString::fromUtf8(
            QJsonDocument::fromVariant(value.toVariant()).toJson(QJsonDocument::Compact));
    return value.toVariant().toString();
}

int printRecord(const Invocation &invocation, const EntitySpec &spec,
                const Result<EntityRecord> &record, const QJsonObject &more)
{
    if (!record)
        return invocation.fail(record.error());
    QJsonObject json = record.value().toJson(spec);
    if (invocation.isJson) {
        for (auto it = more.begin(); it != more.end(); ++it)
            json.insert(it.key(), it.value());
        invocation.printJson({{spec.singular(), json}});
        return kDone;
    }
    qsizetype widest = 0;
    for (const EntityField &field : spec.fields)
        widest = std::max(widest, field.name.size());
    if (spec.humanId.isEmpty())
        invocation.print(u"uid"_s.leftJustified(widest + 2) + record.value().uid);
    for (const EntityField &field : spec.fields) {
        QString text = valueText(json.value(field.name));
        if (!text.isEmpty() && !field.unit.isEmpty())
            text += u' ' + field.unit;
        if (!text.isEmpty())
            invocation.print(field.name.leftJustified(widest + 2) + text);
    }
    if (record.value().archivedUs)
        invocation.print(tr("It is archived."));
    if (record.value().trashedUs)
        invocation.print(tr("It is in the trash."));
    return kDone;
}

std::vector<EntityVerb> listVerbs()
{
    return {{.name = u"list"_s,
             .arguments = u"[CONDITION…]"_s,
             .summary = tr("newest first; conditions: FIELD=VALUE (twice: either), "
                           "FIELD=LEAST..MOST, FIELD= for none, FIELD!= for any"),
             .options = {{u"search"_s, tr("list: only with every word of this."), u"TEXT"_s},
                         {u"sort"_s, tr("list: by this field; -FIELD for descending."), u"FIELD"_s},
                         {u"trashed"_s, tr("list: also what is in the trash.")},
                         {u"page"_s, tr("list: which page, from 1."), u"N"_s},
                         {u"per-page"_s, tr("list: rows of a page."), u"N"_s},
                         {u"csv"_s, tr("list: as CSV, every field.")}},
             .run = list},
            {.name = u"show"_s,
             .arguments = u"ID"_s,
             .summary = tr("everything about one"),
             .run = show}};
}

} // namespace birch::cli
