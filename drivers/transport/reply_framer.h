#pragma once

#include "core/instrument/transport.h"
#include "drivers/transport/link_options.h"

#include <QByteArray>
#include <QByteArrayView>

namespace birch {

/// Finds the end of one reply in what has arrived so far. Pure: no device, no clock.
///
/// begin() for each reply, then examine() after each arrival with everything since its first byte;
/// bytes looked at once are not scanned again, so a reply in n pieces costs O(bytes).
class ReplyFramer
{
public:
    enum class State {
        Incomplete,
        BlockWithoutEnd, ///< the block is whole, its terminator has not come (and may never)
        Complete,
        TooLong,   ///< longer than the largest reply allowed
        BadHeader, ///< '#' is not followed by digit and length, or the length is not definite
        BadFrame   ///< no frame begins like this, or its checksum is wrong
    };
    struct Progress {
        State state = State::Incomplete;
        qsizetype reply = 0;    ///< bytes of the reply, terminator taken off
        qsizetype consumed = 0; ///< bytes to drop, terminator included
        qsizetype wanted = 0;   ///< a block of known length: its bytes with header; else 0
    };

    /// \a terminator is not empty where \a framing is Lines, else without meaning.
    ReplyFramer(QByteArray terminator, qsizetype maxReply, Framing framing = Framing::Lines);

    void begin(ReplyShape shape);
    Progress examine(QByteArrayView received);
    /// Bytes of a terminator at the start of \a tail; 0: none; -1: could become one.
    qsizetype terminatorAtStart(QByteArrayView tail) const;

private:
    Progress examineLine(QByteArrayView received);
    Progress examineBlock(QByteArrayView received);
    Progress examineFrame(QByteArrayView received) const;

    const QByteArray m_terminator;
    const bool m_bareLineFeed; // "\r\n" is also ended by "\n"
    const qsizetype m_maxReply;
    const Framing m_framing;
    ReplyShape m_shape = ReplyShape::Line;
    qsizetype m_scanned = 0;
};

} // namespace birch
