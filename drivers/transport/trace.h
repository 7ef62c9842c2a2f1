#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <chrono>

namespace birch {

/// One thing that happened on a connection.
struct TraceRecord {
    enum class Kind : quint8 {
        Connect,
        Close,
        Lost,      ///< by the other side; bytes: the reason, for people
        Clear,     ///< device clear, or whatever made the next answer findable again
        Send,      ///< bytes that left
        Receive,   ///< bytes that came
        End,       ///< the same, and the protocol says that the message ends with them
        Forget,    ///< what came before belongs to no answer (HiSLIP's Interrupted)
        StatusByte ///< one byte
    };

    Kind kind = Kind::Connect;
    std::chrono::nanoseconds steady{}; ///< of the monotonic clock: differences alone mean something
    std::chrono::nanoseconds wall{};   ///< since 1970, UTC
    QByteArray bytes;                  ///< the first of \a total
    qint64 total = 0;

    bool isWhole() const { return bytes.size() == total; }
    bool operator==(const TraceRecord &) const = default;
};

/// What is known of the traffic of one connection, oldest first.
struct LinkTrace {
    QString name;       ///< nickname of the instrument, or ""
    QString address;    ///< VISA resource string
    qint64 dropped = 0; ///< records before these that were not kept
    QList<TraceRecord> records;

    bool operator==(const LinkTrace &) const = default;
};

} // namespace birch
