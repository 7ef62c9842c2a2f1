#pragma once

#include <QString>

namespace birch {

/// How a finished scan ended up.
struct FinishOutcome {
    bool isStored = false; ///< durably in the database, spool deleted
    QString message;       ///< otherwise: why it stays in the spool, and what happens next
};

} // namespace birch
