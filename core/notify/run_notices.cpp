#include "core/notify/run_notices.h"

#include "core/base/id.h"
#include "core/data/point_batch.h"

#include <QCoreApplication>
#include <QDateTime>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// What pauses a scan says why just before; an older warning is about something else.
constexpr qint64 kComplaintNs = 10'000'000'000;

QString tr(const char *text, int number = -1)
{
    return QCoreApplication::translate("RunNotices", text, nullptr, number);
}

std::optional<NoticeEvent> eventOf(ScanState state)
{
    switch (state) {
    case ScanState::Completed:
        return NoticeEvent::ScanCompleted;
    case ScanState::Failed:
        return NoticeEvent::ScanFailed;
    case ScanState::Aborted:
        return NoticeEvent::ScanAborted;
    case ScanState::Interrupted:
        return NoticeEvent::ScanInterrupted;
    default:
        return {};
    }
}

QString sentence(NoticeEvent event)
{
    switch (event) {
    case NoticeEvent::ScanCompleted:
        return tr("%1 is completed");
    case NoticeEvent::ScanFailed:
        return tr("%1 has failed");
    case NoticeEvent::ScanAborted:
        return tr("%1 was aborted");
    case NoticeEvent::ScanInterrupted:
        return tr("%1 is interrupted: it can be continued");
    case NoticeEvent::ScanPaused:
        return tr("%1 is paused and waits for somebody");
    default:
        return u"%1"_s;
    }
}
} // namespace

Notice RunNotices::about(const QUuid &uid, const Running &scan, NoticeEvent event) const
{
    const QString title = scan.details.title.isEmpty() ? scan.details.name : scan.details.title;
    const QString which = scan.scanId.isEmpty() ? title : scan.scanId + u" – "_s + title;
    Notice notice;
    notice.uid = newUid();
    notice.event = event;
    notice.timeUs = QDateTime::currentMSecsSinceEpoch() * 1000;
    notice.station = m_station;
    notice.subject = m_station + u": "_s + sentence(event).arg(which);
    notice.scan = uid;
    notice.scanId = scan.scanId;
    notice.project = scan.details.project;
    notice.operatorName = scan.details.operatorName;
    const QString elapsed =
        QDateTime::fromMSecsSinceEpoch((notice.timeUs - scan.startedUs) / 1000, Qt::UTC)
            .toString(u"HH:mm:ss"_s);
    notice.body = tr("Points: %1 of %2. Time since the start: %3.")
                      .arg(scan.points)
                      .arg(scan.pointsPlanned)
                      .arg(elapsed);
    return notice;
}

void RunNotices::started(const OpenedScan &opened, const NewScan &scan)
{
    Running &running = m_running[opened.uid];
    running.scanId = opened.scanId;
    running.details = scan.details;
    running.startedUs = scan.startedUs;
    running.pointsPlanned = scan.pointsPlanned;
    for (const qint64 rows : opened.rowsStored)
        running.points += rows;
}

void RunNotices::batch(const QUuid &scan, const PointBatch &batch)
{
    if (const auto found = m_running.find(scan); found != m_running.end())
        found->second.points += batch.rowCount();
}

void RunNotices::log(const QUuid &scan, const ScanLogEntry &entry)
{
    const auto found = m_running.find(scan);
    if (found != m_running.end() && (entry.level == u"warning"_s || entry.level == u"error"_s))
        found->second.complaint = entry;
}

/// A pause that nothing complained before was made by hand: whoever made it knows.
void RunNotices::paused(const QUuid &scan)
{
    const auto found = m_running.find(scan);
    if (found == m_running.end())
        return;
    const ScanLogEntry &complaint = found->second.complaint;
    const qint64 nowNs = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    if (complaint.message.isEmpty() || nowNs - complaint.timeNs > kComplaintNs)
        return;
    Notice notice = about(scan, found->second, NoticeEvent::ScanPaused);
    notice.body.prepend(complaint.message + u'\n');
    m_sink(notice);
}

void RunNotices::resumed(const QUuid &scan)
{
    if (const auto found = m_running.find(scan); found != m_running.end())
        found->second.complaint = {};
}

void RunNotices::ended(const QUuid &scan, ScanState state, const QString &reason)
{
    const auto found = m_running.find(scan);
    const auto event = eventOf(state);
    if (found == m_running.end() || !event)
        return;
    Notice notice = about(scan, found->second, *event);
    if (!reason.isEmpty())
        notice.body.prepend(reason + u'\n');
    m_running.erase(found);
    m_sink(notice);
}

} // namespace birch
