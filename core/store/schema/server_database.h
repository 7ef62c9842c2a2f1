#pragma once

#include "core/store/connection.h"

namespace birch {

/// Makes the PostgreSQL database of \a url where there is none, in UTF8 with a ctype that knows
/// letters; one that is there must be so. Errors: BadInput - it is not; Denied - no right to make
/// one.
Status prepareServerDatabase(const DatabaseUrl &url);

} // namespace birch
