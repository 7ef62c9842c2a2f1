// limits_by and range_by of a definition: limits that another setting chooses.
#include "drivers/definition/definition_sections.h"

#include <QCoreApplication>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::Definition)
};

bool canHold(const ParameterSpec &parameter, const QString &value)
{
    bool isNumber = false;
    (void)value.toDouble(&isNumber);
    switch (parameter.type) {
    case ParameterType::Choice:
        return parameter.choices.contains(value);
    case ParameterType::Bool:
        return value == u"true" || value == u"false";
    case ParameterType::Number:
    case ParameterType::Integer:
        return isNumber;
    case ParameterType::Text:
        return true;
    }
    return false;
}

/// {parameter: range, limits: {10 V: [-12, 12]}}, all within \a outer.
DependentLimits readRows(YamlReader reader, const InstrumentSpec &spec, const Limits &outer)
{
    DependentLimits by;
    by.parameter = reader.requiredText(u"parameter"_s, u"range"_s);
    const ParameterSpec *parameter = spec.parameter(by.parameter);
    if (!parameter && !by.parameter.isEmpty())
        reader.problem(u"parameter"_s, Text::tr("There is no parameter \"%1\"").arg(by.parameter),
                       Text::tr("Name a parameter of this definition"));
    auto rows = reader.map(u"limits"_s);
    if (!rows && !reader.has(u"limits"_s))
        reader.problem(u"limits"_s, Text::tr("\"limits\" is missing"),
                       Text::tr("Add for example limits: {10 V: [-12, 12]}"));
    for (const QString &value : rows ? rows->keys() : QStringList()) {
        const auto limits = rows->limits(value);
        if (parameter && !canHold(*parameter, value))
            rows->problem(value, Text::tr("%1 is never \"%2\"").arg(by.parameter, value),
                          Text::tr("Write a value that it can have"));
        if (limits && !(outer.contain(limits->low) && outer.contain(limits->high)))
            rows->problem(value, Text::tr("These limits lie outside the general ones"),
                          Text::tr("Widen the general ones, or correct these"));
        by.rows.append({value, limits.value_or(Limits())});
    }
    reader.finish();
    return by;
}

std::optional<double> numberIn(const QVariant &value)
{
    return value.isNull() ? std::nullopt : std::optional(value.toDouble());
}

/// Making safe must not depend on how another setting stands.
void checkTargets(YamlReader &reader, std::initializer_list<std::optional<double>> targets,
                  const DependentLimits &by)
{
    for (const auto &[value, limits] : by.rows) {
        for (const auto target : targets) {
            if (target && !limits.contain(*target))
                reader.problem(
                    u"limits"_s,
                    Text::tr("The safe or pause value lies outside the limits of %1").arg(value),
                    Text::tr("Choose one that is within all of them"));
        }
    }
}
} // namespace

void readDependentLimits(YamlReader &root, Definition *definition)
{
    InstrumentSpec &spec = definition->spec;
    int index = 0;
    for (auto &[name, reader] : root.entries(u"movements"_s)) {
        if (auto by = reader.map(u"limits_by"_s)) {
            definition->movements[index].limitsBy =
                readRows(*by, spec, spec.movements[index].limits);
            checkTargets(*by, {spec.movements[index].safeValue, spec.movements[index].pauseValue},
                         definition->movements[index].limitsBy);
        }
        ++index;
    }
    index = 0;
    for (auto &[name, reader] : root.entries(u"parameters"_s)) {
        if (auto by = reader.map(u"range_by"_s)) {
            definition->parameters[index].rangeBy =
                readRows(*by, spec, spec.parameters[index].limits);
            checkTargets(*by,
                         {numberIn(spec.parameters[index].safeValue),
                          numberIn(spec.parameters[index].pauseValue)},
                         definition->parameters[index].rangeBy);
        }
        ++index;
    }
}

} // namespace birch
