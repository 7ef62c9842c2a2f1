// What certain entities can do besides: bookings, maintenance, stock, waste, places, origins.
#include "app/cli/entity_verbs.h"
#include "core/store/entity/trash.h"
#include "core/store/lab/collection_store.h"
#include "core/store/lab/inventory.h"
#include "core/store/lab/issue_store.h"
#include "core/store/lab/places.h"
#include "core/store/lab/record_copies.h"
#include "core/store/lab/record_rules.h"
#include "core/store/lab/waste_store.h"

#include <QCoreApplication>
#include <QDate>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// What a verb gets once the database is open.
struct Asked {
    const Invocation &invocation;
    const EntitySpec &spec;
    StationData &data;
    QStringList arguments; ///< those after the verb
};

using Answer = std::function<int(const Asked &)>;

EntityVerb verb(const QString &table, const QString &name, const QString &arguments,
                const QString &summary, const Answer &answer)
{
    return {.name = name,
            .arguments = arguments,
            .summary = summary,
            .run =
                [=](const Invocation &invocation, const Station &station, const EntitySpec &spec) {
                    const QStringList given = invocation.arguments().mid(1);
                    const QStringList known = arguments.split(u' ', Qt::SkipEmptyParts);
                    const qsizetype needed = known.filter(u"["_s).isEmpty()
                                                 ? known.size()
                                                 : known.size() - known.filter(u"["_s).size();
                    if (given.size() < needed ||
                        (given.size() > known.size() && !arguments.contains(u'…')))
                        return invocation.usage(tr("Write it as: %1 %2").arg(name, arguments));
                    auto data = station.openData();
                    if (!data)
                        return invocation.fail(data.error());
                    return answer({invocation, spec, *data.value(), given});
                },
            .entities = {table}};
}

/// A verb that is an edit of one field, e.g. bookings check-in.
EntityVerb step(const QString &table, const QString &name, const QString &status,
                const QString &reasonField, const QString &summary)
{
    const QString arguments = reasonField.isEmpty() ? u"ID"_s : u"ID [REASON]"_s;
    return verb(table, name, arguments, summary, [=](const Asked &asked) {
        EntityRepository repository(asked.data.connection(), asked.spec);
        const auto found = repository.find(asked.data.session(), asked.arguments.first());
        if (!found)
            return asked.invocation.fail(found.error());
        QVariantMap changes{{u"status"_s, status}};
        if (asked.arguments.size() > 1)
            changes.insert(reasonField, asked.arguments[1]);
        return printRecord(asked.invocation, asked.spec,
                           repository.update(asked.data.session(), found.value(), changes));
    });
}

int printRecords(const Asked &asked, const EntitySpec &spec,
                 const Result<QList<EntityRecord>> &records, const QStringList &columns)
{
    if (!records)
        return asked.invocation.fail(records.error());
    EntityPage page{records.value(), records.value().size(), 1,
                    int(std::max<qsizetype>(1, records.value().size()))};
    if (asked.invocation.isJson) {
        asked.invocation.printJson(page.toJson(spec));
        return kDone;
    }
    for (const EntityRecord &record : records.value()) {
        const QJsonObject json = record.toJson(spec);
        QStringList cells;
        for (const QString &column : columns)
            cells << valueText(json.value(column)).leftJustified(24);
        asked.invocation.print(cells.join(u' ').trimmed());
    }
    asked.invocation.print(tr("%1 altogether").arg(page.total));
    return kDone;
}

QString dayFrom(const Asked &asked)
{
    return asked.arguments.isEmpty() ? QDate::currentDate().toString(Qt::ISODate)
                                     : asked.arguments.first();
}

int openMaintenance(const Asked &asked)
{
    return printRecords(
        asked, *entityByTable(u"issues"_s),
        openDueMaintenance(asked.data.connection(), asked.data.session(), dayFrom(asked)),
        {u"title"_s, u"about"_s, u"assignee"_s});
}

int consume(const Asked &asked)
{
    bool isNumber = false;
    const double amount = asked.arguments[1].toDouble(&isNumber);
    if (!isNumber)
        return asked.invocation.usage(tr("Give the amount as a number, e.g. consume TMGa 1.5 g."));
    const auto used = consumePrecursor(asked.data.connection(), asked.data.session(),
                                       asked.arguments[0], amount, asked.arguments[2]);
    if (!used)
        return asked.invocation.fail(used.error());
    if (asked.invocation.isJson)
        asked.invocation.printJson({{u"taken"_s, used.value().taken},
                                    {u"left"_s, used.value().left},
                                    {u"unit"_s, asked.arguments[2]},
                                    {u"status"_s, used.value().status}});
    else
        asked.invocation.print(tr("%1 %2 left, %3")
                                   .arg(used.value().left)
                                   .arg(asked.arguments[2], used.value().status));
    return kDone;
}

