#include "core/store/entity/entities.h"
#include "core/store/entity/entity_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

using namespace fields;

namespace {
EntityField sample()
{
    return reference(u"sample"_s, tr("Sample"), u"samples"_s).required().owned();
}

EntityField precursor()
{
    return reference(u"precursor"_s, tr("Precursor"), u"precursors"_s).required();
}

QList<EntitySpec> sampleLineSpecs()
{
    return {
        EntitySpec{u"sample_precursors"_s,
                   tr("precursor of a sample"),
                   {},
                   {labOf(u"sample"_s), sample(), precursor(),
                    real(u"quantity"_s, tr("Amount")).atLeast(0), unit(u"unit"_s, tr("Unit")),
                    text(u"role"_s, tr("Role")).initially(QString()).searchable(),
                    real(u"composition_percent"_s, tr("Share")).in(u"%"_s).atLeast(0).atMost(100),
                    notes()}}
            .unique({u"sample"_s, u"precursor"_s, u"role"_s}),
        EntitySpec{
            u"sample_parents"_s,
            tr("origin of a sample"),
            {},
            {labOf(u"sample"_s), sample(),
             reference(u"parent"_s, tr("Made from"), u"samples"_s).required(),
             choice(u"relation"_s, tr("How"), {u"derived"_s, u"piece"_s, u"combined"_s, u"copy"_s}),
             real(u"amount"_s, tr("Amount")).atLeast(0), unit(u"unit"_s, tr("Unit")), notes()}}
            .unique({u"sample"_s, u"parent"_s}),
    };
}

QList<EntitySpec> procedureSpecs()
{
    const auto procedure = [] {
        return reference(u"procedure"_s, tr("Procedure"), u"procedures"_s).required().owned();
    };
    return {
        EntitySpec{
            u"procedures"_s,
            tr("procedure"),
            u"name"_s,
            {lab(), project(), name(), text(u"procedure_type"_s, tr("Type")).searchable().indexed(),
             text(u"version"_s, tr("Version")), description(), json(u"steps"_s, tr("Steps")),
             json(u"parameters"_s, tr("Parameters")), json(u"failure_modes"_s, tr("Ways to fail")),
             real(u"estimated_minutes"_s, tr("Takes")).in(u"min"_s).atLeast(0),
             longText(u"safety_requirements"_s, tr("Safety")), active()}},
        EntitySpec{u"procedure_equipment"_s,
                   tr("equipment of a procedure"),
                   {},
                   {labOf(u"procedure"_s), procedure(),
                    reference(u"equipment"_s, tr("Equipment"), u"equipment"_s).required(),
                    text(u"role"_s, tr("Role")), flag(u"is_required"_s, tr("Needed"), true),
                    notes()}}
            .unique({u"procedure"_s, u"equipment"_s}),
        EntitySpec{u"procedure_precursors"_s,
                   tr("precursor of a procedure"),
                   {},
                   {labOf(u"procedure"_s), procedure(), precursor(),
                    real(u"quantity"_s, tr("Amount")).atLeast(0), unit(u"unit"_s, tr("Unit")),
                    text(u"purpose"_s, tr("Purpose")), flag(u"is_required"_s, tr("Needed"), true),
                    notes()}}
            .unique({u"procedure"_s, u"precursor"_s}),
    };
}

QList<EntitySpec> fabricationSpecs()
{
    const auto run = [] {
        return reference(u"run"_s, tr("Fabrication run"), u"fabrication_runs"_s).required().owned();
    };
    return {
        EntitySpec{u"fabrication_runs"_s,
                   tr("fabrication run"),
                   u"run_id"_s,
                   {labOf(u"sample"_s), sample(),
                    reference(u"procedure"_s, tr("Procedure"), u"procedures"_s).required(),
                    text(u"run_id"_s, tr("Run")).required().unique().searchable().counted(u"F"_s),
                    integer(u"run_number"_s, tr("Number")).atLeast(1),
                    time(u"started_at"_s, tr("Began")), time(u"completed_at"_s, tr("Ended")),
                    choice(u"status"_s, tr("Status"),
                           {u"pending"_s, u"in_progress"_s, u"completed"_s, u"failed"_s})
                        .indexed(),
                    text(u"failure_mode"_s, tr("Failed by")).searchable(),
                    text(u"operator"_s, tr("Made by")).searchable(),
                    json(u"actual_parameters"_s, tr("Parameters")),
                    longText(u"results"_s, tr("Results")).searchable(), notes(),
                    json(u"conditions"_s, tr("Conditions"))}}
            .indexed({u"sample"_s, u"started_at"_s})
            .growing(),
        EntitySpec{u"fabrication_run_equipment"_s,
                   tr("equipment of a run"),
                   {},
                   {labOf(u"run"_s), run(),
                    reference(u"equipment"_s, tr("Equipment"), u"equipment"_s).required(),
                    json(u"settings"_s, tr("Settings")), notes()}}
            .unique({u"run"_s, u"equipment"_s}),
        EntitySpec{u"fabrication_run_precursors"_s,
                   tr("precursor of a run"),
                   {},
                   {labOf(u"run"_s), run(), precursor(), real(u"quantity"_s, tr("Used")).atLeast(0),
                    unit(u"unit"_s, tr("Unit")), notes()}}
            .unique({u"run"_s, u"precursor"_s}),
    };
}
} // namespace

EntitySpec sampleSpec()
{
    return EntitySpec{
        u"samples"_s,
        tr("sample"),
        u"sample_id"_s,
        {lab(), project(), reference(u"parent"_s, tr("Made from"), u"samples"_s),
         text(u"sample_id"_s, tr("Sample")).required().unique().searchable().counted(u"S"_s),
         text(u"name"_s, tr("Name")).searchable(), text(u"material"_s, tr("Material")).searchable(),
         text(u"sample_type"_s, tr("Type")).searchable(),
         text(u"substrate"_s, tr("Substrate")).searchable(),
         json(u"dimensions"_s, tr("Dimensions")),
         choice(u"status"_s, tr("Status"), {u"active"_s, u"consumed"_s, u"archived"_s}).indexed(),
         description()}}
        .growing();
}

QList<EntitySpec> sampleSpecs()
{
    return QList<EntitySpec>{sampleSpec()} + sampleLineSpecs() + procedureSpecs() +
           fabricationSpecs();
}

} // namespace birch
