#include "app/session/station_notices.h"

#include "core/base/id.h"
#include "core/base/secret_file.h"
#include "core/engine/queue_engine.h"
#include "core/notify/desktop_channel.h"
#include "core/notify/mail_channel.h"
#include "core/notify/notify_log.h"
#include "core/notify/webhook_channel.h"
#include "core/store/change_feed.h"
#include "core/store/entity/entities.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/store_reader.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kMostRules = 1000;
constexpr std::chrono::seconds kLeaveTime{5};
constexpr std::chrono::seconds kRulesRest{1};

QString tr(const char *text)
{
    return QCoreApplication::translate("StationNotices", text);
}

const EntitySpec &specOf(const QString &table)
{
    return *entityByTable(table);
}

Result<NoticeTarget> targetOf(const EntityRecord &subscriber)
{
    const auto channel = noticeChannelFromName(subscriber.text(u"channel_type"_s));
    if (!channel)
        return Error{ErrorCode::BadInput,
                     tr("%1 is told nothing: give it the channel email, webhook, slack or desktop")
                         .arg(subscriber.text(u"name"_s))};
    return NoticeTarget{QUuid::fromString(subscriber.uid),
                        {},
                        subscriber.text(u"name"_s),
                        *channel,
                        subscriber.text(u"address"_s)};
}

QString secretOf(const Settings &settings, Setting file)
{
    const QString path = settings.text(file);
    if (settings.origin(file) == SettingOrigin::Default && !QFile::exists(path))
        return {};
    const auto secret = readSecretFile(path);
    if (!secret)
        qCWarning(notifyLog).noquote() << secret.error().message;
    return secret ? secret.value() : QString();
}

/// The program's own note, not an act of whoever runs it; sender's thread.
void writeLog(const Database &database, const QString &user, const QString &station,
              const DeliveryAttempt &attempt)
{
    if (!attempt.isSent && !attempt.isGivenUp)
        return;
    const auto connection = database.connect();
    if (!connection) {
        qCInfo(notifyLog).noquote() << connection.error().message;
        return;
    }
    const OutboxEntry &entry = attempt.entry;
    const Session session{user, Role::Admin, station};
    QVariantMap values{{u"subscriber"_s, uidText(entry.target.subscriber)},
                       {u"event_type"_s, noticeEventName(entry.notice.event)},
                       {u"subject"_s, entry.notice.subject},
                       {u"body"_s, entry.notice.body},
                       {u"status"_s, attempt.isSent ? u"sent"_s : u"failed"_s},
                       {u"error_message"_s, attempt.problem},
                       {u"retry_count"_s, entry.tries - 1},
                       {u"triggered_by"_s, station}};
    if (!entry.target.rule.isNull())
        values.insert(u"rule"_s, uidText(entry.target.rule));
    if (attempt.isSent)
        values.insert(u"sent_at"_s, QDateTime::currentDateTimeUtc());
    EntityRepository log(*connection.value(), specOf(u"notification_log"_s));
    if (const auto noted = log.insert(session, values, {}, {.origin = Origin::Store}); !noted)
        qCInfo(notifyLog).noquote() << noted.error().message;
}
} // namespace

Result<QList<NoticeRule>> readNoticeRules(Connection &connection, const Session &session)
{
    EntityFilter filter;
    filter.perPage = kMostRules;
    filter.equal = {{u"is_active"_s, u"true"_s}};
    filter.isArchiveIncluded = false;
    const auto subscribers =
        EntityRepository(connection, specOf(u"subscribers"_s)).list(session, filter);
    if (!subscribers)
        return subscribers.error();
    const auto rules =
        EntityRepository(connection, specOf(u"notification_rules"_s)).list(session, filter);
    if (!rules)
        return rules.error();
    QMap<QString, EntityRecord> byUid;
    for (const EntityRecord &subscriber : subscribers.value().records)
        byUid.insert(subscriber.uid, subscriber);
    QList<NoticeRule> all;
    for (const EntityRecord &record : rules.value().records) {
        const auto subscriber = byUid.constFind(record.referenceUids.value(u"subscriber"_s));
        if (subscriber == byUid.cend())
            continue;
        auto target = targetOf(*subscriber);
        const QString event = record.text(u"event_type"_s);
        if (!target || !isNoticePattern(event)) {
            qCWarning(notifyLog).noquote()
                << (target ? tr("A notification rule of %1 is for \"%2\", which never happens: "
                                "choose one of %3")
                                 .arg(subscriber->text(u"name"_s), event,
                                      noticeEventNames().join(u", "_s))
                           : target.error().message);
            continue;
        }
        target.value().rule = QUuid::fromString(record.uid);
        const bool isOwn = record.values.value(u"owner_only"_s).toBool();
        all << NoticeRule{target.value(), event, record.text(u"project"_s),
                          isOwn ? subscriber->text(u"user"_s) : QString(),
                          record.text(u"message"_s)};
    }
    return all;
}

Result<NoticeTarget> readSubscriber(Connection &connection, const Session &session,
                                    const QString &key)
{
    EntityRepository repository(connection, specOf(u"subscribers"_s));
    EntityFilter filter;
    filter.equal = {{u"name"_s, key}};
    const auto named = repository.list(session, filter);
    if (!named)
        return named.error();
    if (named.value().records.size() == 1)
        return targetOf(named.value().records.first());
    const auto found = repository.find(session, key);
    return found ? targetOf(found.value()) : Result<NoticeTarget>(found.error());
}

