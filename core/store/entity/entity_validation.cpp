#include "core/store/entity/entity_validation.h"

#include "core/store/store_time.h"

#include <QCoreApplication>
#include <QDate>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("EntityValidation", text);
}

Error expected(const EntityField &field, const QVariant &value, const QString &what)
{
    return {ErrorCode::BadInput,
            tr("%1 is \"%2\" but must be %3").arg(field.label, value.toString(), what)};
}

/// \a number unless it lies outside what \a field allows.
Result<QVariant> withinBounds(const EntityField &field, const QVariant &value, double number)
{
    if (field.minimum && number < *field.minimum)
        return expected(field, value, tr("%1 or more").arg(*field.minimum));
    if (field.maximum && number > *field.maximum)
        return expected(field, value, tr("%1 or less").arg(*field.maximum));
    return value;
}

Result<QVariant> integerValue(const EntityField &field, const QVariant &value)
{
    bool isNumber = false;
    const qint64 number = value.toLongLong(&isNumber);
    if (!isNumber || double(number) != value.toDouble())
        return expected(field, value, tr("a whole number"));
    return withinBounds(field, QVariant(number), double(number));
}

Result<QVariant> timeValue(const EntityField &field, const QVariant &value)
{
    if (value.typeId() == QMetaType::LongLong)
        return value;
    const auto us = timeFromIso(value.toString());
    if (!us)
        return expected(field, value,
                        tr("a time such as 2026-01-31T14:30:00Z or 2026-01-31T14:30+01:00"));
    return QVariant(*us);
}

Result<QVariant> objectValue(const EntityField &field, const QVariant &value)
{
    const QString text = value.toString().trimmed();
    const QString kind = text.section(u':', 0, 0);
    if (text.contains(u':') && !field.kinds.isEmpty() && !field.kinds.contains(kind))
        return expected(field, value, tr("one of %1").arg(field.kinds.join(u", "_s)));
    return QVariant(text);
}

Result<QVariant> realValue(const EntityField &field, const QVariant &value)
{
    bool isNumber = false;
    const double number = value.toDouble(&isNumber);
    if (!isNumber || !std::isfinite(number))
        return expected(field, value, tr("a number"));
    return withinBounds(field, QVariant(number), number);
}

Result<QVariant> boolValue(const EntityField &field, const QVariant &value)
{
    if (value.typeId() == QMetaType::Bool)
        return value;
    const QString text = value.toString().toLower();
    if (text == u"true"_s || text == u"yes"_s || text == u"1"_s)
        return QVariant(true);
    if (text == u"false"_s || text == u"no"_s || text == u"0"_s)
        return QVariant(false);
    return expected(field, value, tr("true or false"));
}

Result<QVariant> jsonValue(const EntityField &field, const QVariant &value)
{
    if (value.typeId() != QMetaType::QString) {
        const QJsonValue json = value.toJsonValue();
        if (json.isArray() || json.isObject())
            return QVariant(json);
        return expected(field, value, tr("a JSON object or list"));
    }
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(value.toString().toUtf8(), &error);
    if (error.error != QJsonParseError::NoError)
        return expected(field, value, tr("a JSON object or list (%1)").arg(error.errorString()));
    return document.isArray() ? QVariant(QJsonValue(document.array()))
                              : QVariant(QJsonValue(document.object()));
}
} // namespace

Result<QVariant> fieldValue(const EntityField &field, const QVariant &value)
{
    const bool isText = value.typeId() == QMetaType::QString;
    if (!value.isValid() || value.isNull() || (isText && value.toString().trimmed().isEmpty()))
        return QVariant();
    switch (field.type) {
    case EntityFieldType::Integer:
        return integerValue(field, value);
    case EntityFieldType::Real:
        return realValue(field, value);
    case EntityFieldType::Boolean:
        return boolValue(field, value);
    case EntityFieldType::Json:
        return jsonValue(field, value);
    case EntityFieldType::Date:
        if (!QDate::fromString(value.toString(), Qt::ISODate).isValid())
            return expected(field, value, tr("a date such as 2026-01-31"));
        return value;
    case EntityFieldType::Choice:
        if (!field.choices.contains(value.toString()))
            return expected(field, value, tr("one of %1").arg(field.choices.join(u", "_s)));
        return value;
    case EntityFieldType::Time:
        return timeValue(field, value);
    case EntityFieldType::Object:
        return objectValue(field, value);
    case EntityFieldType::Text:
    case EntityFieldType::Unit:
    case EntityFieldType::Reference:
        return QVariant(value.toString().trimmed());
    case EntityFieldType::LongText:
        return QVariant(value.toString());
    }
    return QVariant();
}

Problems validate(const EntitySpec &spec, QVariantMap *values, Completeness completeness,
                  Origin origin)
{
    const bool isComplete = completeness == Completeness::Whole;
    Problems problems;
    const auto add = [&problems](const QString &field, const QString &message,
                                 const QString &remedy) {
        Problem problem;
        problem.field = field;
        problem.message = message;
        problem.remedy = remedy;
        problems.append(problem);
    };
    for (auto it = values->begin(); it != values->end(); ++it) {
        const EntityField *field = spec.field(it.key());
        if (!field) {
            add(it.key(), tr("A %1 has no field \"%2\"").arg(spec.label, it.key()),
                tr("use one of %1").arg(spec.fieldNames().join(u", "_s)));
            continue;
        }
        if (field->isDerived && origin == Origin::Person) {
            add(field->name, tr("%1 is filled in by Birch").arg(field->label), tr("leave it out"));
            continue;
        }
        auto value = fieldValue(*field, it.value());
        if (!value)
            add(field->name, value.error().message, tr("correct it"));
        else if (!value.value().isValid() && field->isRequired)
            add(field->name, tr("%1 is empty").arg(field->label), tr("fill it in"));
        else
            *it = value.value();
    }
    for (const EntityField &field : spec.fields) {
        if (isComplete && field.isRequired && field.derivedFrom.isEmpty() &&
            !values->contains(field.name))
            add(field.name, tr("%1 is missing").arg(field.label), tr("fill it in"));
    }
    return problems;
}

Error asError(const Problems &problems)
{
    QStringList sentences;
    for (const Problem &problem : problems)
        sentences << problem.message + u": "_s + problem.remedy;
    return {ErrorCode::BadInput, sentences.join(u"; "_s)};
}

} // namespace birch
