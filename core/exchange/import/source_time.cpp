#include "core/exchange/import/source_time.h"

#include <QDateTime>
#include <QRegularExpression>

#include <algorithm>
#include <cstdlib>

namespace birch {

namespace {
constexpr qint64 kSecondUs = 1'000'000;
constexpr qint64 kQuarterUs = 15 * 60 * kSecondUs;
constexpr qint64 kSameMomentUs = 3 * 60 * kSecondUs;
constexpr qint64 kFarthestZoneUs = 14 * 60 * 60 * kSecondUs;

/// Local minus UTC; nothing where the two are not of one moment.
std::optional<qint64> measured(qint64 utc, qint64 other)
{
    const qint64 difference = other - utc;
    const qint64 half = difference < 0 ? -kQuarterUs / 2 : kQuarterUs / 2;
    const qint64 offset = (difference + half) / kQuarterUs * kQuarterUs;
    if (std::abs(difference - offset) > kSameMomentUs || std::abs(offset) > kFarthestZoneUs)
        return std::nullopt;
    return offset;
}
} // namespace

std::optional<qint64> timeWithoutZone(const QString &text)
{
    static const QRegularExpression shape(QStringLiteral(
        "^(\\d{4}-\\d{2}-\\d{2})(?:[ T](\\d{2}:\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9}))?)?)?"
        "\\s*(Z|[+-]\\d{2}:?\\d{2})?$"));
    const QRegularExpressionMatch match = shape.match(text.trimmed());
    if (!match.hasMatch())
        return std::nullopt;
    const QDate date = QDate::fromString(match.captured(1), Qt::ISODate);
    const QTime time = match.captured(2).isEmpty()
                           ? QTime(0, 0)
                           : QTime::fromString(match.captured(2), QStringLiteral("HH:mm"));
    const int seconds = match.captured(3).toInt();
    if (!date.isValid() || !time.isValid() || seconds > 60)
        return std::nullopt;
    const QString fraction = match.captured(4).leftJustified(6, QLatin1Char('0')).left(6);
    const qint64 minutes = QDateTime(date, time, Qt::UTC).toSecsSinceEpoch();
    qint64 us = (minutes + seconds) * kSecondUs + fraction.toLongLong();
    if (const QString zone = match.captured(5); zone.size() > 1) {
        const qint64 offset = zone.mid(1, 2).toInt() * 60 + zone.right(2).toInt();
        us -= (zone.startsWith(QLatin1Char('-')) ? -offset : offset) * 60 * kSecondUs;
    }
    return us;
}

void SourceClock::learn(qint64 utc, qint64 other)
{
    if (const auto offset = measured(utc, other))
        m_offsets.insert(other, *offset);
}

qint64 SourceClock::utc(qint64 local) const
{
    if (m_offsets.isEmpty())
        return local;
    auto after = m_offsets.lowerBound(local);
    if (after == m_offsets.end() ||
        (after != m_offsets.begin() && local - std::prev(after).key() < after.key() - local))
        --after;
    return local - *after;
}

qint64 SourceClock::utc(qint64 local, std::optional<qint64> near) const
{
    const auto offset = near ? measured(*near, local) : std::nullopt;
    return offset ? local - *offset : utc(local);
}

QList<int> SourceClock::offsetsMinutes() const
{
    QList<int> minutes;
    for (qint64 offset : m_offsets) {
        const int each = int(offset / (60 * kSecondUs));
        if (!minutes.contains(each))
            minutes << each;
    }
    std::sort(minutes.begin(), minutes.end());
    return minutes;
}

} // namespace birch
