#include "core/store/lab/record_copies.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/entity/life_graph.h"
#include "core/store/lab/tag_store.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kMaxCopies = 1000;

QString tr(const char *text)
{
    return QCoreApplication::translate("RecordCopies", text);
}

bool isUniqueText(const EntitySpec &spec, const EntityField &field)
{
    if (field.type != EntityFieldType::Text)
        return false;
    if (field.isUnique)
        return true;
    return std::any_of(spec.uniqueTogether.begin(), spec.uniqueTogether.end(),
                       [&field](const QStringList &names) {
                           return names.contains(u"lab"_s) && names.contains(field.name);
                       });
}

/// What a copy begins with: everything that a person could have typed, but for counted ids.
QVariantMap copied(const EntitySpec &spec, const EntityRecord &record)
{
    QVariantMap values;
    for (const EntityField &field : spec.fields) {
        const QVariant value = record.values.value(field.name);
        if (!value.isValid() || field.isDerived || field.isSecret || !field.counter.isEmpty())
            continue;
        values.insert(field.name, field.refers() ? record.referenceUids.value(field.name) : value);
    }
    return values;
}

/// "Growth (2)" where "Growth" is taken; an optional one is left out.
Status makeUnique(Connection &connection, const EntitySpec &spec, QVariantMap *values)
{
    for (const EntityField &field : spec.fields) {
        const QString text = values->value(field.name).toString();
        if (text.isEmpty() || !isUniqueText(spec, field))
            continue;
        if (!field.isRequired) {
            values->remove(field.name);
            continue;
        }
        for (int n = 2; n < kMaxCopies; ++n) {
            const QString next = u"%1 (%2)"_s.arg(text).arg(n);
            const auto taken = connection.firstRow(
                u"SELECT 1 FROM %1 WHERE %2 = ?"_s.arg(spec.table, field.column()), {next});
            if (!taken)
                return taken.error();
            if (taken.value())
                continue;
            values->insert(field.name, next);
            break;
        }
    }
    return ok();
}

/// The lines of \a from again, of \a to. What may hang on anything (files, tags, places) is not
/// part of a record.
Status copyLines(Connection &connection, const Session &session, const QString &table,
                 const EntityRecord &from, const EntityRecord &to)
{
    for (const EntitySpec &spec : entitySpecs()) {
        for (const EntityField &field : spec.fields) {
            if (field.references != table || !field.isOwned || !spec.humanId.isEmpty() ||
                field.type != EntityFieldType::Reference)
                continue;
            EntityRepository lines(connection, spec);
            EntityFilter filter;
            filter.equal = {{field.name, from.uid}};
            filter.sort = u"created_at"_s;
            filter.perPage = kMaxCopies;
            const auto page = lines.list(session, filter);
            if (!page)
                return page.error();
            for (const EntityRecord &line : page.value().records) {
                QVariantMap values = copied(spec, line);
                values.insert(field.name, to.uid);
                const auto made = lines.insert(session, values);
                if (!made)
                    return made.error();
            }
        }
    }
    return ok();
}

Result<EntityRecord> pinUser(Connection &connection, const Session &session)
{
    auto user =
        EntityRepository(connection, *entityByTable(u"users"_s)).find(session, session.user);
    if (!user)
        return Error{ErrorCode::NotFound,
                     tr("%1 is not registered in this database: ask an administrator to add the "
                        "user, then pin again")
                         .arg(session.user)};
    return user;
}
} // namespace

