#include "app/cli/assignments.h"
#include "app/cli/entity_verbs.h"
#include "core/base/json_file.h"
#include "core/store/write_transaction.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// Values as the repository takes them. A JSON field that is typed as words is a list of them:
/// location_types=a,b.
QVariantMap valuesFrom(const EntitySpec &spec, const QMap<QString, QString> &assignments)
{
    QVariantMap values;
    for (auto it = assignments.begin(); it != assignments.end(); ++it) {
        const QString text = it.value().trimmed();
        const bool isWords = spec.field(it.key())->type == EntityFieldType::Json &&
                             !text.isEmpty() && !text.startsWith(u'[') && !text.startsWith(u'{');
        if (!isWords) {
            values.insert(it.key(), it.value());
            continue;
        }
        QJsonArray words;
        for (const QString &word : text.split(u',', Qt::SkipEmptyParts))
            words.append(word.trimmed());
        values.insert(it.key(), QVariant(QJsonValue(words)));
    }
    return values;
}

/// Fields of \a object that a person may give. What a reply of ours holds besides (uid, times,
/// derived fields) is passed over, so that an edited reply can be given back.
QVariantMap valuesFrom(const EntitySpec &spec, const QJsonObject &object, QStringList *unknown)
{
    const QStringList names = spec.fieldNames();
    QVariantMap values;
    for (auto it = object.begin(); it != object.end(); ++it) {
        const bool isOurs =
            it.key() == u"extra_data"_s || spec.field(it.key()) || it.key().endsWith(u"_uid"_s);
        bool isAudit = false;
        for (const AuditColumn &column : kAuditColumns)
            isAudit |= it.key() == QStringView(column.name);
        if (names.contains(it.key()))
            values.insert(it.key(), it.value().isArray() || it.value().isObject()
                                        ? QVariant(it.value())
                                        : it.value().toVariant());
        else if (!isOurs && !isAudit)
            *unknown << it.key();
    }
    return values;
}

/// What is to be added or changed: from FIELD=VALUE arguments or from a file.
struct Given {
    QList<QVariantMap> records;
    QList<QJsonObject> extra;
};

Result<Given> givenInFile(const EntitySpec &spec, const QString &path)
{
    Problems problems;
    const auto document = readJsonFile(path, &problems);
    if (!document)
        return Error{ErrorCode::BadInput, problemText(problems.first())};
    const QJsonValue several = document->root.value(spec.table);
    const QJsonValue one = document->root.value(spec.singular());
    QJsonArray list;
    if (several.isArray())
        list = several.toArray();
    else
        list.append(one.isObject() ? one : QJsonValue(document->root));
    Given given;
    for (const QJsonValue &item : list) {
        QStringList unknown;
        given.records << valuesFrom(spec, item.toObject(), &unknown);
        given.extra << item.toObject().value(u"extra_data"_s).toObject();
        if (!unknown.isEmpty())
            return Error{ErrorCode::BadInput, tr("%1: a %2 has no field %3: use %4")
                                                  .arg(path, spec.label, unknown.join(u", "_s),
                                                       spec.fieldNames().join(u", "_s))};
    }
    return given;
}

Result<Given> given(const Invocation &invocation, const EntitySpec &spec, qsizetype from)
{
    const QStringList assignments = invocation.arguments().mid(from);
    if (invocation.isSet(u"file"_s)) {
        if (!assignments.isEmpty())
            return Error{ErrorCode::BadInput,
                         tr("Give the fields either as FIELD=VALUE or in --file, not both.")};
        return givenInFile(spec, invocation.value(u"file"_s));
    }
    const auto read = readAssignments(assignments, spec.fieldNames());
    if (!read)
        return read.error();
    if (read.value().isEmpty())
        return Error{ErrorCode::BadInput,
                     tr("Give its fields as FIELD=VALUE, or a JSON file with --file. Fields: %1.")
                         .arg(spec.fieldNames().join(u", "_s))};
    return Given{{valuesFrom(spec, read.value())}, {QJsonObject()}};
}

