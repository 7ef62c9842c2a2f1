#include "core/store/entity/entity_filter.h"

#include "core/store/entity/entity_validation.h"

#include <QCoreApplication>
#include <QDate>

#include <functional>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("EntityRepository", text);
}

constexpr qint64 kDayUs = 86'400'000'000;

bool isText(const EntityField &field)
{
    return field.type == EntityFieldType::Text || field.type == EntityFieldType::LongText ||
           field.type == EntityFieldType::Unit;
}

/// A field as a filter compares it: limits of what may be stored do not matter. Of the audit
/// columns, times can be asked for.
Result<EntityField> comparedField(const EntitySpec &spec, const QString &name)
{
    if (name == u"created_at"_s || name == u"updated_at"_s)
        return EntityField{name, EntityFieldType::Time, name};
    const EntityField *field = spec.field(name);
    if (!field || field->isSecret)
        return Error{ErrorCode::BadInput,
                     tr("A %1 has no field \"%2\": choose another filter").arg(spec.label, name)};
    EntityField compared = *field;
    compared.minimum.reset();
    compared.maximum.reset();
    return compared;
}

/// Rows that refer to what people call \a key.
SqlPiece refersTo(const EntityField &field, const QString &key)
{
    const QString column = u"t."_s + field.column();
    if (field.type == EntityFieldType::Reference) {
        const ReferenceTarget target = referenceTarget(field.references);
        return {u"%1 IN (SELECT id FROM %2 WHERE uid = ? OR %3 = ?)"_s.arg(column, target.table,
                                                                           target.humanId),
                {key.toLower(), key}};
    }
    return {
        u"%1 IN (SELECT id FROM objects WHERE uid = ? OR (title = ? AND kind = ?))"_s.arg(column),
        {key.toLower(), key.section(u':', 1), key.section(u':', 0, 0)}};
}

/// A whole day is meant where only a date is given for a time.
bool isDay(const EntityField &field, const QString &text)
{
    return field.type == EntityFieldType::Time && text.size() <= 10 &&
           QDate::fromString(text, Qt::ISODate).isValid();
}

Result<QVariant> bound(const EntityField &field, const QString &text, bool isMost)
{
    if (!isDay(field, text))
        return fieldValue(field, text);
    const QDate day = QDate::fromString(text, Qt::ISODate);
    const qint64 start = day.startOfDay(Qt::UTC).toMSecsSinceEpoch() * 1000;
    return QVariant(isMost ? start + kDayUs - 1 : start);
}

Result<SqlPiece> within(const EntityField &field, const FilterRange &range)
{
    if (!isOrdered(field.type))
        return Error{
            ErrorCode::BadInput,
            tr("%1 has no range: ranges are for numbers, dates and times").arg(field.label)};
    SqlPiece piece;
    QStringList terms;
    for (const bool isMost : {false, true}) {
        const QString text = isMost ? range.most : range.least;
        if (text.trimmed().isEmpty())
            continue;
        const auto value = bound(field, text.trimmed(), isMost);
        if (!value)
            return value.error();
        terms << u"t.%1 %2 ?"_s.arg(field.column(), isMost ? u"<="_s : u">="_s);
        piece.values << value.value();
    }
    piece.sql = terms.isEmpty() ? u"1 = 1"_s : terms.join(u" AND "_s);
    return piece;
}

Result<SqlPiece> equals(const EntityField &field, const QString &text)
{
    if (field.refers())
        return refersTo(field, text);
    if (isDay(field, text.trimmed()))
        return within(field, {text, text});
    if (field.type == EntityFieldType::Json)
        return Error{ErrorCode::BadInput,
                     tr("%1 can not be compared: ask whether it holds anything").arg(field.label)};
    const auto value = fieldValue(field, text);
    if (!value)
        return value.error();
    if (!value.value().isValid())
        return Error{ErrorCode::BadInput,
                     tr("%1 is compared with nothing: give a value, or ask for those without one")
                         .arg(field.label)};
    return SqlPiece{u"t.%1 = ?"_s.arg(field.column()), {value.value()}};
}

Result<SqlPiece> oneOf(const EntityField &field, const QStringList &texts)
{
    SqlPiece all;
    QStringList terms;
    for (const QString &text : texts) {
        const auto one = equals(field, text);
        if (!one)
            return one;
        terms << one.value().sql;
        all.values += one.value().values;
    }
    all.sql = terms.isEmpty() ? u"1 = 0"_s : u'(' + terms.join(u" OR "_s) + u')';
    return all;
}

Result<SqlPiece> holdsNothing(const EntityField &field)
{
    const QString column = u"t."_s + field.column();
    // A text that is part of a unique group holds "" instead of NULL.
    return SqlPiece{isText(field) ? u"(%1 IS NULL OR %1 = '')"_s.arg(column)
                                  : column + u" IS NULL"_s};
}

Result<SqlPiece> holdsSomething(const EntityField &field)
{
    const QString column = u"t."_s + field.column();
    return SqlPiece{isText(field) ? column + u" <> ''"_s : column + u" IS NOT NULL"_s};
}

/// Collects conditions; the first error stays.
class Conditions
{
public:
    explicit Conditions(const EntitySpec &spec)
        : m_spec(spec)
    {
    }

    void add(const QString &name, const std::function<Result<SqlPiece>(const EntityField &)> &make)
    {
        if (m_error)
            return;
        const auto field = comparedField(m_spec, name);
        const auto made = field ? make(field.value()) : Result<SqlPiece>(field.error());
        if (made)
            m_pieces << made.value();
        else
            m_error = made.error();
    }
    Result<QList<SqlPiece>> all() const
    {
        return m_error ? Result<QList<SqlPiece>>(*m_error) : m_pieces;
    }

private:
    const EntitySpec &m_spec;
    QList<SqlPiece> m_pieces;
    std::optional<Error> m_error;
};
} // namespace

Result<QList<SqlPiece>> entityConditions(const EntitySpec &spec, const EntityFilter &filter)
{
    Conditions conditions(spec);
    for (auto it = filter.equal.begin(); it != filter.equal.end(); ++it)
        conditions.add(it.key(), [&it](const auto &field) { return equals(field, it.value()); });
    for (auto it = filter.oneOf.begin(); it != filter.oneOf.end(); ++it)
        conditions.add(it.key(), [&it](const auto &field) { return oneOf(field, it.value()); });
    for (auto it = filter.ranges.begin(); it != filter.ranges.end(); ++it)
        conditions.add(it.key(), [&it](const auto &field) { return within(field, it.value()); });
    for (const QString &name : filter.without)
        conditions.add(name, holdsNothing);
    for (const QString &name : filter.with)
        conditions.add(name, holdsSomething);
    return conditions.all();
}

} // namespace birch
