#include "core/store/store_time.h"

#include <QDateTime>
#include <QTimeZone>

#include <chrono>

using namespace Qt::StringLiterals;

namespace birch {

qint64 nowUs()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

QString utcDay(qint64 us)
{
    return QDateTime::fromSecsSinceEpoch(wholeSeconds(us), QTimeZone::utc()).toString(u"yyMMdd"_s);
}

} // namespace birch
