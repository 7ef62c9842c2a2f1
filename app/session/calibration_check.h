#pragma once

#include "core/base/problem.h"
#include "core/plan/compile_context.h"
#include "core/store/connection.h"
#include "core/store/session.h"

#include <QDate>

namespace birch {

/// Calibrations that are overdue on the day \a today, of the instruments \a nicknames: from the
/// bench file. They keep nothing from running. `field` is the nickname, with the column where it is
/// of one.
Problems calibrationWarnings(const QStringList &nicknames, const BenchSpecs &bench,
                             const QDate &today);

/// The same from the table of calibrations, for what \a station has connected under these names
/// (and the equipment it belongs to); not those that the bench file has newer ones for.
/// Blocks for the database; its errors.
Result<Problems> storedCalibrationWarnings(Connection &connection, const Session &session,
                                           const QString &station, const QStringList &nicknames,
                                           const BenchSpecs &bench, const QDate &today);

} // namespace birch
