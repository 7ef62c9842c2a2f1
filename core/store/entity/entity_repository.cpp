#include "core/store/entity/entity_repository.h"

#include "core/base/id.h"
#include "core/store/entity/entity_audit.h"
#include "core/store/entity/entity_query.h"
#include "core/store/entity/entity_text.h"
#include "core/store/id_counter.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"

#include <QHash>
#include <QJsonArray>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString questionMarks(qsizetype count)
{
    return QStringList(count, u"?"_s).join(u", "_s);
}

QString idColumn(const EntitySpec &spec)
{
    return spec.humanId.isEmpty() ? u"uid"_s : spec.humanId;
}
} // namespace

Result<QList<EntityRecord>> EntityRepository::select(const EntityCondition &condition,
                                                     const QString &order)
{
    QList<EntityRecord> records;
    const Status done = m_connection.select(
        entitySelect(m_spec) + condition.where + order, condition.values,
        [this, &records](const SqlRow &row) { records.append(entityRecord(m_spec, row)); });
    if (!done)
        return done.error();
    return records;
}

Status EntityRepository::addDefaults(const Session &session, QVariantMap *values)
{
    for (const EntityField &field : m_spec.fields) {
        if (!values->value(field.name).toString().isEmpty() || values->value(field.name).isValid())
            continue;
        if (field.type == EntityFieldType::Choice && !field.isRequired && !field.isDerived) {
            values->insert(field.name, field.choices.first());
        } else if (field.name == u"lab"_s && field.isRequired && field.derivedFrom.isEmpty()) {
            const auto home = homeLab(m_connection, session);
            if (!home)
                return home.error();
            const auto lab =
                m_connection.firstRow(u"SELECT uid FROM labs WHERE id = ?"_s, {home.value()});
            if (!lab)
                return lab.error();
            if (lab.value())
                values->insert(field.name, lab.value()->first());
        } else if (!field.counter.isEmpty()) {
            const auto human = nextHumanId(m_connection, session, m_spec, field);
            if (!human)
                return human.error();
            values->insert(field.name, human.value());
        }
    }
    return ok();
}

Result<EntityRecord> EntityRepository::insert(const Session &session, QVariantMap values,
                                              const QJsonObject &extraData,
                                              const InsertOptions &options)
{
    if (Status allowed = mayTry(session, Action::Add); !allowed)
        return allowed.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    if (Status done = addDefaults(session, &values); !done)
        return done.error();
    if (const Problems problems = validate(m_spec, &values, Completeness::Whole, options.origin);
        !problems.isEmpty())
        return asError(problems);
    const EntityWrite write{m_connection, session, m_spec, nullptr, options.origin};
    const EntityHooks *hooks = entityHooks(m_spec.table);
    if (hooks && hooks->prepare) {
        if (Status done = hooks->prepare(write, &values); !done)
            return done.error();
    }
    auto row = boundRow(values);
    if (!row)
        return row.error();
    if (Status allowed = mayAdd(session, row.value()); !allowed)
        return allowed.error();
    const qint64 now = options.createdUs.value_or(nowUs());
    const QString who = options.createdBy.isEmpty() ? session.user : options.createdBy;
    auto &[columns, bound] = row.value();
    columns << u"uid"_s << u"extra_data"_s << u"created_at"_s << u"created_by"_s << u"updated_at"_s
            << u"updated_by"_s;
    bound << (options.uid.isEmpty() ? uidText(newUid()) : options.uid) << jsonText(extraData) << now
          << who << now << who;
    const auto made =
        m_connection.firstRow(u"INSERT INTO %1 (%2) VALUES (%3) RETURNING id"_s.arg(
                                  m_spec.table, columns.join(u", "_s), questionMarks(bound.size())),
                              bound);
    if (!made)
        return explained(made.error(), &transaction, row.value(), 0)
            .within(tr("Adding the %1").arg(m_spec.label));
    auto record = finish(write, made.value().value().first().toLongLong());
    if (!record)
        return record;
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return record;
}

