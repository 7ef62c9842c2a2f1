#pragma once

#include "core/base/call.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>

namespace birch {

/// How the end of a reply is known.
enum class ReplyShape {
    Line,       ///< up to the read terminator, which is taken off
    Block,      ///< IEEE 488.2 definite-length block `#<d><len><bytes>`; returned whole, header
                ///< included, a terminator after it taken off. Never looks for terminators inside.
    LineOrBlock ///< Block when the first byte is '#', else Line
};

/// Bytes to and from one instrument: serial port, TCP socket, VXI-11, HiSLIP.
///
/// Belongs to the thread that called open(); blocks that thread, in slices of kWaitSlice, until the
/// exchange is over, the deadline has passed or a stop is requested. A command and its terminator
/// leave in one write. After a Timeout, Cancelled or Protocol error the link is *dirty*: the next
/// call resynchronises it first (device clear, drain or reconnect), so a late reply is never taken
/// for the next answer. After the peer is gone every call answers NotConnected until open().
class Transport
{
public:
    virtual ~Transport() = default;

    /// Connects; a link that is open is closed first.
    /// Errors: Timeout, Cancelled, NotConnected (refused, unknown host, no such port).
    virtual Status open(const Call &call) = 0;
    virtual void close() = 0;
    virtual bool isOpen() const = 0;
    /// The next exchange finds the beginning of its answer first, maybe on a new connection: who is
    /// at the other end, and how it is set, may have changed.
    virtual bool isInDoubt() const { return false; }

    /// Sends \a message and the write terminator. Errors: Timeout (flow control hangs, nothing is
    /// known about what arrived), Cancelled, NotConnected; Conflict (another program has locked the
    /// instrument; nothing was sent).
    virtual Status send(QByteArrayView message, const Call &call) = 0;

    /// Sends \a message and returns its reply. Replies left over from before are discarded first.
    /// Errors: Timeout, Cancelled, NotConnected (also: peer closed in mid-reply), Protocol (longer
    /// than the largest message allowed, broken block header).
    virtual Result<QByteArray> query(QByteArrayView message, ReplyShape shape,
                                     const Call &call) = 0;

    /// Reads one more reply without sending (instruments that answer several lines to one query).
    virtual Result<QByteArray> read(ReplyShape shape, const Call &call) = 0;

    /// What VXI-11 and HiSLIP can do beside messages; other links answer BadInput, and say so.
    /// Errors: Timeout, Cancelled, NotConnected, Protocol.
    ///
    /// The status byte of IEEE 488.2, past whatever messages wait.
    virtual Result<quint8> statusByte(const Call &call);
    /// Device clear: ends what the instrument is doing and empties its buffers.
    virtual Status clear(const Call &call);
    /// Keeps other programs and computers out until unlock() or the end of the connection; waits
    /// for another owner to let go until the deadline. A lock that is held stays. Errors: also
    /// Conflict - another owner did not let go.
    virtual Status lock(const Call &call);
    virtual Status unlock(const Call &call);
    /// False again once the connection that was locked is gone; a fault may end it unasked.
    virtual bool isLocked() const { return false; }

    /// The VISA resource string it was made from, in canonical form.
    virtual QString address() const = 0;
};

} // namespace birch
