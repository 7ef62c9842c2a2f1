#include "core/plan/field_check.h"

#include "core/plan/did_you_mean.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class Checker
{
    Q_DECLARE_TR_FUNCTIONS(FieldCheck)

public:
    QList<FieldProblem> problems;

    void shapeOfRecord(const QList<FieldSpec> &specs, const QJsonObject &record,
                       const QString &prefix);
    void completeRecord(const QList<FieldSpec> &specs, const QJsonObject &record,
                        const QString &prefix);

private:
    void shapeOfField(const FieldSpec &spec, const QJsonValue &value, const QString &path);
    void shapeOfTexts(const QJsonValue &value, const QString &path);
    void shapeOfInteger(const FieldSpec &spec, const QJsonValue &value, const QString &path);
    void shapeOfList(const FieldSpec &spec, const QJsonValue &value, const QString &path);
    void completeField(const FieldSpec &spec, const QJsonValue &value, const QString &path);
    void alternatives(const FieldSpec &spec, const QList<FieldSpec> &siblings,
                      const QJsonObject &record, const QString &prefix);
    void expect(bool holds, const QString &path, const QString &remedy);
};

void Checker::expect(bool holds, const QString &path, const QString &remedy)
{
    if (!holds)
        problems.append({path, tr("\"%1\" holds a value of the wrong type").arg(path), remedy});
}

void Checker::shapeOfRecord(const QList<FieldSpec> &specs, const QJsonObject &record,
                            const QString &prefix)
{
    for (auto at = record.begin(); at != record.end(); ++at) {
        const QString path = prefix + at.key();
        if (const FieldSpec *spec = findField(specs, at.key())) {
            shapeOfField(*spec, at.value(), path);
            continue;
        }
        QStringList known;
        for (const FieldSpec &spec : specs)
            known.append(spec.key);
        problems.append({path, tr("There is no field \"%1\"").arg(path),
                         known.isEmpty() ? tr("Remove it: this kind of node has no fields")
                                         : didYouMean(at.key(), known)});
    }
}

void Checker::shapeOfField(const FieldSpec &spec, const QJsonValue &value, const QString &path)
{
    switch (spec.type) {
    case FieldType::Text:
    case FieldType::Movement:
    case FieldType::Condition:
    case FieldType::Expression:
        return expect(value.isString(), path, tr("Write a text in quotes"));
    case FieldType::Bool:
        return expect(value.isBool(), path, tr("Write true or false"));
    case FieldType::Duration:
        return expect(value.isString() || value.isDouble(), path,
                      tr("Write a duration such as \"20 ms\""));
    case FieldType::Quantity:
        return expect(value.isString() || value.isDouble(), path,
                      tr("Write a quantity such as \"10 mV\""));
    case FieldType::Choice:
        return expect(value.isString() && spec.choices.contains(value.toString()), path,
                      tr("Write one of: %1").arg(spec.choices.join(u", "_s)));
    case FieldType::Integer:
        return shapeOfInteger(spec, value, path);
    case FieldType::Record:
        if (value.isObject())
            return shapeOfRecord(spec.item, value.toObject(), path + u'.');
        return expect(false, path, tr("Write an object in braces"));
    case FieldType::Texts:
        return shapeOfTexts(value, path);
    case FieldType::Measurements:
    case FieldType::QuantityList:
    case FieldType::RecordList:
        return shapeOfList(spec, value, path);
    }
}

void Checker::shapeOfTexts(const QJsonValue &value, const QString &path)
{
    if (!value.isObject())
        return expect(false, path, tr("Write an object in braces"));
    const QJsonObject texts = value.toObject();
    for (auto text = texts.begin(); text != texts.end(); ++text)
        expect(!text.key().trimmed().isEmpty() && text.value().isString(), path + u'.' + text.key(),
               tr("Write a name and a text in quotes, e.g. \"Gas\": \"argon\""));
}

void Checker::shapeOfInteger(const FieldSpec &spec, const QJsonValue &value, const QString &path)
{
    const QString remedy =
        tr("Write a whole number between %1 and %2").arg(spec.minimum).arg(spec.maximum);
    const double number = value.toDouble(std::nan(""));
    expect(number >= double(spec.minimum) && number <= double(spec.maximum) &&
               std::trunc(number) == number,
           path, remedy);
}

