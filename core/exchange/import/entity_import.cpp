#include "core/exchange/import/entity_import.h"

#include "core/store/entity/entity_audit.h"
#include "core/store/entity/entity_text.h"
#include "core/store/event_log.h"
#include "core/store/lab/tag_store.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kMaxNames = 1000;

/// What makes a record unfit, rather than the database unusable.
bool isAboutTheRecord(ErrorCode code)
{
    return code == ErrorCode::BadInput || code == ErrorCode::NotFound ||
           code == ErrorCode::Conflict || code == ErrorCode::OutOfRange;
}

QVariant nullable(const std::optional<qint64> &us)
{
    return us ? QVariant(*us) : QVariant(QMetaType::fromType<qint64>());
}
} // namespace

Result<std::optional<EntityImport::Outcome>> EntityImport::already(const SourceRecord &record)
{
    const auto row = m_connection.firstRow(
        u"SELECT extra_data FROM %1 WHERE uid = ?"_s.arg(m_repository.spec().table), {record.uid});
    if (!row)
        return row.error();
    if (row.value()) {
        const QString hash =
            jsonObject(row.value()->first().toString()).value(u"legacy_hash"_s).toString();
        if (hash == record.hash() || hash.isEmpty())
            return std::optional(Outcome{RowFate::Unchanged, {}, record.uid, {}});
        return std::optional(
            Outcome{RowFate::Skipped,
                    tr("it was imported before and has changed in the file since: what is here "
                       "was left as it is"),
                    record.uid,
                    {}});
    }
    if (m_knownBy.isEmpty())
        return std::optional<Outcome>();
    const auto known = uidWhere(m_knownBy, record.values);
    if (!known)
        return known.error();
    if (known.value().isEmpty())
        return std::optional<Outcome>();
    return std::optional(Outcome{RowFate::Unchanged,
                                 tr("one of this name is here already: the file's was taken for "
                                    "the same"),
                                 known.value(),
                                 {}});
}

Result<QString> EntityImport::uidWhere(const QStringList &fields, const QVariantMap &values)
{
    QStringList conditions;
    QVariantList bound;
    for (const QString &name : fields) {
        const EntityField *field = m_repository.spec().field(name);
        QVariant value = values.value(name);
        if (name == u"lab"_s && !value.isValid()) {
            conditions << u"lab_id = (SELECT default_lab_id FROM database_info)"_s;
            continue;
        }
        if (field->type == EntityFieldType::Text && field->defaultValue.isValid() &&
            !value.isValid())
            value = field->defaultValue;
        if (!value.isValid())
            return QString(); // NULLs are never equal
        if (field->type == EntityFieldType::Object) {
            conditions << field->column() + u" = (SELECT id FROM objects WHERE uid = ?)"_s;
            bound << value;
        } else if (field->refers()) {
            const ReferenceTarget target = referenceTarget(field->references);
            conditions << u"%1 IN (SELECT id FROM %2 WHERE uid = ? OR %3 = ?)"_s.arg(
                field->column(), target.table, target.humanId);
            bound << value << value;
        } else {
            conditions << field->column() + u" = ?"_s;
            bound << (field->type == EntityFieldType::Text ? QVariant(value.toString().trimmed())
                                                           : value);
        }
    }
    const auto row =
        m_connection.firstRow(u"SELECT uid FROM %1 WHERE %2"_s.arg(m_repository.spec().table,
                                                                   conditions.join(u" AND "_s)),
                              bound);
    if (!row)
        return row.error();
    return row.value() ? row.value()->first().toString() : QString();
}

Result<std::optional<EntityImport::Clash>> EntityImport::clash(const QVariantMap &values)
{
    QList<QStringList> groups = m_repository.spec().uniqueTogether;
    for (const EntityField &field : m_repository.spec().fields) {
        if (field.isUnique)
            groups << QStringList{field.name};
    }
    for (const QStringList &group : groups) {
        const auto uid = uidWhere(group, values);
        if (!uid)
            return uid.error();
        if (!uid.value().isEmpty())
            return std::optional(Clash{group, uid.value()});
    }
    return std::optional<Clash>();
}

