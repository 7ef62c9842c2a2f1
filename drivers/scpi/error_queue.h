#pragma once

#include "core/instrument/transport.h"

#include <QList>
#include <QRegularExpression>
#include <QString>

namespace birch::scpi {

/// One entry of an instrument's error queue.
struct QueuedError {
    int code = 0; ///< negative: SCPI's own; positive: the vendor's
    QString text; ///< with what the instrument adds behind a semicolon

    bool operator==(const QueuedError &) const = default;
};

/// `-113,"Undefined header;FOO:BAR"`; a text without quotes, or none, passes.
/// Errors: Protocol - no number in front.
Result<QueuedError> parseQueuedError(QByteArrayView reply);

struct ErrorQueue {
    QByteArray query = "SYST:ERR?";
    /// Matches (anywhere in) the answer that says "no more".
    QRegularExpression empty{QStringLiteral("^\\s*[+-]?0+\\s*(,|$)")};
    int cap = 50; ///< entries read at most: a broken instrument answers for ever
};

/// Reads the queue until it is empty or \a queue.cap entries have come; oldest first.
/// Blocks for one exchange per entry, all within \a call's deadline. Errors: those of the
/// transport; Protocol. Entries read before an error are lost with it.
Result<QList<QueuedError>> drainErrorQueue(Transport &link, const ErrorQueue &queue,
                                           const Call &call);

} // namespace birch::scpi