Result<EntityRecord> duplicateRecord(Connection &connection, const Session &session,
                                     const QString &table, const QString &key, OwnedLines lines)
{
    const EntitySpec &spec = *entityByTable(table);
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    EntityRepository repository(connection, spec);
    const auto record = repository.find(session, key);
    if (!record)
        return record;
    QVariantMap values = copied(spec, record.value());
    if (Status done = makeUnique(connection, spec, &values); !done)
        return done.error();
    auto made = repository.insert(session, values, record.value().extraData);
    if (!made)
        return made;
    if (lines == OwnedLines::Copied) {
        if (Status done = copyLines(connection, session, table, record.value(), made.value());
            !done)
            return done.error();
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return made;
}

Result<EntityRecord> saveAsTemplate(Connection &connection, const Session &session,
                                    const QString &table, const QString &key, const QString &name)
{
    const EntitySpec &spec = *entityByTable(table);
    const auto record = EntityRepository(connection, spec).find(session, key);
    if (!record)
        return record;
    QJsonObject prefill;
    const QVariantMap values = copied(spec, record.value());
    for (auto it = values.begin(); it != values.end(); ++it) {
        const EntityField &field = *spec.field(it.key());
        if (field.name != u"lab"_s && !isUniqueText(spec, field))
            prefill.insert(it.key(), field.refers() ? QJsonValue(it.value().toString())
                                                    : fieldJson(field, it.value()));
    }
    QVariantMap made{{u"name"_s, name},
                     {u"entity_type"_s, table},
                     {u"prefill"_s, QVariant(QJsonValue(prefill))}};
    if (record.value().referenceUids.contains(u"lab"_s))
        made.insert(u"lab"_s, record.value().referenceUids.value(u"lab"_s));
    return EntityRepository(connection, *entityByTable(u"templates"_s)).insert(session, made);
}

Result<EntityRecord> addFromTemplate(Connection &connection, const Session &session,
                                     const QString &table, const QString &templateKey,
                                     const QVariantMap &changes)
{
    const auto found =
        EntityRepository(connection, *entityByTable(u"templates"_s)).find(session, templateKey);
    if (!found)
        return found;
    if (found.value().text(u"entity_type"_s) != table)
        return Error{ErrorCode::BadInput, tr("The template \"%1\" is for %2: choose one for %3")
                                              .arg(found.value().text(u"name"_s),
                                                   found.value().text(u"entity_type"_s), table)};
    QVariantMap values =
        found.value().values.value(u"prefill"_s).toJsonValue().toObject().toVariantMap();
    const EntitySpec &spec = *entityByTable(table);
    const QStringList tags = values.take(u"tags"_s).toStringList(); // no field of anything
    for (auto it = values.begin(); it != values.end(); ++it) {
        const EntityField *field = spec.field(it.key());
        if (field && field->type == EntityFieldType::Json)
            *it = QVariant(QJsonValue::fromVariant(*it));
    }
    if (spec.field(u"lab"_s) && spec.field(u"lab"_s)->derivedFrom.isEmpty())
        values.insert(u"lab"_s, found.value().referenceUids.value(u"lab"_s));
    for (auto it = changes.begin(); it != changes.end(); ++it)
        values.insert(it.key(), it.value());
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    const auto made = EntityRepository(connection, spec).insert(session, values);
    if (!made)
        return made;
    if (Status done = TagStore(connection).set(session, table, made.value().id, tags); !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return made;
}

Status setPinned(Connection &connection, const Session &session, const QString &objectName,
                 bool isPinned)
{
    const auto user = pinUser(connection, session);
    if (!user)
        return user.error();
    const auto object = findObject(connection, objectName);
    if (!object)
        return object.error();
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    // A pin is nobody's record of anything: it is gone at once.
    if (Status done =
            connection.execute(u"DELETE FROM user_pins WHERE user_id = ? AND object_id = ?"_s,
                               {user.value().id, object.value().id});
        !done)
        return done;
    if (isPinned) {
        const auto made = EntityRepository(connection, *entityByTable(u"user_pins"_s))
                              .insert(session, {{u"user"_s, user.value().uid},
                                                {u"object"_s, object.value().uid}});
        if (!made)
            return made.error();
    }
    return transaction.value().commit();
}

Result<QStringList> pinsOf(Connection &connection, const Session &session)
{
    const auto user = pinUser(connection, session);
    if (!user)
        return user.error();
    EntityFilter filter;
    filter.equal = {{u"user"_s, user.value().uid}};
    filter.perPage = kMaxCopies;
    const auto page =
        EntityRepository(connection, *entityByTable(u"user_pins"_s)).list(session, filter);
    if (!page)
        return page.error();
    QStringList pins;
    for (const EntityRecord &pin : page.value().records)
        pins << pin.text(u"object"_s);
    return pins;
}

} // namespace birch
