#pragma once

#include "app/session/workstation.h"
#include "core/plan/node_registry.h"
#include "core/store/queue_claims.h"

#include <QElapsedTimer>
#include <QSet>
#include <QTimer>

#include <map>

namespace birch {

/// Runs queues that are kept in the database on this station: claims what is next, gives it to the
/// engine, one scan ahead so that nothing waits for the database between two, and does what people
/// ask of the scans that run. Belongs to the thread of StationData's connection; while the database
/// is away what runs goes on, and nothing new is claimed.
class QueueStation : public QObject
{
    Q_OBJECT
public:
    struct Options {
        QList<QUuid> queues = {}; ///< empty: all that run, until somebody stops this
        bool isWaiting = false;   ///< stays when there is nothing left to run
    };
    /// What became of a scan that was begun here.
    struct Ended {
        QUuid item;
        QUuid scan;
        ScanState state = ScanState::Queued;
    };

    /// \a data and \a station outlive it.
    QueueStation(StationData &data, Workstation &station, Options options);
    ~QueueStation() override;

    /// Takes back what dead programs of this station had claimed, then begins.
    void start();
    /// Gives back what has not begun. What runs ends with the engine.
    void leave();
    const QList<Ended> &ended() const { return m_ended; }

signals:
    void noted(const QString &line);
    /// Nothing is left to run here. \a why: what stays behind, "" for nothing.
    void exhausted(const QString &why);

private:
    struct Held {
        QueueClaim claim;
        QUuid id; ///< of the engine's entry
        QUuid scan;
        bool isOver = false; ///< ended, not yet stored
        bool isBegun = false;
        QueueRequest request = QueueRequest::None; ///< as the engine was told
    };

    void look();
    Status lookOnce();
    Status beat();
    Status followRequests();
    Status fill();
    Result<bool> claimNext(bool isDisjoint);
    QSet<QString> busyInstruments() const;
    Status take(const QueueClaim &claim);
    Status replaceNext();
    Status seeWhatIsLeft();
    void obey(Held &held, QueueRequest request);
    void engineChanged(const QueueItem &item);
    void scanStored(const QUuid &scan, bool isStored, const QString &message);
    void forget(const QUuid &item);
    void dropUnbegun(const QUuid &item);
    Held *heldByEntry(const QUuid &id);
    Held *nextHeld(); ///< claimed, not begun
    int parallel();
    Connection &connection() { return m_data.connection(); }

    StationData &m_data;
    Workstation &m_station;
    Options m_options;
    NodeRegistry m_registry;
    BenchSpecs m_specs;
    QueueClaimer m_claimer;
    std::map<QUuid, Held> m_held; ///< by item
    QList<Ended> m_ended;
    QTimer m_timer;
    QElapsedTimer m_sinceBeat;
    QElapsedTimer m_sinceRecovery;
    bool m_wasAway = false;
    bool m_isLeaving = false;
};

/// The queue goes to "running", so that its scans may be claimed. Errors: Conflict - it is being
/// stopped by a station that still runs one of its scans.
Status openQueue(Connection &connection, const Session &session, const QUuid &queue);

} // namespace birch
