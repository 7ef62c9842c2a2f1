#include "core/data/pause_interval.h"

#include <QDateTime>
#include <QJsonObject>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString isoTime(qint64 timeNs)
{
    const qint64 us = timeNs / 1000;
    const auto time = QDateTime::fromMSecsSinceEpoch(us / 1000, QTimeZone::utc());
    return time.toString(u"yyyy-MM-ddTHH:mm:ss"_s) +
           u".%1Z"_s.arg(us % 1'000'000, 6, 10, QChar(u'0'));
}
} // namespace

QList<PauseInterval> pausesOf(const QList<ScanLogEntry> &log, std::optional<qint64> endedUs)
{
    QList<PauseInterval> pauses;
    for (const ScanLogEntry &entry : log) {
        const bool isOpen = !pauses.isEmpty() && !pauses.last().endedNs;
        if (entry.level == kPauseLevel && !isOpen)
            pauses.append({entry.timeNs, {}, entry.message});
        else if (entry.level == kResumeLevel && isOpen)
            pauses.last().endedNs = std::max(entry.timeNs, pauses.last().beganNs);
    }
    if (endedUs && !pauses.isEmpty() && !pauses.last().endedNs)
        pauses.last().endedNs = std::max(*endedUs * 1000, pauses.last().beganNs);
    return pauses;
}

QJsonArray pausesJson(const QList<PauseInterval> &pauses)
{
    QJsonArray list;
    for (const PauseInterval &pause : pauses)
        list.append(QJsonObject{
            {u"from"_s, isoTime(pause.beganNs)},
            {u"to"_s, pause.endedNs ? QJsonValue(isoTime(*pause.endedNs)) : QJsonValue()},
            {u"reason"_s, pause.reason}});
    return list;
}

} // namespace birch
