#pragma once

#include "app/session/station_data.h"
#include "core/notify/notice_sender.h"
#include "core/notify/run_notices.h"

#include <mutex>

namespace birch {

class QueueEngine;

/// Tells people what happens on this station, by the rules in the database. Belongs to the main
/// thread; the observer is called on the engine's.
class StationNotices : public QObject
{
    Q_OBJECT
public:
    /// \a data outlives it.
    StationNotices(StationData &data, const QString &station);
    ~StationNotices() override;

    RunObserver &observer() { return m_runs; }
    /// Of its queue: finished, failed.
    void follow(QueueEngine &engine);
    /// Reads the rules again; keeps the old ones while the database is away.
    void reloadRules();
    /// To everybody whose rules fit.
    void tell(Notice notice);
    /// Who wants to know of \a event, of whatever scan. Any thread.
    QList<NoticeTarget> peopleFor(NoticeEvent event);

private:
    void queueEnded(const QueueEngine &engine);

    StationData &m_data;
    const QString m_station;
    std::mutex m_mutex; // guards the rules: the engine's thread reads them
    QList<NoticeRule> m_rules;
    std::unique_ptr<NoticeSender> m_sender;
    RunNotices m_runs;
    bool m_wasRunning = false;
};

/// The rules that are switched on, with whom they tell. Errors as the repository.
Result<QList<NoticeRule>> readNoticeRules(Connection &connection, const Session &session);
/// The subscriber called \a key, by name or uid. Errors: NotFound; BadInput - it can not be told.
Result<NoticeTarget> readSubscriber(Connection &connection, const Session &session,
                                    const QString &key);
/// All ways there are, as the settings say. A secret that can not be read is logged, and that way
/// tells why it can not be used.
NoticeSender::Channels noticeChannels(const Settings &settings);
/// Where messages of this station wait.
Outbox stationOutbox(const Settings &settings);

} // namespace birch
