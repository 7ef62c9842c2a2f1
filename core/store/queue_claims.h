#pragma once

#include "core/store/queue_item_repository.h"

#include <chrono>

namespace birch {

/// A program on a station that runs scans of shared queues.
struct QueueClaimer {
    QString station; ///< name
    QString process; ///< which program on it; unique while it lives
    QList<RequiredInstrument> instruments = {};
    QList<QUuid> queues = {}; ///< it takes from these; empty: from all that run
    std::chrono::microseconds lease = std::chrono::seconds(30);
    /// After a death its station may continue the scan for so long before others do.
    std::chrono::microseconds grace = std::chrono::minutes(2);
};

/// The right to run one item, until its lease ends.
struct QueueClaim {
    StoredQueueItem item;

    const QUuid &uid() const { return item.uid; }
    int epoch() const { return item.epoch; }
};

/// How stations share queues: a claim is a lease by the clock of the server, with an epoch that
/// grows with every claim and with whatever takes one back. Who has lost a lease is refused at the
/// next write: the link to a new scan (RunStore::createScan()) asks for the item's epoch, the rows
/// of a begun one for the scan's.
///
/// Belongs to the thread of its connection; every call is one transaction.
class QueueClaims
{
    Q_DECLARE_TR_FUNCTIONS(QueueClaims)
public:
    explicit QueueClaims(Connection &connection)
        : m_connection(connection)
    {
    }

    /// The scan that is next for \a claimer, leased; nothing: none now. Waits for nobody.
    Result<std::optional<QueueClaim>> claim(const Session &session, const QueueClaimer &claimer);
    /// As claim(), where one that comes before \a held has turned up: \a held is given back then.
    /// Conflict: \a held is lost already.
    Result<std::optional<QueueClaim>>
    claimBetter(const Session &session, const QueueClaimer &claimer, const QueueClaim &held);
    /// Registers the station and makes the leases of \a held begin anew. Returns those that are
    /// lost.
    Result<QList<QUuid>> beat(const Session &session, const QueueClaimer &claimer,
                              const QList<QueueClaim> &held);
    /// Gives back what has not begun. \a reason: why it was not run, "" : it just waits again.
    /// \a isOver: it can not be run at all, so it has failed.
    Status giveBack(const Session &session, const QueueClaim &claim, const QString &reason = {},
                    bool isOver = false);
    /// Gives back an interrupted scan that this station can not continue; it is looked at again
    /// some minutes later, by whoever is there then.
    Status declineToContinue(const Session &session, const QueueClaim &claim,
                             const QString &reason);
    /// Takes back what nobody runs any more: claims whose lease has ended, and those of this
    /// station's programs that \a isGone says have died. A scan of theirs becomes interrupted under
    /// a new epoch, and its item waits for the station that has the spool, then for any. Returns
    /// how many.
    Result<int> recover(const Session &session, const QueueClaimer &claimer,
                        const std::function<bool(const QString &process)> &isGone = {});
    /// The program leaves.
    Status leave(const Session &session, const QueueClaimer &claimer);

    /// Microseconds UTC by the clock that decides leases.
    static Result<qint64> serverNow(Connection &connection);

private:
    struct Lost {
        StoredQueueItem item;
        qint64 graceUntil = 0;
    };
    Result<std::optional<QueueClaim>> lease(const Session &session, const QueueClaimer &claimer,
                                            StoredQueueItem item, qint64 now);
    Status takeBack(const Session &session, const Lost &lost);

    Connection &m_connection;
};

} // namespace birch
