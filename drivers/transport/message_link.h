#pragma once

#include "core/base/call.h"
#include "core/base/result.h"
#include "drivers/transport/receive_buffer.h"

#include <QByteArrayView>
#include <QString>

namespace birch {

/// A protocol that carries whole messages both ways and marks where each ends: VXI-11, HiSLIP.
///
/// Belongs to the thread that called open(). Every function returns within the time given to it;
/// Timeout, Cancelled and NotConnected may come with an empty sentence: the transport says them.
class MessageLink
{
public:
    /// What one read yielded.
    struct Part {
        bool isEnd = false;        ///< the message is whole
        bool isTerminated = false; ///< the last byte is the terminator that was asked for
        bool isDropped = false;    ///< what was read before belongs to no reply: forget it
    };

    virtual ~MessageLink() = default;

    /// Errors: Timeout, Cancelled, NotConnected, Protocol, Conflict (locked by somebody else).
    virtual Status open(const Call &call) = 0;
    virtual void close() = 0;
    virtual bool isOpen() const = 0;
    virtual QString lossReason() const = 0;

    /// Looks, without waiting, whether the peer has gone. Errors: NotConnected.
    virtual Status lookForLoss() = 0;
    /// Throws away replies that have come and nobody read.
    virtual void dropArrived() = 0;
    /// Sends one whole message. Errors: as open().
    virtual Status write(QByteArrayView message, const Call &call) = 0;
    /// Appends the next bytes of a reply to \a into, as they come, at most about \a most.
    virtual Result<Part> read(ReceiveBuffer &into, qsizetype most, const Call &call) = 0;
    /// After a failed exchange: nothing of it is answered later. Clears the device, or connects
    /// anew where that does not help.
    virtual Status recover(const Call &call) = 0;

    /// The status byte, outside of messages.
    virtual Result<quint8> statusByte(const Call &call) = 0;
    /// Ends what the instrument is doing and empties its buffers (IEEE 488 device clear).
    virtual Status clear(const Call &call) = 0;
    /// Keeps other clients out until unlock() or close(); waits for them. A lock that is held
    /// stays; a connection that recover() made anew has it again where that took no waiting.
    /// Errors: also Conflict - another client has it; BadInput - the device knows no lock.
    virtual Status lock(const Call &call) = 0;
    virtual Status unlock(const Call &call) = 0;
    virtual bool isLocked() const = 0;
};

} // namespace birch
