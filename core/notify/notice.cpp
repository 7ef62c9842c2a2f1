#include "core/notify/notice.h"

#include "core/base/id.h"

#include <QCoreApplication>
#include <QSet>

#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::array kEvents{
    std::pair(NoticeEvent::ScanCompleted, "scan.completed"_L1),
    std::pair(NoticeEvent::ScanFailed, "scan.failed"_L1),
    std::pair(NoticeEvent::ScanAborted, "scan.aborted"_L1),
    std::pair(NoticeEvent::ScanInterrupted, "scan.interrupted"_L1),
    std::pair(NoticeEvent::ScanPaused, "scan.paused"_L1),
    std::pair(NoticeEvent::QueueFinished, "queue.finished"_L1),
    std::pair(NoticeEvent::QueueFailed, "queue.failed"_L1),
    std::pair(NoticeEvent::StationSilent, "station.silent"_L1),
    std::pair(NoticeEvent::Test, "test"_L1),
};

constexpr std::array kChannels{
    std::pair(NoticeChannelKind::Mail, "email"_L1),
    std::pair(NoticeChannelKind::Webhook, "webhook"_L1),
    std::pair(NoticeChannelKind::Slack, "slack"_L1),
    std::pair(NoticeChannelKind::Desktop, "desktop"_L1),
};

template<typename Table>
auto byName(const Table &table, const QString &name)
    -> std::optional<typename Table::value_type::first_type>
{
    for (const auto &[value, text] : table) {
        if (name == text)
            return value;
    }
    return {};
}

template<typename Table, typename Value>
QString nameOf(const Table &table, Value wanted)
{
    for (const auto &[value, text] : table) {
        if (value == wanted)
            return text;
    }
    return {};
}

bool fits(const QString &pattern, NoticeEvent event)
{
    const QString name = noticeEventName(event);
    if (pattern == u'*' || pattern == name)
        return true;
    return pattern.endsWith(u".*"_s) && name.startsWith(pattern.chopped(1));
}

bool fits(const NoticeRule &rule, const Notice &notice)
{
    return fits(rule.event.trimmed(), notice.event) &&
           (rule.project.isEmpty() || rule.project == notice.project) &&
           (rule.ofPerson.isEmpty() || rule.ofPerson == notice.operatorName);
}
} // namespace

QString noticeEventName(NoticeEvent event)
{
    return nameOf(kEvents, event);
}

std::optional<NoticeEvent> noticeEventFromName(const QString &name)
{
    return byName(kEvents, name);
}

QStringList noticeEventNames()
{
    QStringList names;
    for (const auto &[event, name] : kEvents)
        names << name;
    return names;
}

std::optional<NoticeChannelKind> noticeChannelFromName(const QString &name)
{
    return byName(kChannels, name);
}

QString noticeChannelName(NoticeChannelKind kind)
{
    return nameOf(kChannels, kind);
}

bool isNoticePattern(const QString &pattern)
{
    for (const auto &[event, name] : kEvents) {
        if (fits(pattern.trimmed(), event))
            return true;
    }
    return false;
}

QList<std::pair<NoticeTarget, QString>> recipientsOf(const QList<NoticeRule> &rules,
                                                     const Notice &notice)
{
    QList<std::pair<NoticeTarget, QString>> recipients;
    QSet<QUuid> known;
    for (const NoticeRule &rule : rules) {
        if (!fits(rule, notice) || known.contains(rule.target.subscriber))
            continue;
        known << rule.target.subscriber;
        recipients << std::pair(rule.target, rule.message);
    }
    return recipients;
}

QJsonObject noticeTargetJson(const NoticeTarget &target)
{
    return {{u"subscriber"_s, uidText(target.subscriber)},
            {u"rule"_s, uidText(target.rule)},
            {u"name"_s, target.name},
            {u"channel"_s, noticeChannelName(target.channel)},
            {u"address"_s, target.address}};
}

Result<NoticeTarget> noticeTargetFromJson(const QJsonObject &json)
{
    const auto channel = noticeChannelFromName(json.value(u"channel"_s).toString());
    if (!channel)
        return Error{ErrorCode::BadInput,
                     QCoreApplication::translate("Notice", "There is no such way to tell anybody")};
    return NoticeTarget{QUuid::fromString(json.value(u"subscriber"_s).toString()),
                        QUuid::fromString(json.value(u"rule"_s).toString()),
                        json.value(u"name"_s).toString(), *channel,
                        json.value(u"address"_s).toString()};
}

QJsonObject noticeJson(const Notice &notice)
{
    QJsonObject json{{u"uid"_s, uidText(notice.uid)},
                     {u"event"_s, noticeEventName(notice.event)},
                     {u"time_us"_s, QString::number(notice.timeUs)},
                     {u"station"_s, notice.station},
                     {u"subject"_s, notice.subject},
                     {u"body"_s, notice.body}};
    if (!notice.scan.isNull())
        json.insert(u"scan"_s, uidText(notice.scan));
    for (const auto &[key, text] :
         {std::pair(u"scan_id"_s, notice.scanId), std::pair(u"project"_s, notice.project),
          std::pair(u"operator"_s, notice.operatorName)}) {
        if (!text.isEmpty())
            json.insert(key, text);
    }
    return json;
}

Result<Notice> noticeFromJson(const QJsonObject &json)
{
    const auto event = noticeEventFromName(json.value(u"event"_s).toString());
    Notice notice;
    notice.uid = QUuid::fromString(json.value(u"uid"_s).toString());
    if (!event || notice.uid.isNull())
        return Error{ErrorCode::BadInput,
                     QCoreApplication::translate("Notice", "This is no notice of Birch")};
    notice.event = *event;
    notice.timeUs = json.value(u"time_us"_s).toString().toLongLong();
    notice.station = json.value(u"station"_s).toString();
    notice.subject = json.value(u"subject"_s).toString();
    notice.body = json.value(u"body"_s).toString();
    notice.scan = QUuid::fromString(json.value(u"scan"_s).toString());
    notice.scanId = json.value(u"scan_id"_s).toString();
    notice.project = json.value(u"project"_s).toString();
    notice.operatorName = json.value(u"operator"_s).toString();
    return notice;
}

} // namespace birch