NoticeSender::Channels noticeChannels(const Settings &settings)
{
    const QString certificates = settings.text(Setting::NoticeCertificates);
    MailServer server{
        settings.text(Setting::MailServer), settings.text(Setting::MailFrom),
        settings.text(Setting::MailUser),   secretOf(settings, Setting::MailPasswordFile),
        settings.text(Setting::MailTls),    certificates};
    const QByteArray secret = secretOf(settings, Setting::WebhookSecretFile).toUtf8();
    NoticeSender::Channels channels;
    channels[NoticeChannelKind::Mail] = std::make_unique<MailChannel>(std::move(server));
    channels[NoticeChannelKind::Webhook] = std::make_unique<WebhookChannel>(secret, certificates);
    channels[NoticeChannelKind::Slack] =
        std::make_unique<WebhookChannel>(QByteArray(), certificates);
    channels[NoticeChannelKind::Desktop] = std::make_unique<DesktopChannel>();
    return channels;
}

Outbox stationOutbox(const Settings &settings)
{
    return Outbox(settings.text(Setting::StatePath) + u"/outbox"_s);
}

StationNotices::StationNotices(StationData &data, const QString &station)
    : m_data(data)
    , m_station(station)
    , m_runs(station, [this](const Notice &notice) { tell(notice); })
{
    const Database *database = data.hasDatabase() ? &data.database() : nullptr;
    m_sender = std::make_unique<NoticeSender>(
        stationOutbox(data.settings()), noticeChannels(data.settings()),
        [database, user = data.user(), station](const DeliveryAttempt &attempt) {
            if (database)
                writeLog(*database, user, station, attempt);
        });
    if (data.isConnected())
        takeRules(readNoticeRules(data.connection(), data.session()));
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRulesRest);
    connect(&m_rest, &QTimer::timeout, this, &StationNotices::readRules);
}

StationNotices::~StationNotices()
{
    m_sender->flush(kLeaveTime); // what is not taken until then waits in the outbox
}

void StationNotices::follow(ChangeFeed &changes, StoreReader &reader)
{
    m_reader = &reader;
    const auto readSoon = [this] {
        if (!m_rest.isActive())
            m_rest.start();
    };
    connect(&changes, &ChangeFeed::anythingMayHaveChanged, this, readSoon);
    connect(&changes, &ChangeFeed::changed, this, [readSoon](const QList<Change> &all) {
        const QStringList kinds{specOf(u"subscribers"_s).table,
                                specOf(u"notification_rules"_s).table};
        if (std::any_of(all.begin(), all.end(),
                        [&kinds](const Change &change) { return kinds.contains(change.kind); }))
            readSoon();
    });
}

void StationNotices::readRules()
{
    if (!m_reader)
        return;
    m_reader->ask<QList<NoticeRule>>(
        readNoticeRules, this,
        [this](Result<QList<NoticeRule>> rules) { takeRules(std::move(rules)); });
}

/// The old ones count on while the database is away.
void StationNotices::takeRules(Result<QList<NoticeRule>> rules)
{
    if (!rules) {
        qCWarning(notifyLog).noquote() << rules.error().message;
        return;
    }
    const std::scoped_lock lock(m_mutex);
    m_rules = std::move(rules).value();
}

void StationNotices::tell(Notice notice)
{
    QList<std::pair<NoticeTarget, QString>> recipients;
    {
        const std::scoped_lock lock(m_mutex);
        recipients = recipientsOf(m_rules, notice);
    }
    const QString body = notice.body;
    for (const auto &[target, message] : std::as_const(recipients)) {
        notice.body = message.isEmpty() ? body : message + u"\n\n"_s + body;
        m_sender->post(notice, {target});
    }
}

QList<NoticeTarget> StationNotices::peopleFor(NoticeEvent event)
{
    Notice any;
    any.event = event;
    const std::scoped_lock lock(m_mutex);
    QList<NoticeTarget> people;
    for (const auto &[target, message] : recipientsOf(m_rules, any))
        people << target;
    return people;
}

void StationNotices::follow(QueueEngine &engine)
{
    connect(&engine, &QueueEngine::queueStateChanged, this, [this, &engine](QueueState state) {
        const bool isRunning = state != QueueState::Idle;
        if (m_wasRunning && !isRunning)
            queueEnded(engine);
        m_wasRunning = isRunning;
    });
}

void StationNotices::queueEnded(const QueueEngine &engine)
{
    QMap<ScanState, int> count;
    for (const QueueItem &item : engine.items())
        ++count[item.state];
    const int bad = count[ScanState::Failed] + count[ScanState::Aborted];
    Notice notice;
    notice.uid = newUid();
    notice.event = bad > 0 ? NoticeEvent::QueueFailed : NoticeEvent::QueueFinished;
    notice.timeUs = QDateTime::currentMSecsSinceEpoch() * 1000;
    notice.station = m_station;
    notice.subject = bad > 0 ? tr("%1: the queue has ended, not all is well").arg(m_station)
                             : tr("%1: the queue is done").arg(m_station);
    notice.body = tr("Completed: %1. Failed: %2. Aborted: %3. Interrupted: %4. Still waiting: %5.")
                      .arg(count[ScanState::Completed])
                      .arg(count[ScanState::Failed])
                      .arg(count[ScanState::Aborted])
                      .arg(count[ScanState::Interrupted])
                      .arg(count[ScanState::Queued]);
    tell(notice);
}

} // namespace birch
