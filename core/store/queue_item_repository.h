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
};

/// One scan that waits in a shared queue, or what became of it.
struct StoredQueueItem {
    qint64 id = 0; ///< in this database only
    QUuid uid;
    QUuid queue;
    int position = 0;
    NewQueueItem asked;
    QueueItemState state = QueueItemState::Queued;
    QString claimedBy;                ///< station; "" while nobody has it
    std::optional<qint64> leaseUntil; ///< microseconds UTC
    int epoch = 0;                    ///< counts claims
    QUuid scan;                       ///< what it was run as; null: not yet
    qint64 revision = 0;
};

/// Shared queues as tables; claiming is the engine's. One per connection, on its thread.
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
    /// The item that \a station, which has \a instruments (identity "" where it is not known),
    /// should run next; nothing: none at \a nowUs. Inside a transaction of PostgreSQL its row is
    /// locked until the end, and rows that others have locked are passed over.
    Result<std::optional<StoredQueueItem>> nextFor(const Session &session, const QString &station,
                                                   const QList<RequiredInstrument> &instruments,
                                                   qint64 nowUs);

private:
    Result<QList<StoredQueueItem>> select(const QString &where, const QVariantList &values,
                                          const QString &order);
    Status loadNeeds(QList<StoredQueueItem> *items);
    /// Errors: Denied; NotFound.
    Status mayEdit(const Session &session, qint64 queue);
    /// As select(), of the queues that \a session may see.
    Result<QList<StoredQueueItem>> visible(const Session &session, QString where,
                                           QVariantList values, const QString &order);
    Status insert(const Session &session, const QVariantList &place, const NewQueueItem &item,
                  int position, QUuid *uid);

    Connection &m_connection;
};

} // namespace birch
