#include "core/store/entity/entity_spec.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("EntitySpec", text);
}

FieldSpec text(const QString &name, const QString &label)
{
    return {name, FieldType::Text, label};
}

FieldSpec longText(const QString &name, const QString &label)
{
    return {name, FieldType::LongText, label};
}

FieldSpec choice(const QString &name, const QString &label, const QStringList &choices)
{
    FieldSpec field{name, FieldType::Choice, label};
    field.choices = choices;
    return field;
}

FieldSpec reference(const QString &name, const QString &label, const QString &table)
{
    FieldSpec field{name, FieldType::Reference, label};
    field.references = table;
    return field.indexed();
}
} // namespace

QString FieldSpec::column() const
{
    return type == FieldType::Reference ? name + u"_id"_s : name;
}

const FieldSpec *EntitySpec::field(const QString &wanted) const
{
    for (const FieldSpec &candidate : fields) {
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
             FieldSpec{u"is_active"_s, FieldType::Boolean, tr("Active")}}};
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
             FieldSpec{u"start_date"_s, FieldType::Date, tr("Start")},
             FieldSpec{u"end_date"_s, FieldType::Date, tr("End")},
             text(u"funding_source"_s, tr("Funding source")),
             text(u"grant_number"_s, tr("Grant number")).searchable(),
             FieldSpec{u"budget"_s, FieldType::Real, tr("Budget")},
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
         FieldSpec{u"dimensions"_s, FieldType::Json, tr("Dimensions")},
         choice(u"status"_s, tr("Status"), {u"active"_s, u"consumed"_s, u"archived"_s}).indexed(),
         longText(u"description"_s, tr("Description")).searchable(),
         FieldSpec{u"tags"_s, FieldType::Json, tr("Tags")}}};
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
