#include "core/exchange/import/pybirch_tables.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QList<SourceMap> materials()
{
    return {
        SourceMap(u"precursors", u"precursors")
            .inLab()
            .inProject()
            .same({u"name"_s, u"chemical_formula"_s, u"cas_number"_s, u"supplier"_s,
                   u"lot_number"_s, u"purity"_s, u"status"_s, u"concentration"_s,
                   u"concentration_unit"_s, u"storage_conditions"_s, u"expiration_date"_s,
                   u"safety_info"_s, u"description"_s})
            .words(u"state"_s, u"state"_s, {{u""_s, u"unknown"_s}}),
        SourceMap(u"precursor_inventory", u"precursor_inventory")
            .refers(u"precursor_id"_s, u"precursor"_s, u"precursors"_s)
            .same({u"quantity"_s, u"location"_s, u"notes"_s})
            .as(u"quantity_unit"_s, u"unit"_s)
            .as(u"received_date"_s, u"received_on"_s)
            .as(u"opened_date"_s, u"opened_on"_s),
        SourceMap(u"wastes", u"wastes")
            .inLab()
            .inProject()
            .same({u"name"_s, u"container_type"_s, u"container_size"_s, u"fill_status"_s,
                   u"status"_s, u"ph_range"_s, u"epa_waste_code"_s, u"un_number"_s,
                   u"sds_reference"_s, u"special_handling"_s, u"disposal_vendor"_s,
                   u"manifest_number"_s, u"notes"_s})
            .words(u"waste_type"_s, u"waste_type"_s, {})
            .as(u"current_fill_percent"_s, u"fill_percent"_s)
            .as(u"contents_description"_s, u"contents"_s)
            .as(u"opened_date"_s, u"opened_on"_s)
            .as(u"full_date"_s, u"full_on"_s)
            .as(u"collection_requested_date"_s, u"requested_on"_s)
            .as(u"collected_date"_s, u"collected_on"_s)
            .as(u"disposal_date"_s, u"disposed_on"_s)
            .refers(u"owner_id"_s, u"owner"_s, u"users"_s),
        SourceMap(u"waste_hazard_classes", u"waste_hazard_classes")
            .refers(u"waste_id"_s, u"waste"_s, u"wastes"_s)
            .same({u"hazard_class"_s}),
        SourceMap(u"waste_precursors", u"waste_precursors")
            .refers(u"waste_id"_s, u"waste"_s, u"wastes"_s)
            .refers(u"precursor_id"_s, u"precursor"_s, u"precursors"_s)
            .same({u"quantity"_s, u"notes"_s})
            .as(u"quantity_unit"_s, u"unit"_s)
            .as(u"added_date"_s, u"added_on"_s),
    };
}

QList<SourceMap> procedures()
{
    const auto procedure = [](SourceMap map) {
        return map.refers(u"procedure_id"_s, u"procedure"_s, u"procedures"_s);
    };
    return {
        SourceMap(u"procedures", u"procedures")
            .inLab()
            .inProject()
            .same({u"name"_s, u"procedure_type"_s, u"version"_s, u"description"_s, u"steps"_s,
                   u"parameters"_s, u"failure_modes"_s, u"safety_requirements"_s, u"is_active"_s})
            .as(u"estimated_duration_minutes"_s, u"estimated_minutes"_s),
        procedure(SourceMap(u"procedure_equipment", u"procedure_equipment"))
            .refers(u"equipment_id"_s, u"equipment"_s, u"equipment"_s)
            .same({u"role"_s, u"is_required"_s, u"notes"_s}),
        procedure(SourceMap(u"procedure_precursors", u"procedure_precursors"))
            .refers(u"precursor_id"_s, u"precursor"_s, u"precursors"_s)
            .same({u"quantity"_s, u"purpose"_s, u"is_required"_s, u"notes"_s})
            .as(u"quantity_unit"_s, u"unit"_s),
    };
}

QList<SourceMap> fabrication()
{
    const auto run = [](SourceMap map) {
        return map.refers(u"fabrication_run_id"_s, u"run"_s, u"fabrication_runs"_s);
    };
    return {
        SourceMap(u"fabrication_runs", u"fabrication_runs")
            .refers(u"sample_id"_s, u"sample"_s, u"samples"_s)
            .refers(u"procedure_id"_s, u"procedure"_s, u"procedures"_s)
            .same({u"run_number"_s, u"status"_s, u"failure_mode"_s, u"actual_parameters"_s,
                   u"results"_s, u"notes"_s})
            .as(u"created_by"_s, u"operator"_s)
            .as(u"started_at"_s, u"started_at"_s, Take::Local)
            .as(u"completed_at"_s, u"completed_at"_s, Take::Local)
            .as(u"weather_conditions"_s, u"conditions"_s),
        run(SourceMap(u"fabrication_run_equipment", u"fabrication_run_equipment"))
            .refers(u"equipment_id"_s, u"equipment"_s, u"equipment"_s)
            .same({u"settings"_s, u"notes"_s}),
        run(SourceMap(u"fabrication_run_precursors", u"fabrication_run_precursors"))
            .refers(u"precursor_id"_s, u"precursor"_s, u"precursors"_s)
            .same({u"notes"_s})
            .as(u"quantity_consumed"_s, u"quantity"_s)
            .as(u"quantity_unit"_s, u"unit"_s),
    };
}

} // namespace

QList<SourceMap> pybirchSamples()
{
    return materials() +
           QList<SourceMap>{
               SourceMap(u"tags", u"tags") // before what names tags of its own
                   .same({u"name"_s, u"color"_s, u"description"_s})
                   .known({u"lab"_s, u"name"_s}),
               SourceMap(u"samples", u"samples")
                   .inLab()
                   .inProject()
                   .refers(u"parent_sample_id"_s, u"parent"_s, u"samples"_s)
                   .same({u"sample_id"_s, u"name"_s, u"material"_s, u"sample_type"_s,
                          u"substrate"_s, u"dimensions"_s, u"status"_s, u"description"_s})
                   .as(u"additional_tags"_s, u"tags"_s, Take::Tags),
               SourceMap(u"sample_precursors", u"sample_precursors")
                   .refers(u"sample_id"_s, u"sample"_s, u"samples"_s)
                   .refers(u"precursor_id"_s, u"precursor"_s, u"precursors"_s)
                   .same({u"role"_s, u"composition_percent"_s, u"notes"_s})
                   .as(u"quantity_used"_s, u"quantity"_s)
                   .as(u"quantity_unit"_s, u"unit"_s)} +
           procedures() + fabrication();
}

} // namespace birch
