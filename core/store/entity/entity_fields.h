#pragma once

#include "core/store/entity/entity_spec.h"

#include <QCoreApplication>

/// Words for declarations of entities; used by the entities_*.cpp only.
namespace birch::fields {

inline QString tr(const char *text)
{
    return QCoreApplication::translate("EntitySpec", text);
}

inline EntityField text(const QString &name, const QString &label)
{
    return {name, EntityFieldType::Text, label};
}
inline EntityField longText(const QString &name, const QString &label)
{
    return {name, EntityFieldType::LongText, label};
}
inline EntityField integer(const QString &name, const QString &label)
{
    return {name, EntityFieldType::Integer, label};
}
inline EntityField real(const QString &name, const QString &label)
{
    return {name, EntityFieldType::Real, label};
}
inline EntityField flag(const QString &name, const QString &label, bool isOn)
{
    return EntityField{name, EntityFieldType::Boolean, label}.initially(isOn);
}
inline EntityField date(const QString &name, const QString &label)
{
    return {name, EntityFieldType::Date, label};
}
inline EntityField time(const QString &name, const QString &label)
{
    return {name, EntityFieldType::Time, label};
}
inline EntityField unit(const QString &name, const QString &label)
{
    return {name, EntityFieldType::Unit, label};
}
inline EntityField json(const QString &name, const QString &label)
{
    return {name, EntityFieldType::Json, label};
}
inline EntityField choice(const QString &name, const QString &label, const QStringList &choices)
{
    EntityField field{name, EntityFieldType::Choice, label};
    field.choices = choices;
    return field;
}
inline EntityField reference(const QString &name, const QString &label, const QString &table)
{
    EntityField field{name, EntityFieldType::Reference, label};
    field.references = table;
    return field.indexed();
}
inline EntityField object(const QString &name, const QString &label, const QStringList &kinds = {})
{
    EntityField field{name, EntityFieldType::Object, label};
    field.kinds = kinds;
    return field.indexed();
}

inline EntityField lab()
{
    return reference(QStringLiteral("lab"), tr("Lab"), QStringLiteral("labs"))
        .required()
        .contained();
}
/// The lab of what \a from refers to: a row belongs where its parent belongs.
inline EntityField labOf(const QString &from)
{
    EntityField field = lab().derived();
    field.derivedFrom = from;
    return field;
}
inline EntityField project()
{
    return reference(QStringLiteral("project"), tr("Project"), QStringLiteral("projects"))
        .contained();
}
inline EntityField name()
{
    return text(QStringLiteral("name"), tr("Name")).required().searchable();
}
inline EntityField description()
{
    return longText(QStringLiteral("description"), tr("Description")).searchable();
}
inline EntityField notes()
{
    return longText(QStringLiteral("notes"), tr("Notes")).searchable();
}
inline EntityField active()
{
    return flag(QStringLiteral("is_active"), tr("Active"), true);
}

} // namespace birch::fields
