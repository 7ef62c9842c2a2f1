#include "core/notify/desktop_channel.h"

#include "core/notify/notify_log.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QVariantMap>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
bool isUrgent(NoticeEvent event)
{
    return event == NoticeEvent::ScanFailed || event == NoticeEvent::QueueFailed ||
           event == NoticeEvent::ScanPaused || event == NoticeEvent::StationSilent;
}
} // namespace

Status DesktopChannel::send(const Notice &notice, const NoticeTarget &, const Call &call)
{
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        static bool wasTold = false; // the sender's thread alone comes here
        if (!std::exchange(wasTold, true))
            qCInfo(notifyLog).noquote() << "no desktop here: messages for it are left out";
        return ok();
    }
    QDBusMessage message = QDBusMessage::createMethodCall(
        u"org.freedesktop.Notifications"_s, u"/org/freedesktop/Notifications"_s,
        u"org.freedesktop.Notifications"_s, u"Notify"_s);
    const uint urgency = isUrgent(notice.event) ? 2 : 1;
    message << u"Birch"_s << 0U << u"birch"_s << notice.subject << notice.body.toHtmlEscaped()
            << QStringList() << QVariantMap{{u"urgency"_s, QVariant::fromValue(uchar(urgency))}}
            << -1;
    const auto limit =
        std::chrono::duration_cast<std::chrono::milliseconds>(call.deadline.remaining());
    const QDBusMessage answer = bus.call(message, QDBus::Block, int(limit.count()));
    if (answer.type() != QDBusMessage::ErrorMessage)
        return ok();
    return Error{ErrorCode::NotConnected, answer.errorMessage()};
}

} // namespace birch
