#include "core/store/station_list.h"

#include "core/store/place_rules.h"
#include "core/store/queue_claims.h"

using namespace Qt::StringLiterals;

namespace birch {

Result<QList<StationAtWork>> stationsAtWork(Connection &connection, const Session &session)
{
    const auto now = QueueClaims::serverNow(connection);
    if (!now)
        return now.error();
    const Visibility visibility = visibleRows(placeRule(u"stations"_s), session, u"st"_s);
    QString where;
    if (!visibility.sql.isEmpty())
        where = u" WHERE "_s + visibility.sql;
    QList<StationAtWork> stations;
    const Status read = connection.select(
        u"SELECT st.name, b.process, b.seen_at, (SELECT count(*) FROM queue_items i WHERE "
        "i.state = 'claimed' AND i.claimed_by_id = st.id AND i.claimed_process = b.process) "
        "FROM station_beats b JOIN stations st ON st.id = b.station_id"_s +
            where + u" ORDER BY b.seen_at DESC, st.name"_s,
        visibility.values, [&](const SqlRow &row) {
            stations.append({row.text(0), row.text(1), row.integer(2),
                             std::chrono::microseconds(now.value() - row.integer(2)),
                             int(row.integer(3))});
        });
    if (!read)
        return read.error();
    return stations;
}

} // namespace birch
