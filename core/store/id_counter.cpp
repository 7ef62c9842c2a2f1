#include "core/store/id_counter.h"

#include "core/store/store_time.h"

using namespace Qt::StringLiterals;

namespace birch {

Result<qint64> nextNumber(Connection &connection, const QString &scope)
{
    const auto row = connection.firstRow(
        u"INSERT INTO id_counters (scope, last_number) VALUES (?, 1) ON CONFLICT (scope) "
        "DO UPDATE SET last_number = id_counters.last_number + 1 RETURNING last_number"_s,
        {scope});
    if (!row)
        return row.error();
    return row.value().value().first().toLongLong();
}

Result<QString> nextScanId(Connection &connection, const QString &station, qint64 startedUs)
{
    const QString day = utcDay(startedUs);
    const auto number = nextNumber(connection, u"scan/%1/%2"_s.arg(station, day));
    if (!number)
        return number.error();
    return u"%1-%2-%3"_s.arg(station, day).arg(number.value(), 3, 10, QChar(u'0'));
}

namespace {
/// Who counts: the station, or the end of the database's uid, which no other database has.
Result<QString> counterMark(Connection &connection, const Session &session)
{
    if (!session.station.isEmpty())
        return session.station;
    const auto row = connection.firstRow(u"SELECT uid FROM database_info"_s);
    if (!row)
        return row.error();
    return row.value() ? row.value()->first().toString().right(4).toUpper() : QString();
}
} // namespace

Result<QString> nextHumanId(Connection &connection, const Session &session, const EntitySpec &spec,
                            const EntityField &field)
{
    const auto mark = counterMark(connection, session);
    if (!mark)
        return mark.error();
    const QString year = u"20"_s + utcDay(nowUs()).first(2);
    const QString scope = u"%1/%2/%3"_s.arg(spec.table, mark.value(), year);
    while (true) { // each round steps over an id that is there already
        const auto number = nextNumber(connection, scope);
        if (!number)
            return number.error();
        const QString id = u"%1-%2-%3-%4"_s.arg(field.counter, mark.value(), year)
                               .arg(number.value(), 3, 10, QChar(u'0'));
        const auto taken = connection.firstRow(
            u"SELECT 1 FROM %1 WHERE %2 = ?"_s.arg(spec.table, field.column()), {id});
        if (!taken)
            return taken.error();
        if (!taken.value())
            return id;
    }
}

} // namespace birch