int family(const Asked &asked)
{
    const auto kin =
        sampleFamily(asked.data.connection(), asked.data.session(), asked.arguments.first());
    if (!kin)
        return asked.invocation.fail(kin.error());
    QJsonObject answer;
    for (const auto &[name, list] : {std::pair(u"ancestors"_s, &kin.value().ancestors),
                                     std::pair(u"descendants"_s, &kin.value().descendants)}) {
        QJsonArray items;
        for (const SampleRelative &one : *list) {
            items.append(QJsonObject{{u"sample_id"_s, one.sampleId},
                                     {u"uid"_s, one.uid},
                                     {u"generation"_s, one.generation},
                                     {u"relation"_s, one.relation},
                                     {u"amount"_s, QJsonValue::fromVariant(one.amount)},
                                     {u"unit"_s, one.unit}});
            if (!asked.invocation.isJson)
                asked.invocation.print(u"%1  %2  %3  %4 %5"_s.arg(name, -12)
                                           .arg(one.generation)
                                           .arg(one.sampleId, one.amount.toString(), one.unit));
        }
        answer.insert(name, items);
    }
    if (asked.invocation.isJson)
        asked.invocation.printJson(answer);
    return kDone;
}

int place(const Asked &asked)
{
    return printRecord(asked.invocation, *entityByTable(u"placements"_s),
                       placeObject(asked.data.connection(), asked.data.session(),
                                   asked.spec.table + u':' + asked.arguments[0], asked.arguments[1],
                                   asked.arguments.value(2)));
}

int whereabouts(const Asked &asked)
{
    return printRecords(asked, *entityByTable(u"placements"_s),
                        placementHistory(asked.data.connection(), asked.data.session(),
                                         asked.spec.table + u':' + asked.arguments[0]),
                        {u"location"_s, u"placed_at"_s, u"removed_at"_s, u"placed_by"_s});
}

int duplicate(const Asked &asked)
{
    const QString how = asked.arguments.value(1, u"without-lines"_s);
    if (how != u"with-lines"_s && how != u"without-lines"_s)
        return asked.invocation.usage(tr("Write it as: duplicate ID [with-lines]"));
    return printRecord(
        asked.invocation, asked.spec,
        duplicateRecord(asked.data.connection(), asked.data.session(), asked.spec.table,
                        asked.arguments.first(),
                        how == u"with-lines"_s ? OwnedLines::Copied : OwnedLines::LeftOut));
}

int saveTemplate(const Asked &asked)
{
    return printRecord(asked.invocation, *entityByTable(u"templates"_s),
                       saveAsTemplate(asked.data.connection(), asked.data.session(),
                                      asked.spec.table, asked.arguments[0], asked.arguments[1]));
}

int fromTemplate(const Asked &asked)
{
    QVariantMap changes;
    for (const QString &word : asked.arguments.mid(1)) {
        if (!word.contains(u'='))
            return asked.invocation.usage(tr("Write it as: from-template TEMPLATE FIELD=VALUE…"));
        changes.insert(word.section(u'=', 0, 0), word.section(u'=', 1));
    }
    return printRecord(asked.invocation, asked.spec,
                       addFromTemplate(asked.data.connection(), asked.data.session(),
                                       asked.spec.table, asked.arguments.first(), changes));
}

int members(const Asked &asked)
{
    const auto found = CollectionStore(asked.data.connection())
                           .members(asked.data.session(), asked.arguments.first());
    if (!found)
        return asked.invocation.fail(found.error());
    QJsonArray items;
    for (const CollectionMember &member : found.value()) {
        items.append(QJsonObject{{u"object"_s, member.object}, {u"uid"_s, member.uid}});
        if (!asked.invocation.isJson)
            asked.invocation.print(member.object);
    }
    if (asked.invocation.isJson)
        asked.invocation.printJson({{u"members"_s, items}, {u"total"_s, items.size()}});
    return kDone;
}

/// After a change of a collection: what is in it now.
int membersAfter(const Asked &asked, const Status &done)
{
    return done ? members(asked) : asked.invocation.fail(done.error());
}

std::vector<EntityVerb> collectionVerbs()
{
    const auto store = [](const Asked &asked) { return CollectionStore(asked.data.connection()); };
    return {verb(u"collections"_s, u"members"_s, u"ID"_s, tr("what is in it, in order"), members),
            verb(u"collections"_s, u"put"_s, u"ID OBJECT…"_s, tr("at its end"),
                 [store](const Asked &asked) {
                     return membersAfter(asked, store(asked).add(asked.data.session(),
                                                                 asked.arguments.first(),
                                                                 asked.arguments.mid(1)));
                 }),
            verb(u"collections"_s, u"take"_s, u"ID OBJECT"_s, tr("out of it"),
                 [store](const Asked &asked) {
                     return membersAfter(asked, store(asked).remove(asked.data.session(),
                                                                    asked.arguments[0],
                                                                    asked.arguments[1]));
                 }),
            verb(u"collections"_s, u"move"_s, u"ID OBJECT POSITION"_s, tr("to a place, from 0"),
                 [store](const Asked &asked) {
                     bool isNumber = false;
                     const int to = asked.arguments[2].toInt(&isNumber);
                     if (!isNumber)
                         return asked.invocation.usage(tr("Give the place as a number from 0."));
                     return membersAfter(asked,
                                         store(asked).move(asked.data.session(), asked.arguments[0],
                                                           asked.arguments[1], to));
                 })};
}

