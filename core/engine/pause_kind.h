#pragma once

#include <QtGlobal>

namespace birch {

/// When a pause takes effect.
enum class PauseKind : quint8 {
    AfterPoint, ///< nothing is repeated but a wait whose outputs were quieted
    Now,        ///< moves that can be halted are, and waits; both are done again on resume
    AfterScan,  ///< before the next scan of the queue
};

} // namespace birch
