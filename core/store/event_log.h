#pragma once

#include "core/store/connection.h"
#include "core/store/session.h"

namespace birch {

class WriteTransaction;

/// Kind of the event that tells of purged details, and the field of it that says which: those of
/// events before that time (microseconds UTC).
inline constexpr QLatin1StringView kEventLogKind{"event_log"};
inline constexpr QLatin1StringView kPurgedBefore{"before_us"};

/// The audit log of a connection, written in the transaction of the change it tells of. Belongs to
/// the connection's thread.
///
/// Events wait in the connection until the outermost transaction commits, because the head of a
/// chain is locked last: who waits for it holds everything else already, and gives it back at once.
class EventLog
{
    Q_DECLARE_TR_FUNCTIONS(EventLog)
public:
    explicit EventLog(Connection &connection)
        : m_connection(connection)
    {
    }

    /// Notes \a event on behalf of \a session; time, user and station are filled in where they are
    /// not given. A savepoint that rolls back takes its events along.
    /// Errors: Internal - no transaction is open.
    Status record(const Session &session, Event event);

    /// Empties the details of events before \a beforeUs (microseconds UTC), chain after chain, and
    /// notes that. Their hashes stay. Returns how many were emptied.
    Result<qint64> purgeDetails(const Session &session, qint64 beforeUs);

private:
    friend class WriteTransaction;
    Status append();
    Status appendTo(qint64 lab, const std::vector<Event> &events);

    Connection &m_connection;
};

} // namespace birch