int purge(const Asked &asked)
{
    const auto done = Trash(asked.data.connection())
                          .purge(asked.data.session(), asked.spec.table, asked.arguments.first());
    if (!done)
        return asked.invocation.fail(done.error());
    if (asked.invocation.isJson)
        asked.invocation.printJson(done.value().toJson());
    else
        asked.invocation.print(tr("%1 is gone for good").arg(done.value().root.title));
    return kDone;
}

std::vector<EntityVerb> placeVerbs()
{
    const QStringList placed{u"equipment"_s,  u"instruments"_s, u"samples"_s,
                             u"precursors"_s, u"stations"_s,    u"wastes"_s};
    EntityVerb put = verb({}, u"place"_s, u"ID LOCATION [NOTES]"_s,
                          tr("is at this location from now on"), place);
    EntityVerb where =
        verb({}, u"where"_s, u"ID"_s, tr("where it is and was, newest first"), whereabouts);
    put.entities = where.entities = placed;
    EntityVerb end = verb({}, u"purge"_s, u"ID"_s,
                          tr("out of the trash, for good, with all that it owns"), purge);
    EntityVerb copy = verb({}, u"duplicate"_s, u"ID [with-lines]"_s,
                           tr("one like it, with an id of its own"), duplicate);
    EntityVerb save = verb({}, u"save-template"_s, u"ID NAME"_s,
                           tr("a template that prefills what it holds"), saveTemplate);
    EntityVerb use = verb({}, u"from-template"_s, u"TEMPLATE [FIELD=VALUE…]"_s,
                          tr("a new one from a template"), fromTemplate);
    for (EntityVerb *all : {&end, &copy, &save, &use})
        all->entities = {};
    return {put, where, end, copy, save, use};
}

} // namespace

std::vector<EntityVerb> labVerbs()
{
    std::vector<EntityVerb> verbs = placeVerbs();
    const auto due = [](const QString &table, auto search, const QStringList &columns) {
        return [=](const Asked &asked) {
            return printRecords(
                asked, *entityByTable(table),
                search(asked.data.connection(), asked.data.session(), dayFrom(asked)), columns);
        };
    };
    for (EntityVerb &one : std::vector<EntityVerb>{
             step(u"bookings"_s, u"approve"_s, u"confirmed"_s, {}, tr("confirms one that waits")),
             step(u"bookings"_s, u"reject"_s, u"cancelled"_s, u"rejection_reason"_s,
                  tr("refuses one that waits")),
             step(u"bookings"_s, u"cancel"_s, u"cancelled"_s, u"cancellation_reason"_s,
                  tr("gives the time back")),
             step(u"bookings"_s, u"check-in"_s, u"in_progress"_s, {}, tr("begins now")),
             step(u"bookings"_s, u"check-out"_s, u"completed"_s, {}, tr("ends now")),
             verb(u"maintenance_tasks"_s, u"open-due"_s, u"[DATE]"_s,
                  tr("opens an issue for each that is due"), openMaintenance),
             verb(u"precursors"_s, u"consume"_s, u"ID AMOUNT UNIT"_s, tr("takes it out of stock"),
                  consume),
             verb(u"precursors"_s, u"expiring"_s, u"[DATE]"_s, tr("what expires until then"),
                  due(u"precursors"_s, expiringPrecursors,
                      {u"name"_s, u"expiration_date"_s, u"status"_s})),
             verb(u"calibrations"_s, u"due"_s, u"[DATE]"_s, tr("what is due until then"),
                  due(u"calibrations"_s, dueCalibrations,
                      {u"object"_s, u"quantity"_s, u"due_on"_s})),
             verb(u"wastes"_s, u"replace"_s, u"ID"_s, tr("a new container; this one is closed"),
                  [](const Asked &asked) {
                      return printRecord(asked.invocation, asked.spec,
                                         replaceWaste(asked.data.connection(), asked.data.session(),
                                                      asked.arguments.first()));
                  }),
             verb(u"locations"_s, u"contents"_s, u"ID"_s, tr("what is there now, and inside"),
                  [](const Asked &asked) {
                      return printRecords(asked, *entityByTable(u"placements"_s),
                                          contentsOf(asked.data.connection(), asked.data.session(),
                                                     asked.arguments.first()),
                                          {u"object"_s, u"location"_s, u"placed_at"_s});
                  }),
             verb(u"samples"_s, u"relatives"_s, u"ID"_s, tr("what it was made from, and into what"),
                  family)})
        verbs.push_back(std::move(one));
    for (EntityVerb &one : collectionVerbs())
        verbs.push_back(std::move(one));
    return verbs;
}

} // namespace birch::cli
