#pragma once

#include "app/session/station_bench.h"

namespace birch {

/// Who answers at the address of an instrument.
struct LiveInstrument {
    QString nickname;
    QString identity; ///< "" with a problem
    QString problem;  ///< one sentence; "": it is there and is what the bench says it is
};

/// Asks the instruments \a nicknames (none: all) who they are, all at once, over links of their
/// own; nothing is set. In the order of the bench file. Blocks, \a limit at most.
QList<LiveInstrument> identifyInstruments(const StationBench &bench, const QStringList &nicknames,
                                          Nanoseconds limit = std::chrono::seconds(10));
/// One problem for each that is not there, is another one, or is held by somebody else.
Problems liveProblems(const QList<LiveInstrument> &instruments, const QString &benchFile);

} // namespace birch
