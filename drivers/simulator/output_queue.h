#pragma once

#include <QByteArray>

#include <deque>
#include <optional>

namespace birch {

/// What an instrument has to say and nobody has read: messages, maybe without their end yet. Pure.
class OutputQueue
{
public:
    struct Piece {
        QByteArray bytes;
        bool isEnd = false;        ///< the last of a message
        bool isTerminated = false; ///< the last is the terminator asked for
        bool isFull = false;       ///< as many as were asked for
    };

    void add(const QByteArray &bytes, bool isEnd);
    void clear() { m_messages.clear(); }
    bool isEmpty() const { return m_messages.empty(); }

    /// take() has a reason to stop: end of message, terminator, enough bytes.
    bool isReady(qsizetype most, std::optional<char> terminator) const;
    /// Of the first message, up to one of these; what there is if there is none.
    Piece take(qsizetype most, std::optional<char> terminator);

private:
    struct Message {
        QByteArray bytes;
        qsizetype taken = 0;
        bool isWhole = false;
    };
    std::deque<Message> m_messages;
};

} // namespace birch
