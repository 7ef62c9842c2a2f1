#include "core/store/store_time.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QTimeZone>

#include <chrono>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kUsPerSecond = 1'000'000;

QDateTime utcSeconds(qint64 us)
{
    const qint64 seconds = us >= 0 ? us / kUsPerSecond : (us - kUsPerSecond + 1) / kUsPerSecond;
    return QDateTime::fromSecsSinceEpoch(seconds, QTimeZone::utc());
}
} // namespace

qint64 nowUs()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

QString isoTime(qint64 us)
{
    const QDateTime seconds = utcSeconds(us);
    const qint64 fraction = us - seconds.toSecsSinceEpoch() * kUsPerSecond;
    return seconds.toString(u"yyyy-MM-ddTHH:mm:ss"_s) + u".%1Z"_s.arg(fraction, 6, 10, QChar(u'0'));
}

std::optional<qint64> timeFromIso(const QString &text)
{
    static const QRegularExpression format(
        uR"(^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d))?$)"_s);
    const QRegularExpressionMatch match = format.match(text.trimmed());
    if (!match.hasMatch())
        return {};
    const QString clock = match.captured(2).isEmpty() ? u"00:00"_s : match.captured(2);
    const QString zone = match.captured(4).isEmpty() ? u"Z"_s : match.captured(4);
    const QDateTime time =
        QDateTime::fromString(match.captured(1) + u'T' + clock + zone, Qt::ISODate);
    if (!time.isValid())
        return {};
    const QString digits = match.captured(3).leftJustified(6, u'0').left(6);
    return time.toSecsSinceEpoch() * kUsPerSecond + digits.toLongLong();
}

QString utcDay(qint64 us)
{
    return utcSeconds(us).toString(u"yyMMdd"_s);
}

} // namespace birch
