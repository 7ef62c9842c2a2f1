#pragma once

#include "core/data/run_store.h"
#include "core/store/connection.h"
#include "core/store/session.h"

namespace birch {

/// Of an item in a queue that stations share.
enum class QueueItemState : quint8 { Queued, Claimed, Completed, Aborted, Failed, Cancelled };
QString queueItemStateName(QueueItemState state); ///< as stored: "queued" …
std::optional<QueueItemState> queueItemStateFromName(const QString &name);

/// An instrument that the station of an item must have.
struct RequiredInstrument {
    QString nickname;   ///< in the tree
    QString definition; ///< id of its definition
    QString identity;   ///< "" : any of that definition will do

    bool operator==(const RequiredInstrument &) const = default;
};

/// When it is an item's turn.
enum class QueueTurn : quint8 {
    Now,     ///< before all others, past its gate and its start time
    InOrder, ///< by priority, then position
    AtEnd    ///< once more after all others: it has failed
};

/// What is asked of the station that runs an item.
enum class QueueRequest : quint8 { None, Pause, Abort };
QString queueRequestName(QueueRequest request); ///< as stored: "" "pause" "abort"

/// What is asked of a station.
struct NewQueueItem {
    QString name;
    QJsonObject tree; ///< the scan document
    ScanDetails details;
    int priority = 0;                ///< higher is claimed first
    bool isReady = true;             ///< the gate: somebody has released it
    std::optional<qint64> notBefore; ///< microseconds UTC
    QString station;                 ///< name; "" : any that has the instruments
    QList<RequiredInstrument> needs;
    int repeats = 1; ///< how often it is run
};

/// One scan that waits in a shared queue, or what became of it.
struct StoredQueueItem {
    qint64 id = 0; ///< in this database only
    QUuid uid;
    QUuid queue;
    int position = 0;
    NewQueueItem asked;
    QueueItemState state = QueueItemState::Queued;
    QueueTurn turn = QueueTurn::InOrder;
    QueueRequest request = QueueRequest::None;
    int repeatsDone = 0;
    QString reason;                   ///< of its last ending, or why it waits again
    QString claimedBy;                ///< station; "" while nobody has it
    QString claimedProcess;           ///< program on that station
    std::optional<qint64> leaseUntil; ///< microseconds UTC
    QString heldFor;                  ///< station that is to continue it; "" : any
    std::optional<qint64> heldUntil;  ///< after that any station may
    int epoch = 0;                    ///< counts claims and what takes a claim back
    QUuid scan;                       ///< what it was run as; null: not yet
    QString scanId;                   ///< human id; "" without a scan
    std::optional<ScanState> scanState;
    qint64 points = 0;
    qint64 pointsPlanned = 0;
    qint64 startedUs = 0; ///< of the scan; 0: not yet
    std::optional<qint64> endedUs;
    qint64 revision = 0;

    /// Claimed, and its scan is in the database or is being continued.
    bool isBegun() const { return state == QueueItemState::Claimed && !scan.isNull(); }
    /// An interrupted scan that goes on when it is its turn.
    bool isContinued() const
    {
        return state == QueueItemState::Queued && scanState == ScanState::Interrupted;
    }
};

/// What to change of a waiting item; what is not set stays.
struct QueueItemEdit {
    std::optional<QString> name;
    std::optional<QJsonObject> tree;
    std::optional<QList<RequiredInstrument>> needs;
    std::optional<ScanDetails> details;
    std::optional<int> priority;
    std::optional<bool> isReady;
    std::optional<std::optional<qint64>> notBefore;
    std::optional<QString> station; ///< "" : any
    std::optional<int> repeats;
};

/// Shared queues as tables; claims are in QueueClaims. One per connection, on its thread. What is
/// changed of an item that a station has claimed but not begun takes the claim back.
class QueueItemRepository
{
    Q_DECLARE_TR_FUNCTIONS(QueueItemRepository)
public:
    explicit QueueItemRepository(Connection &connection)
        : m_connection(connection)
    {
    }

