#pragma once

#include "app/session/station_data.h"
#include "core/notify/notice_sender.h"
#include "core/notify/run_notices.h"

#include <QPointer>
#include <QTimer>

#include <mutex>

namespace birch {

class ChangeFeed;
class QueueEngine;
class StoreReader;

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
    /// Rules that are made or changed from now on count, whoever makes them. Nothing waits for the
    /// database: the old ones count until the new ones are read.
    void follow(ChangeFeed &changes, StoreReader &reader);
    /// To everybody whose rules fit.
    void tell(Notice notice);
    /// Who wants to know of \a event, of whatever scan. Any thread.
    QList<NoticeTarget> peopleFor(NoticeEvent event);

private:
    void queueEnded(const QueueEngine &engine);
    void readRules();
    void takeRules(Result<QList<NoticeRule>> rules);

    StationData &m_data;
    const QString m_station;
    std::mutex m_mutex; // guards the rules: the engine's thread reads them
    QList<NoticeRule> m_rules;
    std::unique_ptr<NoticeSender> m_sender;
    RunNotices m_runs;
    bool m_wasRunning = false;
    QPointer<StoreReader> m_reader;
    QTimer m_rest; ///< a scan that runs changes a SQLite file many times a second
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
