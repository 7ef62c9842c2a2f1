#include "core/base/iso_time.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kUsPerSecond = 1'000'000;
}

qint64 wholeSeconds(qint64 us)
{
    return us >= 0 ? us / kUsPerSecond : (us - kUsPerSecond + 1) / kUsPerSecond;
}

QString isoTime(qint64 us)
{
    const QDateTime seconds = QDateTime::fromSecsSinceEpoch(wholeSeconds(us), QTimeZone::utc());
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

} // namespace birch
