#pragma once

#include "core/base/problem.h"
#include "core/store/entity/entity_hooks.h"

namespace birch {

/// "10.1038/xyz" out of what people paste: with "doi:" or a link in front.
/// Errors: BadInput - it is no DOI.
Result<QString> doiFromText(const QString &text);

EntityHooks publicationHooks(); ///< the form of a DOI
EntityHooks calibrationHooks(); ///< due after it was done
EntityHooks calendarHooks();    ///< order of the times, form of the repetition
EntityHooks labHooks();         ///< a time zone that exists

/// The newest valid calibration of each thing and quantity, if it is due by \a until (yyyy-MM-dd);
/// what is due first, first.
Result<QList<EntityRecord>> dueCalibrations(Connection &connection, const Session &session,
                                            const QString &until);

/// What speaks against scanning the sample with this uid: it is in the trash, archived or used up.
Result<Problems> sampleProblems(Connection &connection, const QString &sampleUid);

} // namespace birch
