#include "app/cli/list_conditions.h"

#include "core/plan/did_you_mean.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QStringList comparedFields(const EntitySpec &spec)
{
    QStringList names{u"created_at"_s, u"updated_at"_s};
    for (const EntityField &field : spec.fields) {
        if (!field.isSecret)
            names << field.name;
    }
    return names;
}

bool hasOrder(const EntitySpec &spec, const QString &name)
{
    const EntityField *field = spec.field(name);
    return !field || isOrdered(field->type); // created_at, updated_at are of no declaration
}

Status addTo(EntityFilter *filter, const QString &field, const QString &value, bool isRange)
{
    if (filter->ranges.contains(field) ||
        (isRange && (filter->oneOf.contains(field) || filter->equal.contains(field))))
        return Error{ErrorCode::BadInput,
                     tr("%1 has a range and something else: give one range.").arg(field)};
    if (isRange) {
        const qsizetype dots = value.indexOf(u".."_s);
        filter->ranges.insert(field, {value.left(dots), value.mid(dots + 2)});
    } else if (filter->equal.contains(field)) {
        filter->oneOf.insert(field, {filter->equal.take(field), value});
    } else if (filter->oneOf.contains(field)) {
        filter->oneOf[field] << value;
    } else {
        filter->equal.insert(field, value);
    }
    return ok();
}
} // namespace

Result<EntityFilter> readConditions(const QStringList &arguments, const EntitySpec &spec)
{
    EntityFilter filter;
    const QStringList fields = comparedFields(spec);
    for (const QString &argument : arguments) {
        const qsizetype sign = argument.indexOf(u'=');
        const bool isNegated = sign > 0 && argument[sign - 1] == u'!';
        const QString field = argument.left(isNegated ? sign - 1 : sign).trimmed();
        const QString value = argument.mid(sign + 1);
        if (sign <= 0 || (isNegated && !value.isEmpty()))
            return Error{ErrorCode::BadInput,
                         tr("\"%1\" is no condition: write FIELD=VALUE, FIELD=LEAST..MOST, FIELD= "
                            "or FIELD!=.")
                             .arg(argument)};
        if (!fields.contains(field))
            return Error{ErrorCode::BadInput,
                         tr("There is no field \"%1\". %2").arg(field, didYouMean(field, fields))};
        const bool isRange = value.contains(u".."_s) && hasOrder(spec, field);
        if (value.isEmpty())
            (isNegated ? filter.with : filter.without) << field;
        else if (Status added = addTo(&filter, field, value, isRange); !added)
            return added.error();
    }
    return filter;
}

} // namespace birch::cli
