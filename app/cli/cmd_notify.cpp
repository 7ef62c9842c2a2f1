#include "app/cli/commands.h"
#include "app/cli/verb_table.h"
#include "app/session/station_notices.h"
#include "core/base/id.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
constexpr std::chrono::seconds kTestLimit{30};

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

Result<QJsonObject> test(StationData &data, const Invocation &, const QStringList &given)
{
    const auto target = readSubscriber(data.connection(), data.session(), given[0]);
    if (!target)
        return target.error();
    Notice notice;
    notice.uid = newUid();
    notice.timeUs = QDateTime::currentMSecsSinceEpoch() * 1000;
    notice.station = data.station();
    notice.operatorName = data.user();
    notice.subject = tr("%1: a test of Birch's messages").arg(data.station());
    notice.body = tr("If you can read this, messages of %1 reach you.").arg(data.station());
    const auto channels = noticeChannels(data.settings());
    const Status sent =
        channels.at(target.value().channel)->send(notice, target.value(), Call::within(kTestLimit));
    if (!sent)
        return sent.error();
    return QJsonObject{{u"told"_s, target.value().name},
                       {u"channel"_s, noticeChannelName(target.value().channel)}};
}

Result<QJsonObject> rules(StationData &data, const Invocation &, const QStringList &)
{
    const auto read = readNoticeRules(data.connection(), data.session());
    if (!read)
        return read.error();
    QJsonArray all;
    for (const NoticeRule &rule : read.value())
        all.append(QJsonObject{{u"event"_s, rule.event},
                               {u"tells"_s, rule.target.name},
                               {u"channel"_s, noticeChannelName(rule.target.channel)},
                               {u"project"_s, rule.project},
                               {u"operator"_s, rule.ofPerson}});
    return QJsonObject{{u"rules"_s, all}};
}

Result<QJsonObject> pending(StationData &data, const Invocation &, const QStringList &)
{
    QJsonArray all;
    for (const OutboxEntry &entry : stationOutbox(data.settings()).entries())
        all.append(QJsonObject{
            {u"subject"_s, entry.notice.subject},
            {u"tells"_s, entry.target.name},
            {u"channel"_s, noticeChannelName(entry.target.channel)},
            {u"tries"_s, entry.tries},
            {u"next"_s, QDateTime::fromMSecsSinceEpoch(entry.dueUs / 1000).toString(Qt::ISODate)}});
    return QJsonObject{{u"pending"_s, all}};
}
} // namespace

Command notifyCommand()
{
    const auto told = [](const Invocation &invocation, const QJsonObject &answer) {
        invocation.print(
            tr("%1 has been told by %2.")
                .arg(answer.value(u"told"_s).toString(), answer.value(u"channel"_s).toString()));
    };
    return verbCommand(
        u"notify"_s,
        tr("Who is told of what; made with birchctl subscribers and birchctl notification-rules."),
        {{u"test"_s, u"SUBSCRIBER"_s, tr("sends a message now, to see that it arrives"), test,
          told},
         {u"rules"_s,
          {},
          tr("the rules that are in force"),
          rules,
          listPrinter(u"rules"_s,
                      {u"event"_s, u"tells"_s, u"channel"_s, u"project"_s, u"operator"_s})},
         {u"pending"_s,
          {},
          tr("messages of this station that nobody has taken yet"),
          pending,
          listPrinter(u"pending"_s,
                      {u"subject"_s, u"tells"_s, u"channel"_s, u"tries"_s, u"next"_s})}});
}

} // namespace birch::cli
