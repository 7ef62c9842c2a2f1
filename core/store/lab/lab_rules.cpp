#include "core/store/lab/lab_rules.h"

#include "core/store/lab/booking_store.h"
#include "core/store/lab/collection_store.h"
#include "core/store/lab/inventory.h"
#include "core/store/lab/issue_store.h"
#include "core/store/lab/places.h"
#include "core/store/lab/record_rules.h"
#include "core/store/lab/template_versions.h"
#include "core/store/lab/waste_store.h"

namespace birch {

QList<EntityHooks> labRules()
{
    return {labHooks(),          bookingHooks(),     bookingRuleHooks(), issueHooks(),
            maintenanceHooks(),  wasteHooks(),       stockHooks(),       precursorHooks(),
            fabricationHooks(),  locationHooks(),    placementHooks(),   sampleHooks(),
            sampleParentHooks(), publicationHooks(), calibrationHooks(), calendarHooks(),
            collectionHooks(),   scanTemplateHooks()};
}

} // namespace birch
