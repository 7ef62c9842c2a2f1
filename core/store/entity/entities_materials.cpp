#include "core/store/entity/entities.h"
#include "core/store/entity/entity_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

using namespace fields;

namespace {
QList<EntitySpec> precursorSpecs()
{
    return {
        EntitySpec{u"precursors"_s,
                   tr("precursor"),
                   u"name"_s,
                   {lab(), project(), name(),
                    text(u"chemical_formula"_s, tr("Formula")).searchable(),
                    text(u"cas_number"_s, tr("CAS number")).searchable(),
                    text(u"supplier"_s, tr("Supplier")).searchable(),
                    text(u"lot_number"_s, tr("Lot")).searchable(),
                    real(u"purity"_s, tr("Purity")).in(u"%"_s).atLeast(0).atMost(100),
                    choice(u"state"_s, tr("State"),
                           {u"solid"_s, u"liquid"_s, u"gas"_s, u"solution"_s, u"unknown"_s}),
                    choice(u"status"_s, tr("Status"),
                           {u"new"_s, u"in_use"_s, u"low"_s, u"empty"_s, u"expired"_s})
                        .indexed(),
                    real(u"concentration"_s, tr("Concentration")).atLeast(0),
                    unit(u"concentration_unit"_s, tr("Unit")),
                    text(u"storage_conditions"_s, tr("Storage")),
                    date(u"expiration_date"_s, tr("Expires")).indexed(),
                    longText(u"safety_info"_s, tr("Safety")), description(),
                    real(u"low_below"_s, tr("Low below")).atLeast(0),
                    unit(u"low_unit"_s, tr("Unit of that"))}},
        EntitySpec{
            u"precursor_inventory"_s,
            tr("stock"),
            {},
            {labOf(u"precursor"_s),
             reference(u"precursor"_s, tr("Precursor"), u"precursors"_s).required().owned(),
             real(u"quantity"_s, tr("Amount")).required().atLeast(0),
             unit(u"unit"_s, tr("Unit")).required(), text(u"location"_s, tr("Where")).searchable(),
             date(u"received_on"_s, tr("Received")), date(u"opened_on"_s, tr("Opened")), notes()}},
    };
}

EntitySpec wasteSpec()
{
    return EntitySpec{
        u"wastes"_s,
        tr("waste container"),
        u"name"_s,
        {lab(),
         project(),
         name(),
         choice(u"waste_type"_s, tr("Type"),
                {u"chemical"_s, u"biological"_s, u"sharps"_s, u"general"_s, u"radioactive"_s,
                 u"electronic"_s}),
         text(u"container_type"_s, tr("Container")),
         text(u"container_size"_s, tr("Size")),
         real(u"fill_percent"_s, tr("Filled")).in(u"%"_s).initially(0).atLeast(0),
         choice(u"fill_status"_s, tr("Level"),
                {u"empty"_s, u"partial"_s, u"nearly_full"_s, u"full"_s, u"overfull"_s})
             .derived(),
         choice(u"status"_s, tr("Status"),
                {u"active"_s, u"awaiting_collection"_s, u"collected"_s, u"disposed"_s, u"closed"_s})
             .indexed(),
         longText(u"contents"_s, tr("Contents")).searchable(),
         text(u"ph_range"_s, tr("pH")),
         text(u"epa_waste_code"_s, tr("EPA code")).searchable(),
         text(u"un_number"_s, tr("UN number")).searchable(),
         text(u"sds_reference"_s, tr("Safety data sheet")),
         longText(u"special_handling"_s, tr("Handling")),
         date(u"opened_on"_s, tr("Opened")),
         date(u"full_on"_s, tr("Full")),
         date(u"requested_on"_s, tr("Collection asked for")),
         date(u"collected_on"_s, tr("Collected")),
         date(u"disposed_on"_s, tr("Disposed of")),
         reference(u"owner"_s, tr("Owner"), u"users"_s),
         reference(u"replaces"_s, tr("Replaces"), u"wastes"_s),
         text(u"disposal_vendor"_s, tr("Disposed of by")),
         text(u"manifest_number"_s, tr("Manifest")).searchable(),
         notes()}};
}

QList<EntitySpec> wasteLineSpecs()
{
    const auto waste = [] {
        return reference(u"waste"_s, tr("Waste container"), u"wastes"_s).required().owned();
    };
    return {
        EntitySpec{u"waste_hazard_classes"_s,
                   tr("hazard class of waste"),
                   {},
                   {labOf(u"waste"_s), waste(),
                    text(u"hazard_class"_s, tr("Hazard class")).required().searchable()}}
            .unique({u"waste"_s, u"hazard_class"_s}),
        EntitySpec{u"waste_precursors"_s,
                   tr("content of waste"),
                   {},
                   {labOf(u"waste"_s), waste(),
                    reference(u"precursor"_s, tr("Precursor"), u"precursors"_s).required(),
                    real(u"quantity"_s, tr("Amount")).atLeast(0), unit(u"unit"_s, tr("Unit")),
                    date(u"added_on"_s, tr("Added")), notes()}}
            .unique({u"waste"_s, u"precursor"_s}),
    };
}
} // namespace

QList<EntitySpec> materialSpecs()
{
    return precursorSpecs() + QList<EntitySpec>{wasteSpec()} + wasteLineSpecs();
}

} // namespace birch
