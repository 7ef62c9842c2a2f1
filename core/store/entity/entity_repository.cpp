#include "core/store/entity/entity_repository.h"

#include "core/base/id.h"
#include "core/store/entity/entity_query.h"
#include "core/store/entity/entity_validation.h"
#include "core/store/id_counter.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <QJsonArray>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kMaxPerPage = 1000;

QString questionMarks(qsizetype count)
{
    return QStringList(count, u"?"_s).join(u", "_s);
}
} // namespace

Result<QList<EntityRecord>>
EntityRepository::select(const QString &where, const QVariantList &values, const QString &order)
{
    QList<EntityRecord> records;
    const Status done = m_connection.select(
        entitySelect(m_spec) + where + order, values,
        [this, &records](const SqlRow &row) { records.append(entityRecord(m_spec, row)); });
    if (!done)
        return done.error();
    return records;
}

Status EntityRepository::addDefaults(QVariantMap *values)
{
    for (const EntityField &field : m_spec.fields) {
        if (!values->value(field.name).toString().isEmpty() || values->value(field.name).isValid())
            continue;
        if (field.type == EntityFieldType::Choice) {
            values->insert(field.name, field.choices.first());
        } else if (field.type == EntityFieldType::Reference && field.references == u"labs"_s &&
                   field.isRequired) {
            const auto lab = m_connection.firstRow(
                u"SELECT l.uid FROM database_info d JOIN labs l ON l.id = d.default_lab_id"_s);
            if (!lab)
                return lab.error();
            if (lab.value())
                values->insert(field.name, lab.value()->first());
        } else if (field.name == u"sample_id"_s) {
            const QString year = u"20"_s + utcDay(nowUs()).first(2);
            const auto number = nextNumber(m_connection, u"samples/"_s + year);
            if (!number)
                return number.error();
            values->insert(field.name,
                           u"S-%1-%2"_s.arg(year).arg(number.value(), 3, 10, QChar(u'0')));
        }
    }
    return ok();
}

Result<qint64> EntityRepository::referenceRow(const EntityField &field, const QString &key)
{
    const QList<EntitySpec> specs = entitySpecs();
    const EntitySpec *target = entityByTable(specs, field.references);
    if (!target)
        return Error{ErrorCode::Internal,
                     tr("%1 refers to an unknown table: report this").arg(field.label)};
    // A trashed one is found too: what referred to it before may still be edited.
    QList<qint64> rows;
    const Status done = m_connection.select(
        u"SELECT id FROM %1 WHERE uid = ? OR %2 = ? ORDER BY CASE WHEN uid = ? THEN 0 ELSE 1 END "
        "LIMIT 2"_s.arg(target->table, target->humanId),
        {key.toLower(), key, key.toLower()},
        [&rows](const SqlRow &row) { rows << row.integer(0); });
    if (!done)
        return done.error();
    if (rows.isEmpty())
        return Error{ErrorCode::NotFound,
                     tr("There is no %1 \"%2\": add it first, or choose another one")
                         .arg(target->label, key)};
    if (rows.size() > 1)
        return Error{
            ErrorCode::Conflict,
            tr("There are several of the %1 \"%2\": give its uid").arg(target->label, key)};
    return rows.first();
}

Result<QVariant> EntityRepository::bound(const EntityField &field, const QVariant &value)
{
    if (!value.isValid())
        return QVariant(QMetaType::fromType<QString>()); // NULL
    if (field.type == EntityFieldType::Reference) {
        const auto row = referenceRow(field, value.toString());
        if (!row)
            return row.error();
        return QVariant(row.value());
    }
    if (field.type == EntityFieldType::Json) {
        const QJsonValue json = value.toJsonValue();
        return QVariant(json.isArray() ? jsonText(json.toArray()) : jsonText(json.toObject()));
    }
    return value;
}

