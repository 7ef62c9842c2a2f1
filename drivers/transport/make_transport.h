#pragma once

#include "core/instrument/transport.h"
#include "drivers/transport/link_options.h"
#include "drivers/transport/trace_ring.h"

#include <memory>

namespace birch {

/// The closed transport for a VISA resource string. Nothing is opened and nobody is asked. Its
/// traffic is noted in \a trace, or in a ring of its own.
/// Errors: BadInput - the address (see parseResource()) or \a options can not be used; says which
/// option and what to write.
Result<std::unique_ptr<Transport>> makeTransport(const QString &resource,
                                                 const LinkOptions &options,
                                                 std::shared_ptr<TraceRing> trace = {});

/// What makeTransport() demands of \a options, for whoever reads them from a file.
Status checkLinkOptions(const LinkOptions &options);

} // namespace birch