Result<EntityRecord> EntityRepository::finish(const EntityWrite &write, qint64 id)
{
    auto record = get(write.session, id);
    const EntityHooks *hooks = entityHooks(m_spec.table);
    if (record && hooks && hooks->finish) {
        if (Status done = hooks->finish(write, record.value()); !done)
            return done.error();
        record = get(write.session, id); // a rule may have changed it
    }
    if (!record)
        return record;
    if (Status done = describe(write.before, record.value()); !done)
        return done.error();
    if (Status done =
            auditEntity(m_connection, write.session, m_spec, write.before, &record.value());
        !done)
        return done.error();
    return record;
}

Result<EntityRecord> EntityRepository::get(const Session &session, qint64 id)
{
    auto records = select(visible(session, {u" WHERE t.id = ?"_s, {id}}), {});
    if (!records)
        return records.error();
    if (records.value().isEmpty())
        return Error{ErrorCode::NotFound, tr("The %1 is gone: refresh the list").arg(m_spec.label)};
    return records.value().first();
}

Result<EntityRecord> EntityRepository::find(const Session &session, const QString &key)
{
    static const QRegularExpression uidPrefix(u"^[0-9a-f-]{4,36}$"_s);
    const QString exact = key.trimmed();
    const QString lower = exact.toLower();
    QString where = u" WHERE (t.%1 = ? OR t.uid = ?)"_s.arg(idColumn(m_spec));
    QVariantList values{exact, lower};
    if (uidPrefix.match(lower).hasMatch()) {
        where = u" WHERE (t.%1 = ? OR (t.uid >= ? AND t.uid < ?))"_s.arg(idColumn(m_spec));
        values = {exact, lower, QString(lower + u'g')}; // uids are [0-9a-f-]
    }
    auto records = select(visible(session, {where, values}), u" ORDER BY t.id LIMIT 5"_s);
    if (!records)
        return records.error();
    QList<EntityRecord> named;
    QStringList candidates;
    for (const EntityRecord &record : records.value()) {
        if (record.uid == lower)
            return record;
        if (entityTitle(m_spec, record) == exact)
            named << record;
        candidates << u"%1 (%2)"_s.arg(entityTitle(m_spec, record), record.uid);
    }
    if (named.size() == 1)
        return named.first();
    if (records.value().size() == 1)
        return records.value().first();
    if (records.value().isEmpty())
        return Error{ErrorCode::NotFound, tr("There is no %1 \"%2\": birchctl %3 list shows them")
                                              .arg(m_spec.label, key, m_spec.table)};
    return Error{
        ErrorCode::Conflict,
        tr("Several fit \"%1\": %2. Give more of the uid").arg(key, candidates.join(u", "_s))};
}

Result<QList<EntityRecord>> EntityRepository::recordsOf(const QList<qint64> &ids)
{
    if (ids.isEmpty())
        return QList<EntityRecord>();
    QVariantList values;
    for (const qint64 id : ids)
        values << id;
    auto found = select({u" WHERE t.id IN (%1)"_s.arg(questionMarks(ids.size())), values}, {});
    if (!found)
        return found;
    QHash<qint64, qsizetype> places;
    for (qsizetype i = 0; i < found.value().size(); ++i)
        places.insert(found.value()[i].id, i);
    QList<EntityRecord> records;
    for (const qint64 id : ids) {
        if (places.contains(id)) // purged meanwhile otherwise
            records << std::move(found.value()[places.value(id)]);
    }
    return records;
}

Result<EntityPage> EntityRepository::list(const Session &session, const EntityFilter &filter)
{
    auto query = entityPage(m_spec, m_connection.dialect(), filter);
    if (!query)
        return query.error();
    const Visibility mine = visibleRows(placeRule(m_spec), session, u"t"_s);
    if (!mine.sql.isEmpty()) {
        query.value().conditions << mine.sql;
        query.value().values += mine.values;
    }
    const auto keys = PageFinder(m_connection, std::move(query).value()).find();
    if (!keys)
        return keys.error();
    auto records = recordsOf(keys.value().ids);
    if (!records)
        return records.error();
    const PageKeys &found = keys.value();
    return EntityPage{
        std::move(records).value(), found.total, filter.page, filter.perPage, found.anchor,
        found.isTotalExact};
}

} // namespace birch