Result<EntityRecord> EntityRepository::insert(const Session &session, QVariantMap values,
                                              const QJsonObject &extraData)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    if (Status done = addDefaults(&values); !done)
        return done.error();
    if (const Problems problems = validate(m_spec, &values, true); !problems.isEmpty())
        return asError(problems);
    const qint64 now = nowUs();
    QStringList columns{u"uid"_s,        u"extra_data"_s, u"created_at"_s,
                        u"created_by"_s, u"updated_at"_s, u"updated_by"_s};
    QVariantList row{uidText(newUid()), jsonText(extraData), now, session.user, now, session.user};
    for (auto it = values.begin(); it != values.end(); ++it) {
        if (!it.value().isValid())
            continue; // the column's default
        auto value = bound(*m_spec.field(it.key()), it.value());
        if (!value)
            return value.error();
        columns << m_spec.field(it.key())->column();
        row << value.value();
    }
    const auto made =
        m_connection.firstRow(u"INSERT INTO %1 (%2) VALUES (%3) RETURNING id"_s.arg(
                                  m_spec.table, columns.join(u", "_s), questionMarks(row.size())),
                              row);
    if (!made)
        return made.error().within(tr("Adding the %1").arg(m_spec.label));
    auto record = get(session, made.value().value().first().toLongLong());
    if (!record)
        return record;
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return record;
}

Result<EntityRecord> EntityRepository::get(const Session &, qint64 id)
{
    auto records = select(u" WHERE t.id = ?"_s, {id}, {});
    if (!records)
        return records.error();
    if (records.value().isEmpty())
        return Error{ErrorCode::NotFound, tr("The %1 is gone: refresh the list").arg(m_spec.label)};
    return records.value().first();
}

Result<EntityRecord> EntityRepository::find(const Session &, const QString &key)
{
    static const QRegularExpression uidPrefix(u"^[0-9a-f-]{4,36}$"_s);
    const QString exact = key.trimmed();
    const QString lower = exact.toLower();
    QString where = u" WHERE (t.%1 = ? OR t.uid = ?)"_s.arg(m_spec.humanId);
    QVariantList values{exact, lower};
    if (uidPrefix.match(lower).hasMatch()) {
        where = u" WHERE (t.%1 = ? OR (t.uid >= ? AND t.uid < ?))"_s.arg(m_spec.humanId);
        values = {exact, lower, QString(lower + u'g')}; // uids are [0-9a-f-]
    }
    auto records = select(where, values, u" ORDER BY t.id LIMIT 5"_s);
    if (!records)
        return records.error();
    QList<EntityRecord> named;
    QStringList candidates;
    for (const EntityRecord &record : records.value()) {
        if (record.uid == lower)
            return record;
        if (record.text(m_spec.humanId) == exact)
            named << record;
        candidates << u"%1 (%2)"_s.arg(record.text(m_spec.humanId), record.uid);
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

Result<EntityPage> EntityRepository::list(const Session &, const EntityFilter &filter)
{
    if (filter.page < 1 || filter.perPage < 1 || filter.perPage > kMaxPerPage)
        return Error{ErrorCode::BadInput,
                     tr("Page %1 with %2 rows can not be shown: pages begin at 1 and hold 1 to %3")
                         .arg(filter.page)
                         .arg(filter.perPage)
                         .arg(kMaxPerPage)};
    const auto condition = entityCondition(m_spec, m_connection.dialect(), filter);
    if (!condition)
        return condition.error();
    const auto order = entityOrder(m_spec, filter);
    if (!order)
        return order.error();
    const auto counted =
        m_connection.firstRow(u"SELECT count(*)"_s + entityFrom(m_spec) + condition.value().where,
                              condition.value().values);
    if (!counted)
        return counted.error();
    auto records =
        select(condition.value().where,
               condition.value().values +
                   QVariantList{filter.perPage, qint64(filter.page - 1) * filter.perPage},
               order.value() + u" LIMIT ? OFFSET ?"_s);
    if (!records)
        return records.error();
    return EntityPage{std::move(records).value(), counted.value().value().first().toLongLong(),
                      filter.page, filter.perPage};
}

} // namespace birch
