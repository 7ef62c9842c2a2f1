#pragma once

#include <QString>

namespace birch {

/// What went wrong, to branch on. The sentence for the operator is in Error::message.
enum class ErrorCode {
    BadInput,     ///< what was typed or read from a file can not be used; nothing was done
    OutOfRange,   ///< a value lies outside the limits; nothing was sent
    NotFound,     ///< no such scan, sample, file, instrument
    Conflict,     ///< somebody else changed or holds it; nothing was done
    Denied,       ///< the session has no right to do this
    Timeout,      ///< no answer before the deadline
    Cancelled,    ///< stopped by the caller
    NotConnected, ///< refused, unreachable or lost
    Protocol,     ///< an answer that was not understood
    Storage,      ///< the database refused
    Full,         ///< no space left
    Io,           ///< a file could not be read or written
    Internal      ///< our own bug, reported instead of hidden
};

/// One failure. \a message is one sentence an operator can act on.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    QString message;

    /// The same failure with what was being done put in front.
    Error within(const QString &context) const
    {
        return {code, context + QStringLiteral(": ") + message};
    }
};

} // namespace birch
