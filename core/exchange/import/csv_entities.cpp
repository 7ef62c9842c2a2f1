#include "core/exchange/import/csv_entities.h"

#include "core/exchange/import/source_values.h"
#include "core/store/entity/entity_validation.h"

#include <QCryptographicHash>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Columns that lists print and that are nobody's to give.
const QStringList kPassedOver{u"id"_s,         u"revision"_s,   u"created_at"_s,  u"created_by"_s,
                              u"updated_at"_s, u"updated_by"_s, u"archived_at"_s, u"trashed_at"_s,
                              u"archived"_s,   u"trashed"_s};

QString contentHash(const QStringList &cells)
{
    return QString::fromLatin1(
        QCryptographicHash::hash(cells.join(QChar(0x1f)).toUtf8(), QCryptographicHash::Sha256)
            .toHex()
            .first(16));
}
} // namespace

CsvEntities::CsvEntities(Connection &connection, const Session &session, const EntitySpec &spec,
                         const QString &lab)
    : m_spec(spec)
    , m_lab(lab)
    , m_import(connection, session, spec, knownBy(spec), EntityImport::Names::Strict)
{
}

QStringList CsvEntities::knownBy(const EntitySpec &spec)
{
    const EntityField *human = spec.field(spec.humanId);
    if (!human)
        return {};
    if (human->isUnique)
        return {human->name};
    for (const QStringList &group : spec.uniqueTogether) {
        if (group.contains(human->name))
            return group;
    }
    return {};
}

Status CsvEntities::checkHeader(const CsvReader &reader) const
{
    for (const QString &column : reader.header()) {
        const bool isTags = column == u"tags"_s && m_spec.field(u"lab"_s);
        const bool isUid = column.endsWith(u"_uid"_s) && m_spec.field(column.chopped(4));
        if (m_spec.field(column) || isTags || isUid || column == u"uid"_s ||
            column == u"extra_data"_s || kPassedOver.contains(column))
            continue;
        return Error{
            ErrorCode::BadInput,
            tr("line 1: a %1 has no field \"%2\": name the column after one of %3, or take "
               "it out; for measurement data say --as scan")
                .arg(m_spec.label, column, m_spec.fieldNames().join(u", "_s))};
    }
    return ok();
}

SourceRecord CsvEntities::recordOf(const CsvReader &reader, const QStringList &cells) const
{
    SourceRecord record;
    QJsonObject extraData;
    for (qsizetype i = 0; i < cells.size(); ++i) {
        const QString &column = reader.header()[i];
        const EntityField *field = m_spec.field(column);
        if (cells[i].trimmed().isEmpty())
            continue;
        if (column == u"uid"_s)
            record.uid = cells[i].trimmed().toLower();
        else if (column == u"tags"_s && !field)
            record.tags = cells[i].split(u',', Qt::SkipEmptyParts);
        else if (column == u"extra_data"_s)
            extraData = sourceJson(cells[i]).toObject();
        else if (column.endsWith(u"_uid"_s) && m_spec.field(column.chopped(4)))
            record.values.insert(column.chopped(4), cells[i].trimmed());
        else if (field && field->type == EntityFieldType::Json &&
                 !cells[i].trimmed().startsWith(u'[') && !cells[i].trimmed().startsWith(u'{'))
            record.values.insert(column, QVariant(QJsonValue(QJsonArray::fromStringList(
                                             cells[i].split(u',', Qt::SkipEmptyParts)))));
        else if (field && !record.values.contains(column))
            record.values.insert(column, cells[i]);
    }
    if (!m_lab.isEmpty() && m_spec.field(u"lab"_s) && !m_spec.field(u"lab"_s)->isDerived &&
        !record.values.contains(u"lab"_s))
        record.values.insert(u"lab"_s, m_lab);
    const QString hash = contentHash(cells);
    if (record.uid.isEmpty())
        record.uid = importedUid(u"csv/%1/%2"_s.arg(m_spec.table, hash));
    extraData.insert(u"legacy_hash"_s, hash);
    record.extraData = extraData;
    return record;
}

Status CsvEntities::import(CsvReader &reader, TableReport &report)
{
    if (Status fits = checkHeader(reader); !fits)
        return fits;
    for (;;) {
        const auto cells = reader.next();
        if (!cells)
            return cells.error();
        if (!cells.value())
            return ok();
        report.addRows(1);
        const QString line = tr("line %1").arg(reader.line());
        const SourceRecord record = recordOf(reader, *cells.value());
        QVariantMap values = record.values;
        if (const Problems problems = validate(m_spec, &values, Completeness::Part);
            !problems.isEmpty()) {
            report.add(RowFate::NotUnderstood, asError(problems).message, line);
            continue;
        }
        const auto outcome = m_import.put(record);
        if (!outcome)
            return outcome.error().within(line);
        report.add(outcome.value().fate, outcome.value().why, line);
    }
}

} // namespace birch
