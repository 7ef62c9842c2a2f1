#pragma once

#include "core/base/call.h"
#include "core/base/result.h"

#include <QByteArrayView>
#include <QString>

namespace birch {

/// An operating-system device that carries bytes both ways; knows nothing of messages.
///
/// Belongs to the thread that called open(). Every function but open() returns within the time
/// given to it. A device that is lost closes itself before the function that noticed returns;
/// lossReason() then says why.
class ByteLink
{
public:
    /// How the beginning of the next answer is found after a failed exchange.
    enum class Recovery { Reconnect, Drain };

    virtual ~ByteLink() = default;

    /// Errors: Timeout, Cancelled, NotConnected, Conflict (somebody else holds it; says who).
    virtual Status open(const Call &call) = 0;
    virtual void close() = 0;
    virtual bool isOpen() const = 0;
    virtual Recovery recovery() const = 0;

    /// What is there now, at most \a size bytes; 0: nothing; -1: lost.
    virtual qint64 read(char *into, qint64 size) = 0;
    /// True once read() has something, or the loss of the device, to tell.
    virtual bool waitReadable(int milliseconds) = 0;
    /// Takes all of \a bytes, in one write if the system takes them; false: lost.
    virtual bool write(QByteArrayView bytes) = 0;
    /// True once nothing that write() took is left to hand to the system.
    virtual bool waitWritten(int milliseconds) = 0;
    /// Throws away what waits in either direction.
    virtual void discard() = 0;

    virtual QString lossReason() const = 0;
};

} // namespace birch
