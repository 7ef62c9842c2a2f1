#pragma once

#include "core/store/event_chain.h"
#include "core/store/store_json.h"
#include "tests/core/store/store_fixture.h"

namespace birch::test {

using namespace Qt::StringLiterals;

/// An event as it lies in the database.
struct StoredEvent {
    EventLink link;
    QString changes; ///< null: purged
    QByteArray hash;

    QJsonObject detail() const { return jsonObject(changes); }
};

inline QList<StoredEvent> storedEvents(Connection &connection)
{
    QList<StoredEvent> events;
    const Status done = connection.select(
        u"SELECT previous_hash, lab_id, sequence, occurred_at, user_name, station, action, kind, "
        "object_uid, title, payload_hash, changes, hash FROM event_log ORDER BY lab_id, sequence"_s,
        {}, [&events](const SqlRow &row) {
            events.append(
                {{row.bytes(0), row.integer(1), row.integer(2), row.integer(3), row.text(4),
                  row.text(5), row.text(6), row.text(7), row.text(8), row.text(9), row.bytes(10)},
                 row.isNull(11) ? QString() : row.text(11),
                 row.bytes(12)});
        });
    if (!done)
        qFatal("%s", qPrintable(done.error().message));
    return events;
}

/// "" when every chain is whole and ends at its head.
inline QString chainProblem(Connection &connection)
{
    QMap<qint64, std::pair<qint64, QByteArray>> heads;
    for (const StoredEvent &event : storedEvents(connection)) {
        auto &[sequence, hash] = heads[event.link.lab];
        const QString place = u"lab %1, event %2: "_s.arg(event.link.lab).arg(event.link.sequence);
        if (event.link.sequence != sequence + 1)
            return place + u"comes after %1"_s.arg(sequence);
        if (event.link.previousHash != (sequence == 0 ? eventChainStart() : hash))
            return place + u"does not follow its predecessor"_s;
        if (!event.changes.isNull() && eventPayloadHash(event.changes) != event.link.payloadHash)
            return place + u"has another detail"_s;
        if (eventHash(event.link) != event.hash)
            return place + u"is altered"_s;
        sequence = event.link.sequence;
        hash = event.hash;
    }
    QString problem;
    const Status done = connection.select(
        u"SELECT lab_id, sequence, hash FROM event_chains"_s, {}, [&](const SqlRow &row) {
            const auto head = heads.take(row.integer(0));
            if (head != std::pair(row.integer(1), row.bytes(2)))
                problem = u"lab %1 does not end at its head"_s.arg(row.integer(0));
        });
    if (!done)
        return done.error().message;
    return heads.isEmpty() ? problem : u"a chain without a head"_s;
}

} // namespace birch::test
