#pragma once

#include "drivers/transport/link_options.h"

#include <termios.h>

namespace birch {

/// The name that termios has for \a baud; B0: none.
speed_t namedSpeed(qint32 baud);

/// \a before with \a options: bytes as they are, no echo, no signals, and the control lines left
/// standing when the port is closed. A rate without a name is left as it was.
termios serialAttributes(const termios &before, const SerialOptions &options);

/// What a port is left with: \a before, but for what would drop the control lines. \a ours stands
/// for a rate of 0, which would hang up.
termios parkedAttributes(const termios &before, const termios &ours);

} // namespace birch