    /// Appends to \a queue, all or none, in order. Errors: NotFound - no such queue or station;
    /// BadInput - an item without a name or a tree; Denied.
    Result<QList<QUuid>> append(const Session &session, const QUuid &queue,
                                const QList<NewQueueItem> &items);
    /// By position.
    Result<QList<StoredQueueItem>> list(const Session &session, const QUuid &queue);
    /// Errors: NotFound.
    Result<StoredQueueItem> get(const Session &session, const QUuid &item);
    /// By uid, the unique beginning of one, or "QUEUE/N": the N-th of a queue, counted from 1.
    /// Errors: NotFound; Conflict - several.
    Result<StoredQueueItem> find(const Session &session, const QString &key);

    /// All of these. Errors: NotFound; Denied; Conflict - it runs or is over, or (for edit())
    /// somebody has changed it since \a revision.
    Status edit(const Session &session, const QUuid &item, const QueueItemEdit &edit,
                qint64 revision);
    /// To row \a row of its queue, counted from 0 without the moved one. Also while others run.
    Status move(const Session &session, const QUuid &item, int row);
    /// One that is over goes as well; its scan stays.
    Status remove(const Session &session, const QUuid &item);
    /// A copy right behind it, whatever became of it.
    Result<QUuid> duplicate(const Session &session, const QUuid &item);
    /// One that is over waits once more, at the end of its queue.
    Status requeue(const Session &session, const QUuid &item);
    /// It is next, whatever its priority, gate and start time; the rest stays as it is.
    Status runNow(const Session &session, const QUuid &item);
    /// Asks the station that runs it. Errors: Conflict - nobody runs it.
    Status ask(const Session &session, const QUuid &item, QueueRequest request);
    /// Asks every station that runs one of \a queue.
    Status askAll(const Session &session, const QUuid &queue, QueueRequest request);
    /// Removes what is over; how many that were.
    Result<qint64> clearEnded(const Session &session, const QUuid &queue);

    /// The item that \a station, which has \a instruments (identity "" where it is not known,
    /// nickname "" for any), should run next; nothing: none at \a nowUs. Of \a queues, empty: of
    /// all that run. Inside a transaction of PostgreSQL its row is locked until the end, and rows
    /// that others have locked are passed over.
    Result<std::optional<StoredQueueItem>> nextFor(const Session &session, const QString &station,
                                                   const QList<RequiredInstrument> &instruments,
                                                   qint64 nowUs, const QList<QUuid> &queues = {});

private:
    Result<QList<StoredQueueItem>> select(const QString &where, const QVariantList &values,
                                          const QString &order);
    Status loadNeeds(QList<StoredQueueItem> *items);
    /// The item, its queue's row locked. Errors: Denied; NotFound.
    Result<StoredQueueItem> locked(const Session &session, const QUuid &item);
    /// As locked(), of one that has not begun. Errors: Conflict.
    Result<StoredQueueItem> waiting(const Session &session, const QUuid &item);
    /// "UPDATE queue_items SET …, revision, updated": takes back a claim that has not begun.
    Status change(const Session &session, const StoredQueueItem &item, const QString &assignments,
                  const QVariantList &values);
    Status tell(const Session &session, const StoredQueueItem &item, const QString &action,
                const QString &message);
    Result<QVariant> stationId(const QString &name);
    Status insertNeeds(qint64 item, const QList<RequiredInstrument> &needs);
    /// As select(), of the queues that \a session may see.
    Result<QList<StoredQueueItem>> visible(const Session &session, QString where,
                                           QVariantList values, const QString &order);
    Status insert(const Session &session, const QVariantList &place, const NewQueueItem &item,
                  int position, QUuid *uid);

    Connection &m_connection;
};

} // namespace birch
