#include "core/store/upkeep/backup_schedule.h"

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr size_t kDays = 7;
constexpr size_t kWeeks = 4;
constexpr auto kTimeFormat = "yyyyMMdd-HHmmss'Z'"_L1;
constexpr qsizetype kTimeLength = 16;

/// Year and number of the ISO week.
std::pair<int, int> weekOf(const QDate &date)
{
    int year = 0;
    const int week = date.weekNumber(&year);
    return {year, week};
}
} // namespace

QString backupName(const QString &stem, const QDateTime &taken, const QString &extension)
{
    return u"%1-%2.%3"_s.arg(stem, taken.toUTC().toString(QString(kTimeFormat)), extension);
}

std::optional<QDateTime> backupTime(const QString &name, const QString &stem)
{
    const QString prefix = stem + u'-';
    if (!name.startsWith(prefix) ||
        name.indexOf(u'.', prefix.size()) != prefix.size() + kTimeLength)
        return {};
    QDateTime taken =
        QDateTime::fromString(name.mid(prefix.size(), kTimeLength), QString(kTimeFormat));
    if (!taken.isValid())
        return {};
    taken.setTimeSpec(Qt::UTC);
    return taken;
}

namespace {
/// Where the clock skips the hour, as long after midnight.
QDateTime hourOf(const QDate &day, int hour, const QTimeZone &zone)
{
    const QDateTime time(day, QTime(hour, 0), zone);
    if (time.isValid() && time.time().hour() == hour)
        return time;
    return QDateTime(day, QTime(0, 0), zone).addSecs(hour * 3600);
}
} // namespace

bool isBackupDue(const QList<QDateTime> &taken, const QDateTime &now, int hour,
                 const QTimeZone &zone)
{
    const QDate today = now.toTimeZone(zone).date();
    QDateTime last = hourOf(today, hour, zone);
    if (last > now)
        last = hourOf(today.addDays(-1), hour, zone);
    return std::ranges::none_of(taken,
                                [&](const QDateTime &time) { return time >= last && time <= now; });
}

QList<QDateTime> supersededBackups(const QList<QDateTime> &taken, const QDateTime &now,
                                   const QTimeZone &zone)
{
    QList<QDateTime> newestFirst = taken;
    erase_if(newestFirst, [&now](const QDateTime &time) { return time > now; });
    std::ranges::sort(newestFirst, std::ranges::greater());
    std::set<QDate> days;
    std::set<std::pair<int, int>> weeks;
    QList<QDateTime> superseded;
    for (const QDateTime &time : std::as_const(newestFirst)) {
        const QDate day = time.toTimeZone(zone).date();
        const bool isOfNewDay = !days.contains(day);
        if (isOfNewDay && days.size() < kDays) {
            days.insert(day);
            continue;
        }
        if (!isOfNewDay || weeks.contains(weekOf(day)) || weeks.size() >= kWeeks)
            superseded << time;
        else
            weeks.insert(weekOf(day));
    }
    return superseded;
}

} // namespace birch
