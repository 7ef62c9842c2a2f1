#pragma once

#include "core/store/session.h"

namespace birch {

struct EventFilter {
    QString kind;   ///< table, e.g. "samples"
    QString object; ///< uid, beginning of a uid (four characters or more), or what it was called
    QString user;
    QString station;
    QList<EventAction> actions;    ///< empty: all
    std::optional<qint64> sinceUs; ///< inclusive, microseconds UTC
    std::optional<qint64> untilUs; ///< exclusive
    QString search; ///< every word in title, detail, kind or user; upper and lower case alike
    QString anchor; ///< of an earlier page: newer events do not shift the later ones
    int page = 1;   ///< from 1
    int perPage = 50;
};

/// One event as stored.
struct EventRecord {
    qint64 lab = 0; ///< kDatabaseChain: none
    QString labName;
    qint64 sequence = 0;
    qint64 atUs = 0;
    QString user;
    QString station;
    QString action; ///< also one that a newer Birch knows
    QString kind;
    QString objectUid;
    QString title;
    QJsonObject changes;
    std::optional<qint64> purgedUs; ///< since when the changes are gone
    QByteArray hash;

    QJsonObject toJson() const;
    /// The changes in a line: "material GaAs → Si, name (none) → first".
    QString summary() const;
};

/// Newest first.
struct EventPage {
    QList<EventRecord> events;
    qint64 total = 0;
    int page = 1;
    int perPage = 0;
    QString anchor; ///< for EventFilter::anchor

    /// {"events","total","page","per_page","anchor"}
    QJsonObject toJson() const;
};

/// Reads the audit log. One per connection, on its thread. A page costs two statements.
class EventRepository
{
    Q_DECLARE_TR_FUNCTIONS(EventRepository)
public:
    explicit EventRepository(Connection &connection)
        : m_connection(connection)
    {
    }

    /// Errors: BadInput - a page or an anchor that can not be.
    Result<EventPage> list(const Session &session, const EventFilter &filter);

private:
    Connection &m_connection;
};

} // namespace birch