/// All or none.
Result<QList<EntityRecord>> addAll(StationData &data, const EntitySpec &spec, const Given &given)
{
    auto transaction = WriteTransaction::begin(data.connection());
    if (!transaction)
        return transaction.error();
    EntityRepository repository(data.connection(), spec);
    QList<EntityRecord> added;
    for (qsizetype i = 0; i < given.records.size(); ++i) {
        auto record = repository.insert(data.session(), given.records[i], given.extra[i]);
        if (!record && given.records.size() > 1)
            return record.error().within(
                tr("Number %1 of %2").arg(i + 1).arg(given.records.size()));
        if (!record)
            return record.error();
        added << record.value();
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return added;
}

int add(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    const auto what = given(invocation, spec, 1);
    if (!what)
        return invocation.fail(what.error());
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto added = addAll(*data.value(), spec, what.value());
    if (!added)
        return invocation.fail(added.error());
    if (added.value().size() == 1)
        return printRecord(invocation, spec, added.value().first());
    EntityPage page{added.value(), added.value().size(), 1, int(added.value().size())};
    if (invocation.isJson)
        invocation.printJson(page.toJson(spec));
    else
        invocation.print(tr("%1 added").arg(added.value().size()));
    return kDone;
}

int edit(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    const QString key = invocation.arguments().value(1);
    if (key.isEmpty() || key.contains(u'='))
        return invocation.usage(
            tr("Give one %1: its id, its uid or the beginning of its uid.").arg(spec.label));
    const auto what = given(invocation, spec, 2);
    if (!what)
        return invocation.fail(what.error());
    if (what.value().records.size() != 1)
        return invocation.usage(tr("The file must hold one %1.").arg(spec.label));
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    EntityRepository repository(data.value()->connection(), spec);
    const auto found = repository.find(data.value()->session(), key);
    if (!found)
        return invocation.fail(found.error());
    return printRecord(invocation, spec,
                       repository.update(data.value()->session(), found.value().uid,
                                         what.value().records.first(), found.value().revision));
}

using Change = Result<EntityRecord> (EntityRepository::*)(const Session &, const QString &, bool);

EntityVerb changeVerb(const QString &name, const QString &summary, Change change, bool isSet)
{
    return {.name = name,
            .arguments = u"ID"_s,
            .summary = summary,
            .run = [change, isSet](const Invocation &invocation, const Station &station,
                                   const EntitySpec &spec) {
                if (invocation.arguments().size() != 2)
                    return invocation.usage(
                        tr("Give one %1: its id, its uid or the beginning of its uid.")
                            .arg(spec.label));
                auto data = station.openData();
                if (!data)
                    return invocation.fail(data.error());
                EntityRepository repository(data.value()->connection(), spec);
                return printRecord(invocation, spec,
                                   (repository.*change)(data.value()->session(),
                                                        invocation.arguments().at(1), isSet));
            }};
}

} // namespace

std::vector<EntityVerb> editVerbs()
{
    const QCommandLineOption file(u"file"_s,
                                  tr("add, edit: the fields from a JSON file; add: also several, "
                                     "as list --json prints them."),
                                  u"FILE"_s);
    return {
        {.name = u"add"_s,
         .arguments = u"FIELD=VALUE…"_s,
         .summary = tr("a new one; or several from --file"),
         .options = {file},
         .run = add},
        {.name = u"edit"_s,
         .arguments = u"ID FIELD=VALUE…"_s,
         .summary = tr("changes fields; an empty value empties the field"),
         .run = edit},
        changeVerb(u"trash"_s, tr("into the trash; restore gets it back"),
                   &EntityRepository::setTrashed, true),
        changeVerb(u"restore"_s, tr("out of the trash"), &EntityRepository::setTrashed, false),
        changeVerb(u"archive"_s, tr("out of sight, without deleting"),
                   &EntityRepository::setArchived, true),
        changeVerb(u"unarchive"_s, tr("back into sight"), &EntityRepository::setArchived, false)};
}

} // namespace birch::cli
