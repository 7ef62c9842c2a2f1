#include "core/store/lab/recurrence.h"

#include <QCoreApplication>
#include <QMap>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
const QStringList kWeekdays{u"MO"_s, u"TU"_s, u"WE"_s, u"TH"_s, u"FR"_s, u"SA"_s, u"SU"_s};

QString tr(const char *text)
{
    return QCoreApplication::translate("Recurrence", text);
}

Error notUnderstood(const QString &part)
{
    return {ErrorCode::BadInput,
            tr("\"%1\" is not understood in a repetition: write it as "
               "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=10, with FREQ DAILY, WEEKLY or MONTHLY, "
               "and UNTIL=20261231T000000Z instead of COUNT if wanted")
                .arg(part)};
}

Result<int> positive(const QString &part, const QString &value)
{
    bool isNumber = false;
    const int number = value.toInt(&isNumber);
    if (!isNumber || number < 1 || number > 10000)
        return notUnderstood(part);
    return number;
}

Result<QDateTime> untilTime(const QString &part, const QString &value)
{
    const QDate day =
        QDate::fromString(value.first(std::min<qsizetype>(8, value.size())), u"yyyyMMdd"_s);
    if (value.size() == 8 && day.isValid())
        return day.endOfDay(Qt::UTC);
    QDateTime at = QDateTime::fromString(value, u"yyyyMMdd'T'HHmmss'Z'"_s);
    at.setTimeSpec(Qt::UTC);
    if (!at.isValid())
        return notUnderstood(part);
    return at;
}

Status readPart(const QString &part, Recurrence *rule, bool *hasFrequency)
{
    static const QMap<QString, Recurrence::Frequency> frequencies{
        {u"DAILY"_s, Recurrence::Frequency::Daily},
        {u"WEEKLY"_s, Recurrence::Frequency::Weekly},
        {u"MONTHLY"_s, Recurrence::Frequency::Monthly}};
    const QString key = part.section(u'=', 0, 0);
    const QString value = part.section(u'=', 1);
    if (key == u"FREQ" && frequencies.contains(value)) {
        rule->frequency = frequencies[value];
        *hasFrequency = true;
        return ok();
    }
    if (key == u"INTERVAL" || key == u"COUNT") {
        const auto number = positive(part, value);
        if (!number)
            return number.error();
        if (key == u"COUNT")
            rule->count = number.value();
        else
            rule->interval = number.value();
        return ok();
    }
    if (key == u"UNTIL") {
        const auto until = untilTime(part, value);
        if (!until)
            return until.error();
        rule->until = until.value();
        return ok();
    }
    if (key != u"BYDAY")
        return notUnderstood(part);
    for (const QString &day : value.split(u',')) {
        if (!kWeekdays.contains(day))
            return notUnderstood(part);
        rule->weekdays << int(kWeekdays.indexOf(day)) + 1;
    }
    std::sort(rule->weekdays.begin(), rule->weekdays.end());
    return ok();
}
} // namespace

Result<Recurrence> Recurrence::parse(const QString &text)
{
    QString upper = text.trimmed().toUpper();
    if (upper.startsWith(u"RRULE:"_s))
        upper.remove(0, 6);
    Recurrence rule;
    bool hasFrequency = false;
    for (const QString &part : upper.split(u';', Qt::SkipEmptyParts)) {
        if (Status read = readPart(part, &rule, &hasFrequency); !read)
            return read.error();
    }
    if (!hasFrequency)
        return notUnderstood(text);
    if (rule.count && rule.until)
        return notUnderstood(u"COUNT;UNTIL"_s);
    if (!rule.weekdays.isEmpty() && rule.frequency != Frequency::Weekly)
        return notUnderstood(u"BYDAY"_s);
    return rule;
}

QList<QDateTime> Recurrence::occurrences(const QDateTime &first, const QDateTime &last,
                                         int limit) const
{
    const int most = std::min(count.value_or(limit), limit);
    const QDateTime end = until ? std::min(last, *until) : last;
    const QList<int> days = weekdays.isEmpty() ? QList<int>{first.date().dayOfWeek()} : weekdays;
    QList<QDateTime> found;
    // Returns false once nothing later can follow.
    const auto add = [&](const QDate &day) {
        const QDateTime at(day, first.time(), first.timeZone());
        if (at > end || found.size() >= most)
            return false;
        if (at >= first)
            found << at;
        return found.size() < most;
    };
    const QDate monday = first.date().addDays(1 - first.date().dayOfWeek());
    for (int step = 0;; ++step) {
        if (frequency == Frequency::Daily) {
            if (!add(first.date().addDays(qint64(step) * interval)))
                return found;
        } else if (frequency == Frequency::Weekly) {
            for (const int day : days) {
                if (!add(monday.addDays(qint64(step) * interval * 7 + day - 1)))
                    return found;
            }
        } else {
            const QDate day = first.date().addMonths(step * interval);
            if (day.day() == first.date().day()) {
                if (!add(day))
                    return found;
            } else if (QDateTime(day, first.time(), first.timeZone()) > end) {
                return found;
            }
        }
    }
}

} // namespace birch
