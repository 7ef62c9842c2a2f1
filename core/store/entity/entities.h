#pragma once

#include "core/store/entity/entity_spec.h"

/// The declarations, by subject. Everyone else asks entitySpecs().
namespace birch {

QList<EntitySpec> peopleSpecs();      ///< labs, projects, users, members, teams, guests
QList<EntitySpec> equipmentSpecs();   ///< equipment, instruments, stations, bookings, calibrations
QList<EntitySpec> issueSpecs();       ///< issues, their updates, maintenance
QList<EntitySpec> materialSpecs();    ///< precursors, waste
QList<EntitySpec> sampleSpecs();      ///< samples, procedures, fabrication runs
QList<EntitySpec> acquisitionSpecs(); ///< templates of scans and queues
QList<EntitySpec> analysisSpecs();    ///< methods, analyses, results, batches
QList<EntitySpec> sharedSpecs();      ///< what any object may have: tags, files, places, …
QList<EntitySpec> noticeSpecs();      ///< subscribers and what they are told
QList<EntitySpec> birchSpecs();       ///< all of these, in the order of entitySpecs()

} // namespace birch