void Checker::shapeOfList(const FieldSpec &spec, const QJsonValue &value, const QString &path)
{
    if (!value.isArray())
        return expect(false, path, tr("Write a list in square brackets"));
    const QJsonArray list = value.toArray();
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QString itemPath = path + u'.' + QString::number(i);
        const QJsonValue item = list[i];
        if (spec.type == FieldType::Measurements)
            expect(item.isString(), itemPath, tr("Write a measurement such as \"smu.iv\""));
        else if (spec.type == FieldType::QuantityList)
            expect(item.isString() || item.isDouble(), itemPath,
                   tr("Write a quantity such as \"10 mV\""));
        else if (item.isObject())
            shapeOfRecord(spec.item, item.toObject(), itemPath + u'.');
        else
            expect(false, itemPath, tr("Write an object in braces"));
    }
}

void Checker::completeRecord(const QList<FieldSpec> &specs, const QJsonObject &record,
                             const QString &prefix)
{
    for (const FieldSpec &spec : specs) {
        if (!isVisible(spec, specs, record))
            continue;
        const QJsonValue value = record.value(spec.key);
        const QString path = prefix + spec.key;
        const FieldSpec *other = findField(specs, spec.alternativeTo);
        if (other != nullptr && isVisible(*other, specs, record))
            alternatives(spec, specs, record, prefix);
        else if ((spec.isRequired || other != nullptr) && !isFilled(value))
            problems.append({path, tr("\"%1\" is empty").arg(spec.label), spec.help});
        else
            completeField(spec, value, path);
    }
}

void Checker::completeField(const FieldSpec &spec, const QJsonValue &value, const QString &path)
{
    if (spec.type == FieldType::Record)
        return completeRecord(spec.item, value.toObject(), path + u'.');
    if (spec.type != FieldType::RecordList)
        return;
    const QJsonArray list = value.toArray();
    for (qsizetype i = 0; i < list.size(); ++i)
        completeRecord(spec.item, list[i].toObject(), path + u'.' + QString::number(i) + u'.');
}

/// Reported once per pair, at the field that is declared first.
void Checker::alternatives(const FieldSpec &spec, const QList<FieldSpec> &siblings,
                           const QJsonObject &record, const QString &prefix)
{
    const FieldSpec &other = *findField(siblings, spec.alternativeTo);
    if (&other < &spec)
        return;
    const bool isHere = isFilled(record.value(spec.key));
    const bool isThere = isFilled(record.value(other.key));
    if (isHere == isThere) {
        const QString message = isHere ? tr("\"%1\" and \"%2\" are both given")
                                       : tr("Neither \"%1\" nor \"%2\" is given");
        problems.append({prefix + spec.key, message.arg(spec.label, other.label),
                         tr("Fill in exactly one of the two")});
    }
}

} // namespace

bool isFilled(const QJsonValue &value)
{
    if (value.isString())
        return !value.toString().trimmed().isEmpty();
    if (value.isArray())
        return !value.toArray().isEmpty();
    return !value.isUndefined() && !value.isNull();
}

bool isVisible(const FieldSpec &field, const QList<FieldSpec> &siblings, const QJsonObject &record)
{
    if (field.visibleWhen.isEmpty())
        return true;
    QJsonValue value = record.value(field.visibleWhen);
    if (const FieldSpec *other = findField(siblings, field.visibleWhen);
        other != nullptr && value.isUndefined())
        value = other->defaultValue;
    return field.visibleValues.contains(value.toVariant().toString());
}

QList<FieldProblem> checkShape(const QList<FieldSpec> &specs, const QJsonObject &fields)
{
    Checker checker;
    checker.shapeOfRecord(specs, fields, {});
    return checker.problems;
}

QList<FieldProblem> checkComplete(const QList<FieldSpec> &specs, const QJsonObject &fields)
{
    Checker checker;
    checker.completeRecord(specs, fields, {});
    return checker.problems;
}

} // namespace birch
