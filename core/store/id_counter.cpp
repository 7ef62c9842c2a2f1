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

} // namespace birch
