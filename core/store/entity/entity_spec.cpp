#include "core/store/entity/entity_spec.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("EntitySpec", text);
}

EntityField text(const QString &name, const QString &label)
{
    return {name, EntityFieldType::Text, label};
}

EntityField longText(const QString &name, const QString &label)
{
    return {name, EntityFieldType::LongText, label};
}

EntityField choice(const QString &name, const QString &label, const QStringList &choices)
{
    EntityField field{name, EntityFieldType::Choice, label};
    field.choices = choices;
    return field;
}

EntityField reference(const QString &name, const QString &label, const QString &table)
{
    EntityField field{name, EntityFieldType::Reference, label};
    field.references = table;
    return field.indexed();
}
} // namespace

QString EntityField::column() const
{
    return type == EntityFieldType::Reference ? name + u"_id"_s : name;
}

const EntityField *EntitySpec::field(const QString &wanted) const
{
    for (const EntityField &candidate : fields) {
        if (candidate.name == wanted)
            return &candidate;
    }
    return nullptr;
}

EntitySpec labSpec()
{
    return {u"labs"_s,
            tr("lab"),
            u"name"_s,
            {text(u"name"_s, tr("Name")).required().unique().searchable(),
             text(u"code"_s, tr("Code")).unique().searchable(),
             text(u"university"_s, tr("University")).searchable(),
             text(u"department"_s, tr("Department")).searchable(),
             longText(u"description"_s, tr("Description")).searchable(),
             longText(u"address"_s, tr("Address")), text(u"website"_s, tr("Website")),
             text(u"email"_s, tr("E-mail")), text(u"phone"_s, tr("Telephone")),
             EntityField{u"is_active"_s, EntityFieldType::Boolean, tr("Active")}}};
}

EntitySpec projectSpec()
{
    return {u"projects"_s,
            tr("project"),
            u"name"_s,
            {reference(u"lab"_s, tr("Lab"), u"labs"_s).required(),
             text(u"name"_s, tr("Name")).required().searchable(),
             text(u"code"_s, tr("Code")).searchable(),
             longText(u"description"_s, tr("Description")).searchable(),
             choice(u"status"_s, tr("Status"),
                    {u"active"_s, u"planning"_s, u"paused"_s, u"completed"_s, u"archived"_s})
                 .indexed(),
             EntityField{u"start_date"_s, EntityFieldType::Date, tr("Start")},
             EntityField{u"end_date"_s, EntityFieldType::Date, tr("End")},
             text(u"funding_source"_s, tr("Funding source")),
             text(u"grant_number"_s, tr("Grant number")).searchable(),
             EntityField{u"budget"_s, EntityFieldType::Real, tr("Budget")},
             longText(u"goals"_s, tr("Goals"))}};
}

EntitySpec sampleSpec()
{
    return {
        u"samples"_s,
        tr("sample"),
        u"sample_id"_s,
        {reference(u"lab"_s, tr("Lab"), u"labs"_s).required(),
         reference(u"project"_s, tr("Project"), u"projects"_s),
         reference(u"parent"_s, tr("Made from"), u"samples"_s),
         text(u"sample_id"_s, tr("Sample")).required().unique().searchable(),
         text(u"name"_s, tr("Name")).searchable(), text(u"material"_s, tr("Material")).searchable(),
         text(u"sample_type"_s, tr("Type")).searchable(),
         text(u"substrate"_s, tr("Substrate")).searchable(),
         EntityField{u"dimensions"_s, EntityFieldType::Json, tr("Dimensions")},
         choice(u"status"_s, tr("Status"), {u"active"_s, u"consumed"_s, u"archived"_s}).indexed(),
         longText(u"description"_s, tr("Description")).searchable(),
         EntityField{u"tags"_s, EntityFieldType::Json, tr("Tags")}}};
}

EntitySpec stationSpec()
{
    return {u"stations"_s,
            tr("station"),
            u"name"_s,
            {reference(u"lab"_s, tr("Lab"), u"labs"_s).required(),
             text(u"name"_s, tr("Name")).required().unique().searchable(),
             text(u"nickname"_s, tr("Nickname")).searchable(),
             text(u"location"_s, tr("Location")).searchable(),
             longText(u"description"_s, tr("Description")).searchable()}};
}

QList<EntitySpec> entitySpecs()
{
    return {labSpec(), projectSpec(), sampleSpec(), stationSpec()};
}

const EntitySpec *entityByTable(const QList<EntitySpec> &specs, const QString &table)
{
    for (const EntitySpec &spec : specs) {
        if (spec.table == table)
            return &spec;
    }
    return nullptr;
}

} // namespace birch
