#pragma once

#include "app/session/station_bench.h"
#include "core/engine/queue_item.h"

namespace birch {

/// Who answers at the address of an instrument.
struct LiveInstrument {
    QString nickname;
    QString identity; ///< "" with a problem
    QString problem;  ///< one sentence; "": it is there and is what the bench says it is
    QMap<QString, double> positions = {}; ///< of the movements that were asked for, "smu.bias"
};

/// Asks the instruments \a nicknames (none: all) who they are, all at once, over links of their
/// own, and where \a movements ("smu.bias") stand; nothing is set. In the order of the bench file.
/// Blocks, \a limit at most.
QList<LiveInstrument> identifyInstruments(const StationBench &bench, const QStringList &nicknames,
                                          const QStringList &movements = {},
                                          Nanoseconds limit = std::chrono::seconds(10));
/// One problem for each that is not there, is another one, or is held by somebody else.
Problems liveProblems(const QList<LiveInstrument> &instruments, const QString &benchFile);

/// The movements that \a items take along ramps, which begin where they stand.
QStringList rampedMovements(const QList<QueueItem> &items);
/// Ramps of \a items that would begin outside the limits of their movement.
Problems rampProblems(const QList<QueueItem> &items, const QList<LiveInstrument> &instruments);

} // namespace birch
