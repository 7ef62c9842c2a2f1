#include "core/exchange/import/source_record.h"

#include "core/exchange/import/pybirch_tables.h"
#include "core/exchange/import/source_values.h"
#include "core/store/entity/entity_validation.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Columns that every record has a place for.
const QStringList kAudit{u"id"_s,         u"created_at"_s,  u"updated_at"_s,
                         u"trashed_at"_s, u"archived_at"_s, u"extra_data"_s};
} // namespace

QString SourceRecord::hash() const
{
    return extraData.value(u"legacy_hash"_s).toString();
}

SourceRecord SourceConverter::convert(const SourceRow &row) const
{
    SourceRecord record;
    record.id = row.integer(u"id"_s);
    QStringList taken = kAudit + m_map.secrets();
    for (const SourceColumn &column : m_map.columns())
        takeColumn(column, row, &record, &taken);
    takePair(row, &record, &taken);
    for (const QString &secret : m_map.secrets()) {
        if (isMeaningful(row.value(secret)))
            record.notes << tr("%1 is a secret: it was not taken over").arg(secret);
    }
    for (auto it = m_map.constants().begin(); it != m_map.constants().end(); ++it)
        record.values.insert(it.key(), it.value());
    takeAudit(row, &record);
    if (isMeaningful(row.value(m_map.madeBy())))
        taken << m_map.madeBy();
    fillRequired(&record);
    checkValues(row, &record, &taken);
    QString stamp = row.text(m_map.madeAt());
    for (const EntityField &field : m_spec.fields) {
        if (stamp.isEmpty() && field.refers() && field.isRequired)
            stamp = record.values.value(field.name).toString();
    }
    record.uid = importedUid(u"%1/%2/%3"_s.arg(m_map.table()).arg(record.id).arg(stamp));
    record.extraData = extraDataOf(row, m_table, taken, m_context.source, rowHash(row, m_table));
    return record;
}

void SourceConverter::takeColumn(const SourceColumn &column, const SourceRow &row,
                                 SourceRecord *record, QStringList *taken) const
{
    const EntityField *field = m_spec.field(column.field);
    const QVariant raw = row.value(column.name);
    if (column.take == Take::Tags) {
        const QJsonValue names = sourceJson(raw);
        for (const QJsonValue name : names.toArray())
            record->tags << name.toVariant().toString();
        if (names.isArray() || !isMeaningful(raw))
            *taken << column.name;
        return;
    }
    const bool hasWord = column.words.contains(QString());
    if (!field || !m_table.has(column.name) || (!isMeaningful(raw) && !hasWord)) {
        if (field && m_table.has(column.name) && !isMeaningful(raw))
            *taken << column.name;
        return;
    }
    if (record->values.contains(field->name) || record->waits.contains(field->name))
        return; // another column has filled it; this one is kept as it is
    const QVariant value = fitting(column, *field, raw, row, record);
    if (value.isValid())
        record->values.insert(field->name, value);
    if (value.isValid() || record->waits.contains(field->name))
        *taken << column.name;
}

QVariant SourceConverter::fitting(const SourceColumn &column, const EntityField &field,
                                  const QVariant &raw, const SourceRow &row,
                                  SourceRecord *record) const
{
    switch (column.take) {
    case Take::Reference:
        return reference(column, field, raw, record);
    case Take::Station:
    case Take::Member: {
        const QString kind = column.take == Take::Station ? u"station"_s : u"user"_s;
        const QString uid = m_context.ids.byName(kind, raw.toString());
        return uid.isEmpty() ? QVariant() : QVariant(uid);
    }
    case Take::Kind: {
        const QString entity = entityOfPybirchTable(pybirchTableOf(raw.toString()));
        return entity.isEmpty() ? raw : QVariant(entity);
    }
    case Take::Prefill:
        return prefill(raw, row.text(u"entity_type"_s));
    case Take::Ended: {
        const auto end = m_context.placementEnds.constFind(record->id);
        return end == m_context.placementEnds.constEnd() ? QVariant() : QVariant(*end);
    }
    case Take::Day:
        return raw.toString().left(10);
    case Take::Utc:
    case Take::Local: {
        const auto us = timeWithoutZone(raw.toString());
        if (!us)
            return {};
        const auto made = timeWithoutZone(row.text(m_map.madeAt()));
        return column.take == Take::Utc ? *us : m_context.clock.utc(*us, made);
    }
    case Take::Tags: // takeColumn()
    case Take::Value:
        break;
    }
    if (field.type == EntityFieldType::Choice)
        return choice(column, field, raw);
    if (field.type == EntityFieldType::Date)
        return raw.toString().left(10);
    if (field.type != EntityFieldType::Json)
        return raw;
    const QJsonValue json = sourceJson(raw);
    if (json.isUndefined())
        return {};
    return json.isArray() || json.isObject() ? json : QJsonValue(QJsonArray{json});
}

QVariant SourceConverter::prefill(const QVariant &raw, const QString &kind)
{
    const QJsonObject given = sourceJson(raw).toObject();
    const SourceMap *map = pybirchMap(pybirchTableOf(kind));
    if (!map || given.isEmpty())
        return given.isEmpty() ? QVariant() : QVariant(QJsonValue(given));
    QJsonObject named;
    for (auto it = given.begin(); it != given.end(); ++it) {
        QString field = it.key();
        for (const SourceColumn &column : map->columns()) {
            if (column.name == it.key() &&
                (column.take == Take::Value || column.take == Take::Tags))
                field = column.field;
        }
        named.insert(field, it.value());
    }
    return QVariant(QJsonValue(named));
}

