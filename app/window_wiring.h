#pragma once

#include "app/session/workstation.h"
#include "widgets/shell/window_context.h"

namespace birch {

/// What the window is given of \a station. All of the arguments outlive it.
WindowContext wireWindow(Workstation &station, StoreReader &reader, ChangeFeed &changes,
                         const NodeRegistry &registry, const QString &stateFolder);

} // namespace birch
