#pragma once

#include "core/instrument/transport.h"
#include "drivers/transport/link_options.h"
#include "drivers/transport/trace.h"

#include <memory>

namespace birch {

/// A closed transport that plays \a trace back as the instrument, over the same code that framed
/// its answers then: for tests, and to look into what somebody has sent in. Where something else is
/// sent than then it answers NotConnected, naming the byte at which they differ, and it stays so.
/// Silences are kept, waits for answers are not. Locks are always had. Errors: BadInput - the
/// address of the trace, or \a options.
Result<std::unique_ptr<Transport>> makeReplayTransport(const LinkTrace &trace,
                                                       const LinkOptions &options);

} // namespace birch
