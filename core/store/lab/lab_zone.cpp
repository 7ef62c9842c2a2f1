#include "core/store/lab/lab_zone.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace birch {

Result<QTimeZone> labZone(Connection &connection, const QString &labUid)
{
    const auto row = connection.firstRow(u"SELECT time_zone FROM labs WHERE uid = ?"_s, {labUid});
    if (!row)
        return row.error();
    const QTimeZone zone(row.value() ? row.value()->first().toString().toUtf8() : QByteArray());
    return zone.isValid() ? zone : QTimeZone::systemTimeZone();
}

Result<QString> labToday(Connection &connection, const QString &labUid)
{
    const auto zone = labZone(connection, labUid);
    if (!zone)
        return zone.error();
    return QDateTime::currentDateTimeUtc().toTimeZone(zone.value()).date().toString(Qt::ISODate);
}

} // namespace birch
