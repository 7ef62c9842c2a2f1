#include "core/exchange/import/pybirch_tables.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QList<SourceMap> analyses()
{
    return {
        SourceMap(u"analysis_methods", u"analysis_methods")
            .inLab()
            .same({u"name"_s, u"method_type"_s, u"algorithm"_s, u"description"_s, u"version"_s,
                   u"output_schema"_s})
            .as(u"parameters_schema"_s, u"parameter_schema"_s),
        SourceMap(u"analyses", u"analyses")
            .inLab()
            .inProject()
            .same({u"analysis_id"_s, u"name"_s, u"parameters"_s, u"notes"_s})
            .refers(u"analysis_method_id"_s, u"method"_s, u"analysis_methods"_s)
            .words(u"status"_s, u"status"_s, {{u"aborted"_s, u"cancelled"_s}})
            .as(u"started_at"_s, u"started_at"_s, Take::Utc)
            .as(u"completed_at"_s, u"completed_at"_s, Take::Utc),
        SourceMap(u"analysis_inputs", u"analysis_inputs")
            .refers(u"analysis_id"_s, u"analysis"_s, u"analyses"_s)
            .refers(u"scan_id"_s, u"scan"_s, u"scans"_s)
            .refers(u"measurement_object_id"_s, u"measurement"_s, u"measurement_objects"_s)
            // An input may name the object alone; its scan is known under the object's id as well.
            .refers(u"measurement_object_id"_s, u"scan"_s, u"scan of measurement_objects"_s)
            .as(u"input_role"_s, u"role"_s)
            .afterScans(),
        SourceMap(u"analysis_results", u"analysis_results")
            .refers(u"analysis_id"_s, u"analysis"_s, u"analyses"_s)
            .as(u"result_name"_s, u"name"_s)
            .same({u"value"_s, u"uncertainty"_s})
            .as(u"value_unit"_s, u"unit"_s),
    };
}

} // namespace

QList<SourceMap> pybirchTemplates()
{
    return QList<SourceMap>{
               SourceMap(u"templates", u"templates")
                   .inLab()
                   .inProject()
                   .same({u"name"_s, u"description"_s, u"status"_s})
                   .as(u"entity_type"_s, u"entity_type"_s, Take::Kind)
                   .as(u"template_data"_s, u"prefill"_s, Take::Prefill),
               SourceMap(u"scan_templates", u"scan_templates")
                   .inLab()
                   .same({u"name"_s, u"scan_type"_s, u"description"_s, u"parameters"_s,
                          u"is_active"_s})
                   .as(u"scan_tree_data"_s, u"tree"_s)
                   .as(u"instrument_config"_s, u"instrument_settings"_s)
                   .as(u"estimated_duration_seconds"_s, u"estimated_seconds"_s),
               SourceMap(u"queue_templates", u"queue_templates")
                   .inLab()
                   .same({u"name"_s, u"description"_s, u"default_settings"_s, u"is_active"_s})
                   .as(u"execution_mode"_s, u"mode"_s),
               SourceMap(u"queue_template_items", u"queue_template_items")
                   .refers(u"queue_template_id"_s, u"template"_s, u"queue_templates"_s)
                   .refers(u"scan_template_id"_s, u"scan_template"_s, u"scan_templates"_s)
                   .same({u"position"_s, u"repeat_count"_s})
                   .as(u"delay_before_seconds"_s, u"delay_before_s"_s)
                   .as(u"condition_expression"_s, u"condition"_s)
                   .as(u"parameter_overrides"_s, u"overrides"_s),
           } +
           analyses();
}

} // namespace birch
