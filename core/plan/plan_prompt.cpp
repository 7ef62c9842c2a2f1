#include "core/plan/plan_prompt.h"

#include "core/base/unit.h"

#include <QCoreApplication>

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Prompt", text);
}

Error unfit(const PromptField &field, const QString &remedy)
{
    return Error{ErrorCode::BadInput, remedy}.within(field.name);
}

Result<ColumnValues> numberValue(const PromptField &field, const QString &typed)
{
    const auto number = quantityFromText(typed, Unit(field.unit));
    if (!number)
        return number.error().within(field.name);
    if (!std::isfinite(number.value()))
        return unfit(field, tr("\"%1\" is no finite number: type a number").arg(typed));
    ColumnValues value(ColumnType::Float64);
    value.appendDouble(number.value());
    return value;
}

Result<ColumnValues> confirmValue(const PromptField &field, const QString &typed)
{
    const QString word = typed.trimmed().toLower();
    const bool isYes = word == u"yes" || word == u"y" || word == u"true" || word == u"ok";
    const bool isNo = word == u"no" || word == u"n" || word == u"false";
    if (!isYes && !isNo)
        return unfit(field, tr("\"%1\" is neither: type yes or no").arg(typed));
    ColumnValues value(ColumnType::Bool);
    value.appendBool(isYes);
    return value;
}

Result<ColumnValues> valueOf(const PromptField &field, const QString &typed)
{
    switch (field.kind) {
    case PromptFieldKind::Number:
        return numberValue(field, typed);
    case PromptFieldKind::Confirm:
        return confirmValue(field, typed);
    case PromptFieldKind::Choice:
        if (!field.choices.contains(typed.trimmed()))
            return unfit(
                field,
                tr("\"%1\" is no choice: type one of %2").arg(typed, field.choices.join(u", "_s)));
        break;
    case PromptFieldKind::Text:
        break;
    }
    ColumnValues value(ColumnType::Utf8);
    value.appendText(typed.trimmed());
    return value;
}

} // namespace

ColumnType columnType(PromptFieldKind kind)
{
    switch (kind) {
    case PromptFieldKind::Number:
        return ColumnType::Float64;
    case PromptFieldKind::Confirm:
        return ColumnType::Bool;
    case PromptFieldKind::Text:
    case PromptFieldKind::Choice:
        break;
    }
    return ColumnType::Utf8;
}

Result<std::vector<ColumnValues>> promptValues(const QList<PromptField> &fields,
                                               const QStringList &typed)
{
    if (typed.size() != fields.size())
        return Error{ErrorCode::BadInput, tr("There are %1 answers to %2 questions: answer each")
                                              .arg(typed.size())
                                              .arg(fields.size())};
    std::vector<ColumnValues> values;
    for (qsizetype i = 0; i < fields.size(); ++i) {
        auto value = valueOf(fields[i], typed[i]);
        if (!value)
            return value.error();
        values.push_back(std::move(value).value());
    }
    return values;
}

} // namespace birch
