#pragma once

#include "core/data/run_store.h"

#include <QJsonArray>

namespace birch {

/// Levels of the lines of a scan's log between which nothing was measured. The log is in the spool
/// record by record, so a scan that is killed while paused keeps its pause.
inline constexpr QLatin1String kPauseLevel{"pause"};
inline constexpr QLatin1String kResumeLevel{"resume"};

/// From one point of a scan to the next nothing was done but what guards read. The times are those
/// of the points: nanoseconds UTC.
struct PauseInterval {
    qint64 beganNs = 0;
    std::optional<qint64> endedNs; ///< none: it is not over
    QString reason;                ///< one sentence or more

    bool operator==(const PauseInterval &) const = default;
};

/// The pauses in the \a log of a scan, in order. One that the scan ended in ends with it.
QList<PauseInterval> pausesOf(const QList<ScanLogEntry> &log, std::optional<qint64> endedUs);

/// [{"from","to","reason"}], times in ISO 8601 to the microsecond; "to" null while it is not over.
QJsonArray pausesJson(const QList<PauseInterval> &pauses);

} // namespace birch