QVariant SourceConverter::choice(const SourceColumn &column, const EntityField &field,
                                 const QVariant &raw)
{
    const QString word = isMeaningful(raw) ? raw.toString().trimmed().toLower() : QString();
    const QString found = column.words.value(word, word);
    return field.choices.contains(found) ? QVariant(found) : QVariant();
}

QVariant SourceConverter::reference(const SourceColumn &column, const EntityField &field,
                                    const QVariant &raw, SourceRecord *record) const
{
    bool isNumber = false;
    const qint64 id = raw.toLongLong(&isNumber);
    const QString uid = isNumber ? m_context.ids.find(column.references, id) : QString();
    if (!uid.isEmpty())
        return uid;
    if (isNumber && column.references == m_map.table() && id != record->id) {
        record->waits.insert(field.name, id);
        return {};
    }
    const QString why = tr("%1 refers to a row of %2 that is not in the file or could not be "
                           "taken over")
                            .arg(column.name, column.references);
    if (field.isRequired)
        record->obstacle = why;
    else
        record->notes << why;
    return {};
}

void SourceConverter::takePair(const SourceRow &row, SourceRecord *record, QStringList *taken) const
{
    if (m_map.pairField().isEmpty() || !isMeaningful(row.value(m_map.pairKind())))
        return;
    const QString kind = row.text(m_map.pairKind());
    const QString table = pybirchTableOf(kind);
    const QString uid = m_context.ids.find(table, row.integer(m_map.pairId()));
    if (!uid.isEmpty()) {
        record->values.insert(m_map.pairField(), uid);
        *taken << m_map.pairKind() << m_map.pairId();
        return;
    }
    const QString why = table.isEmpty() ? tr("there is nothing of the kind \"%1\"").arg(kind)
                                        : tr("it belongs to a row of %1 that is not in the file or "
                                             "could not be taken over")
                                              .arg(table);
    const EntityField *field = m_spec.field(m_map.pairField());
    if (field && field->isRequired)
        record->obstacle = why;
    else
        record->notes << why;
}

void SourceConverter::takeAudit(const SourceRow &row, SourceRecord *record) const
{
    record->createdUs = timeWithoutZone(row.text(m_map.madeAt()));
    record->updatedUs = timeWithoutZone(row.text(u"updated_at"_s));
    record->trashedUs = timeWithoutZone(row.text(u"trashed_at"_s));
    record->archivedUs = timeWithoutZone(row.text(u"archived_at"_s));
    if (isMeaningful(row.value(m_map.madeBy())))
        record->createdBy = row.text(m_map.madeBy());
}

void SourceConverter::fillRequired(SourceRecord *record) const
{
    for (const EntityField &field : m_spec.fields) {
        if (!field.isRequired || record->values.contains(field.name))
            continue;
        if (field.name == u"lab"_s && !field.isDerived && !m_context.onlyLab.isEmpty())
            record->values.insert(field.name, m_context.onlyLab);
        else if (field.type == EntityFieldType::Choice)
            record->values.insert(field.name, field.choices.first());
        else if (field.type == EntityFieldType::Json)
            record->values.insert(field.name, QJsonValue(QJsonObject()));
    }
}

void SourceConverter::checkValues(const SourceRow &row, SourceRecord *record,
                                  QStringList *taken) const
{
    QVariantMap values = record->values;
    const Problems problems = validate(m_spec, &values, Completeness::Part, Origin::Store);
    for (const Problem &problem : problems) {
        const EntityField *field = m_spec.field(problem.field);
        if (!field || field->isRequired) {
            record->obstacle = problem.message;
            continue;
        }
        record->notes << problem.message;
        record->values.remove(field->name);
        for (const SourceColumn &column : m_map.columns()) {
            if (column.field == field->name && isMeaningful(row.value(column.name)))
                taken->removeAll(column.name);
        }
    }
    for (const SourceColumn &column : m_map.columns()) {
        const EntityField *field = m_spec.field(column.field);
        const bool isLost = field && field->type == EntityFieldType::Choice &&
                            isMeaningful(row.value(column.name)) && !taken->contains(column.name);
        if (isLost)
            record->notes << tr("%1 is \"%2\", which Birch does not have; kept in extra_data")
                                 .arg(column.name, row.text(column.name));
    }
}

QJsonObject SourceConverter::extraDataOf(const SourceRow &row, const SourceTable &table,
                                         const QStringList &taken, const QString &source,
                                         const QString &hash)
{
    QJsonObject kept;
    for (const QString &column : table.columns) {
        if (!taken.contains(column) && isMeaningful(row.value(column)))
            kept.insert(column, keptValue(row.value(column)));
    }
    QJsonObject extraData;
    if (const QJsonValue own = sourceJson(row.value(u"extra_data"_s)); own.isObject())
        extraData = own.toObject();
    else if (!own.isUndefined())
        kept.insert(u"extra_data"_s, own);
    extraData.insert(u"legacy_id"_s, row.integer(u"id"_s));
    extraData.insert(u"legacy_table"_s, table.name);
    extraData.insert(u"legacy_source"_s, source);
    extraData.insert(u"legacy_hash"_s, hash);
    if (!kept.isEmpty())
        extraData.insert(u"legacy"_s, kept);
    return extraData;
}

} // namespace birch
