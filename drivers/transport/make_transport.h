#pragma once

#include "core/instrument/transport.h"
#include "drivers/transport/link_options.h"

#include <memory>

namespace birch {

/// The closed transport for a VISA resource string. Nothing is opened and nobody is asked.
/// Errors: BadInput - the address (see parseResource()) or \a options can not be used; says which
/// option and what to write.
Result<std::unique_ptr<Transport>> makeTransport(const QString &resource,
                                                 const LinkOptions &options);

/// What makeTransport() demands of \a options, for whoever reads them from a file.
Status checkLinkOptions(const LinkOptions &options);

} // namespace birch
