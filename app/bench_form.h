#pragma once

#include "app/session/bench_change.h"
#include "widgets/instruments/bench_port.h"

namespace birch {

/// What the bench says of one instrument, for a person to edit.
InstrumentForm formOf(const BenchEntry &entry);
/// What makes \a now of \a before in the bench file; the nickname comes last, so that all others
/// find the entry.
QList<BenchEdit> benchEdits(const InstrumentForm &before, const InstrumentForm &now);

} // namespace birch
