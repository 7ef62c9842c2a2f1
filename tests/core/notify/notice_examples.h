#pragma once

#include "core/base/id.h"
#include "core/notify/notice.h"

#include <QDateTime>

namespace birch::test {

inline Notice exampleNotice(NoticeEvent event = NoticeEvent::ScanFailed)
{
    using namespace Qt::StringLiterals;
    Notice notice;
    notice.uid = newUid();
    notice.event = event;
    notice.timeUs = QDateTime::currentMSecsSinceEpoch() * 1000;
    notice.station = u"BENCH"_s;
    notice.subject = u"BENCH: BENCH-261121-001 – IV 25 °C has failed"_s;
    notice.body = u"smu.bias: no answer within 2 s.\nPoints: 12 of 400."_s;
    notice.scan = newUid();
    notice.scanId = u"BENCH-261121-001"_s;
    notice.project = u"Diodes"_s;
    notice.operatorName = u"ada"_s;
    return notice;
}

inline NoticeTarget exampleTarget(NoticeChannelKind channel, const QString &address)
{
    return {newUid(), newUid(), QStringLiteral("Ada"), channel, address};
}

} // namespace birch::test
