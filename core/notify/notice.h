#pragma once

#include "core/base/result.h"

#include <QJsonObject>
#include <QList>
#include <QUuid>

#include <optional>

namespace birch {

/// What people can be told of.
enum class NoticeEvent : quint8 {
    ScanCompleted,
    ScanFailed,
    ScanAborted,
    ScanInterrupted,
    ScanPaused, ///< by a guard, a failure rule, the disk: not by hand
    QueueFinished,
    QueueFailed,
    StationSilent, ///< its program died or hangs
    Test
};

/// "scan.failed": as stored in rules.
QString noticeEventName(NoticeEvent event);
std::optional<NoticeEvent> noticeEventFromName(const QString &name);
QStringList noticeEventNames();

/// One thing that happened. A value.
struct Notice {
    QUuid uid; ///< so that a repeated delivery can be told as one
    NoticeEvent event = NoticeEvent::Test;
    qint64 timeUs = 0; ///< UTC
    QString station;
    QString subject; ///< one line
    QString body;    ///< plain text
    QUuid scan;      ///< null: about none
    QString scanId;
    QString project;
    QString operatorName;

    bool operator==(const Notice &) const = default;
};

enum class NoticeChannelKind : quint8 { Mail, Webhook, Slack, Desktop };

std::optional<NoticeChannelKind> noticeChannelFromName(const QString &name);
QString noticeChannelName(NoticeChannelKind kind);

/// Who is told, and how.
struct NoticeTarget {
    QUuid subscriber;
    QUuid rule; ///< null: not by one
    QString name;
    NoticeChannelKind channel = NoticeChannelKind::Desktop;
    QString address; ///< of the mail, or the URL; may hold a token: never logged whole

    bool operator==(const NoticeTarget &) const = default;
};

/// Which events a subscriber wants.
struct NoticeRule {
    NoticeTarget target;
    QString event;    ///< "scan.failed", "scan.*" or "*"
    QString project;  ///< "": of every one
    QString ofPerson; ///< only scans of this operator; "": of everybody
    QString message;  ///< put before the text; may be ""
};

/// Whether \a pattern can ever fit an event.
bool isNoticePattern(const QString &pattern);

/// Who is to be told of \a notice: each subscriber once, by the first rule that fits.
QList<std::pair<NoticeTarget, QString>> recipientsOf(const QList<NoticeRule> &rules,
                                                     const Notice &notice);

QJsonObject noticeTargetJson(const NoticeTarget &target);
/// Errors: BadInput.
Result<NoticeTarget> noticeTargetFromJson(const QJsonObject &json);
QJsonObject noticeJson(const Notice &notice);
/// Errors: BadInput.
Result<Notice> noticeFromJson(const QJsonObject &json);

} // namespace birch
