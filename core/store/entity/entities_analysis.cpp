#include "core/store/entity/entities.h"
#include "core/store/entity/entity_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

using namespace fields;

namespace {
EntityField analysis()
{
    return reference(u"analysis"_s, tr("Analysis"), u"analyses"_s).required().owned();
}

const QStringList kStates{u"pending"_s, u"running"_s, u"completed"_s, u"failed"_s, u"cancelled"_s};

QList<EntitySpec> batchSpecs()
{
    return {
        EntitySpec{u"analysis_batches"_s,
                   tr("batch of analyses"),
                   u"name"_s,
                   {lab(), name(), description(),
                    reference(u"method"_s, tr("Method"), u"analysis_methods"_s).required(),
                    choice(u"status"_s, tr("Status"), kStates).indexed(),
                    json(u"parameters"_s, tr("Parameters")), time(u"started_at"_s, tr("Began")),
                    time(u"completed_at"_s, tr("Ended"))}},
        EntitySpec{u"analysis_batch_items"_s,
                   tr("item of a batch"),
                   {},
                   {labOf(u"batch"_s),
                    reference(u"batch"_s, tr("Batch"), u"analysis_batches"_s).required().owned(),
                    integer(u"position"_s, tr("Position")).required().atLeast(0),
                    reference(u"scan"_s, tr("Scan"), u"scans"_s).required(),
                    reference(u"analysis"_s, tr("Analysis"), u"analyses"_s),
                    choice(u"status"_s, tr("Status"), kStates).indexed(),
                    text(u"error_message"_s, tr("Error")).searchable()}}
            .unique({u"batch"_s, u"position"_s}),
    };
}
} // namespace

QList<EntitySpec> analysisSpecs()
{
    return QList<EntitySpec>{
               EntitySpec{u"analysis_methods"_s,
                          tr("analysis method"),
                          u"name"_s,
                          {lab(), name(), text(u"method_type"_s, tr("Type")).searchable(),
                           text(u"algorithm"_s, tr("Algorithm")).searchable(), description(),
                           text(u"version"_s, tr("Version")),
                           json(u"parameter_schema"_s, tr("Parameters")),
                           json(u"output_schema"_s, tr("Results")), active()}}
                   .unique({u"lab"_s, u"name"_s}),
               EntitySpec{u"analyses"_s,
                          tr("analysis"),
                          u"analysis_id"_s,
                          {lab(), project(), reference(u"sample"_s, tr("Sample"), u"samples"_s),
                           text(u"analysis_id"_s, tr("Analysis"))
                               .required()
                               .unique()
                               .searchable()
                               .counted(u"A"_s),
                           reference(u"method"_s, tr("Method"), u"analysis_methods"_s).required(),
                           choice(u"status"_s, tr("Status"), kStates).indexed(),
                           text(u"name"_s, tr("Name")).searchable(),
                           time(u"started_at"_s, tr("Began")), time(u"completed_at"_s, tr("Ended")),
                           json(u"parameters"_s, tr("Parameters")),
                           text(u"software_version"_s, tr("Software")),
                           longText(u"error_message"_s, tr("Error")).searchable(), notes()}}
                   .growing(),
               EntitySpec{u"analysis_inputs"_s,
                          tr("input of an analysis"),
                          {},
                          {labOf(u"analysis"_s), analysis(),
                           reference(u"scan"_s, tr("Scan"), u"scans"_s).required(),
                           reference(u"measurement"_s, tr("Measurement"), u"measurement_objects"_s),
                           text(u"role"_s, tr("Role")).initially(QString()),
                           integer(u"first_row"_s, tr("First row")).atLeast(0),
                           integer(u"row_count"_s, tr("Rows")).atLeast(0)}}
                   .unique({u"analysis"_s, u"scan"_s, u"measurement"_s, u"role"_s}),
               EntitySpec{u"analysis_results"_s,
                          tr("result of an analysis"),
                          {},
                          {labOf(u"analysis"_s), analysis(),
                           text(u"name"_s, tr("Name")).required().searchable(),
                           real(u"value"_s, tr("Value")), unit(u"unit"_s, tr("Unit")),
                           real(u"uncertainty"_s, tr("Uncertainty")).atLeast(0),
                           text(u"text_value"_s, tr("Text")).searchable(),
                           json(u"array_shape"_s, tr("Shape"))}}
                   .unique({u"analysis"_s, u"name"_s})
                   .indexed({u"name"_s, u"value"_s})
                   .growing(),
           } +
           batchSpecs();
}

} // namespace birch
