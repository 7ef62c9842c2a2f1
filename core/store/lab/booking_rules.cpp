#include "core/store/lab/booking_rules.h"

#include <QCoreApplication>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kMinuteUs = 60'000'000;
constexpr qint64 kDayUs = 24 * 60 * kMinuteUs;
constexpr int kDayMinutes = 24 * 60;
const QStringList kDays{u"monday"_s, u"tuesday"_s,  u"wednesday"_s, u"thursday"_s,
                        u"friday"_s, u"saturday"_s, u"sunday"_s};

QString tr(const char *text)
{
    return QCoreApplication::translate("BookingRules", text);
}

Error badInput(const QString &message)
{
    return {ErrorCode::BadInput, message};
}

struct OpenHours {
    int from = 0; ///< minutes of the day
    int until = 0;
};

/// Minutes of the day of "08:30"; 24:00 is its end; -1 for what is no time.
int minutesOf(const QString &text)
{
    if (text == u"24:00"_s)
        return kDayMinutes;
    const QTime time = QTime::fromString(text.trimmed(), u"H:mm"_s);
    return time.isValid() ? time.hour() * 60 + time.minute() : -1;
}

Result<QList<OpenHours>> openHours(const QJsonObject &availability, int weekday)
{
    const QString day = kDays[weekday - 1];
    QJsonValue given = availability.value(day);
    if (given.isUndefined())
        given = availability.value(day.first(3));
    const QJsonArray parts = given.isString() ? QJsonArray{given} : given.toArray();
    QList<OpenHours> hours;
    for (const QJsonValue &part : parts) {
        const QString text = part.toString();
        const OpenHours open{minutesOf(text.section(u'-', 0, 0)), minutesOf(text.section(u'-', 1))};
        if (open.from < 0 || open.until <= open.from)
            return badInput(tr("The open hours \"%1\" of %2 can not be read: write them as "
                               "08:00-18:00")
                                .arg(text, day));
        hours << open;
    }
    return hours;
}

struct DayRange {
    QDate from;
    QDate until; ///< included
};

Result<DayRange> closedDays(const QJsonValue &value)
{
    const QString first = value.isArray() ? value[0].toString() : value.toString();
    const QString last = value.isArray() ? value[1].toString() : first;
    const DayRange range{QDate::fromString(first, Qt::ISODate),
                         QDate::fromString(last, Qt::ISODate)};
    if (!range.from.isValid() || !range.until.isValid() || range.until < range.from)
        return badInput(tr("The closed day \"%1\" can not be read: write it as 2026-12-24, or "
                           "[\"2026-12-24\", \"2027-01-02\"]")
                            .arg(first));
    return range;
}

Status checkDay(const BookingRules &rules, const QDate &day, int fromMinute, int untilMinute)
{
    for (const QJsonValue &value : rules.blockedDates) {
        const auto closed = closedDays(value);
        if (!closed)
            return closed.error();
        if (day >= closed.value().from && day <= closed.value().until)
            return badInput(tr("It can not be booked on %1: choose another day")
                                .arg(day.toString(Qt::ISODate)));
    }
    if (rules.availability.isEmpty())
        return ok();
    const auto hours = openHours(rules.availability, day.dayOfWeek());
    if (!hours)
        return hours.error();
    QStringList open;
    for (const OpenHours &span : hours.value()) {
        if (span.from <= fromMinute && untilMinute <= span.until)
            return ok();
        const auto text = [](int minutes) {
            return u"%1:%2"_s.arg(minutes / 60, 2, 10, QChar(u'0'))
                .arg(minutes % 60, 2, 10, QChar(u'0'));
        };
        open << text(span.from) + u'-' + text(span.until);
    }
    return badInput(
        open.isEmpty() ? tr("It is closed on %1: choose another day").arg(day.toString(Qt::ISODate))
                       : tr("On %1 it is open %2: book within that")
                             .arg(day.toString(Qt::ISODate), open.join(u", "_s)));
}

QDateTime local(qint64 us, const QTimeZone &zone)
{
    return QDateTime::fromMSecsSinceEpoch(us / 1000, zone);
}
} // namespace

Status checkOrder(const BookingSlot &slot)
{
    if (slot.endUs > slot.startUs)
        return ok();
    return badInput(tr("It ends before it begins: choose a later end"));
}

Status checkReadable(const BookingRules &rules)
{
    for (int weekday = 1; weekday <= 7; ++weekday) {
        if (const auto hours = openHours(rules.availability, weekday); !hours)
            return hours.error();
    }
    for (auto it = rules.availability.begin(); it != rules.availability.end(); ++it) {
        const bool isDay = std::any_of(kDays.begin(), kDays.end(), [&it](const QString &day) {
            return it.key() == day || it.key() == day.first(3);
        });
        if (!isDay)
            return badInput(
                tr("\"%1\" is no day of the week: write monday … sunday").arg(it.key()));
    }
    for (const QJsonValue &value : rules.blockedDates) {
        if (const auto closed = closedDays(value); !closed)
            return closed.error();
    }
    if (rules.maxMinutes > 0 && rules.maxMinutes < rules.minMinutes)
        return badInput(
            tr("The longest booking is shorter than the shortest: correct one of them"));
    return ok();
}

Status checkHours(const BookingRules &rules, const BookingSlot &slot, const QTimeZone &zone)
{
    if (Status ordered = checkOrder(slot); !ordered)
        return ordered;
    if (!rules.isEnabled)
        return badInput(tr("It can not be booked: ask its owner to allow that"));
    const qint64 lengthUs = slot.endUs - slot.startUs;
    if (lengthUs < rules.minMinutes * kMinuteUs)
        return badInput(tr("A booking lasts %1 min at least").arg(rules.minMinutes));
    if (rules.maxMinutes > 0 && lengthUs > rules.maxMinutes * kMinuteUs)
        return badInput(tr("A booking lasts %1 min at most").arg(rules.maxMinutes));
    if (rules.availability.isEmpty() && rules.blockedDates.isEmpty())
        return ok();
    const QDateTime start = local(slot.startUs, zone);
    const QDateTime end = local(slot.endUs - 1000, zone); // the end itself is not used any more
    const auto minute = [](const QTime &time) { return time.hour() * 60 + time.minute(); };
    for (QDate day = start.date(); day <= end.date(); day = day.addDays(1)) {
        const int from = day == start.date() ? minute(start.time()) : 0;
        const int until = day == end.date() ? minute(end.time()) + 1 : kDayMinutes;
        if (Status open = checkDay(rules, day, from, until); !open)
            return open;
    }
    return ok();
}

Status checkAdvance(const BookingRules &rules, const BookingSlot &slot, qint64 nowUs)
{
    if (slot.startUs < nowUs + rules.minAdvanceDays * kDayUs && rules.minAdvanceDays > 0)
        return badInput(
            tr("It must be booked %1 d ahead: choose a later time").arg(rules.minAdvanceDays));
    if (rules.maxAdvanceDays > 0 && slot.startUs > nowUs + rules.maxAdvanceDays * kDayUs)
        return badInput(tr("It can be booked %1 d ahead at most: choose an earlier time")
                            .arg(rules.maxAdvanceDays));
    return ok();
}

bool overlap(const BookingSlot &a, const BookingSlot &b, int bufferMinutes)
{
    const qint64 buffer = bufferMinutes * kMinuteUs;
    return a.startUs < b.endUs + buffer && b.startUs < a.endUs + buffer;
}

} // namespace birch
