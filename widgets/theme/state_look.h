#pragma once

#include "core/data/run_state.h"
#include "core/instrument/instrument_host.h"

#include <QColor>

namespace birch {

/// How a state is shown: never by colour alone.
struct StateLook {
    QString word;  ///< translated
    QString shape; ///< one character: ○ ▶ ‖ ● ✕ ■ ⚡
    QColor color;  ///< readable on the theme's surface
};

StateLook lookOf(ScanState state);
StateLook lookOf(QueueState state);
StateLook lookOf(ConnectionState state);

} // namespace birch
