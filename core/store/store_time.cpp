#include "core/store/store_time.h"

#include <QDateTime>
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

QString utcDay(qint64 us)
{
    return utcSeconds(us).toString(u"yyMMdd"_s);
}

} // namespace birch