Result<std::optional<EntityImport::Outcome>> EntityImport::makeRoom(QVariantMap *values,
                                                                    QString *note)
{
    const QVariantMap original = *values;
    for (int number = 2; number < kMaxNames; ++number) {
        const auto found = clash(*values);
        if (!found)
            return found.error();
        if (!found.value())
            return std::optional<Outcome>();
        QString name;
        for (const QString &field : found.value()->fields) {
            if (m_repository.spec().field(field)->type == EntityFieldType::Text)
                name = field;
        }
        if (name.isEmpty())
            return std::optional(Outcome{
                RowFate::Unchanged, tr("the same is here already"), found.value()->uid, {}});
        if (m_names == Names::Strict)
            return std::optional(
                Outcome{RowFate::NotUnderstood,
                        tr("another %1 has the same %2: give it another one")
                            .arg(m_repository.spec().label, m_repository.spec().field(name)->label),
                        {},
                        {}});
        const QString before = original.value(name).toString().trimmed();
        if (before.isEmpty()) // e.g. the role of a second use of one precursor
            (*values)[name] = QString::number(number);
        else
            (*values)[name] = u"%1 (%2)"_s.arg(before).arg(number);
        *note = tr("there was another %1 with the same %2: it was renamed")
                    .arg(m_repository.spec().label, m_repository.spec().field(name)->label);
    }
    return std::optional(
        Outcome{RowFate::NotUnderstood, tr("no name could be found for it"), {}, {}});
}

Status EntityImport::setTimes(const SourceRecord &record)
{
    if (!record.updatedUs && !record.trashedUs && !record.archivedUs)
        return ok();
    if (record.trashedUs) {
        const auto stored = m_repository.find(m_session, record.uid);
        const auto lab = stored ? entityLabRow(m_connection, m_repository.spec(), stored.value())
                                : Result<qint64>(stored.error());
        if (!lab)
            return lab.error();
        Event event{.lab = lab.value(),
                    .action = auditAction(m_repository.spec(), EventAction::Trashed),
                    .kind = m_repository.spec().table};
        event.objectUid = record.uid;
        event.title = entityTitle(m_repository.spec(), stored.value());
        if (Status noted = EventLog(m_connection).record(m_session, std::move(event)); !noted)
            return noted;
    }
    // Trashed today, as far as the days until it is purged are concerned: nobody has seen it here.
    return m_connection.execute(
        u"UPDATE %1 SET updated_at = coalesce(?, updated_at), trashed_at = ?, archived_at = ? "
        "WHERE uid = ?"_s.arg(m_repository.spec().table),
        {nullable(record.updatedUs),
         nullable(record.trashedUs ? std::optional(nowUs()) : std::nullopt),
         nullable(record.archivedUs), record.uid});
}

Result<EntityImport::Outcome> EntityImport::put(const SourceRecord &record)
{
    auto there = already(record);
    if (!there)
        return there.error();
    if (there.value())
        return *there.value();
    if (!record.obstacle.isEmpty())
        return Outcome{RowFate::NotUnderstood, record.obstacle, {}, {}};
    QVariantMap values = record.values;
    QString note;
    auto room = makeRoom(&values, &note);
    if (!room)
        return room.error();
    if (room.value())
        return *room.value();
    QJsonObject extraData = record.extraData;
    if (record.trashedUs) {
        QJsonObject legacy = extraData.value(u"legacy"_s).toObject();
        legacy.insert(u"trashed_at"_s, isoTime(*record.trashedUs));
        extraData.insert(u"legacy"_s, legacy);
    }
    const auto made = m_repository.insert(m_session, values, extraData,
                                          {.origin = Origin::Store,
                                           .uid = record.uid,
                                           .createdUs = record.createdUs,
                                           .createdBy = record.createdBy});
    if (!made && isAboutTheRecord(made.error().code))
        return Outcome{RowFate::NotUnderstood, made.error().message, {}, {}};
    if (!made)
        return made.error();
    if (Status done = TagStore(m_connection)
                          .set(m_session, m_repository.spec().table, made.value().id, record.tags);
        !done)
        return done.error();
    if (Status done = setTimes(record); !done)
        return done.error();
    return Outcome{RowFate::Created, {}, record.uid, note};
}

} // namespace birch
