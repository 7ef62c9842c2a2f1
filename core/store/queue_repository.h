#pragma once

#include "core/data/queue_settings.h"
#include "core/data/run_state.h"
#include "core/store/connection.h"
#include "core/store/session.h"

#include <QUuid>

namespace birch {

/// One queue with what is in it, counted.
struct StoredQueue {
    qint64 id = 0; ///< in this database only
    QUuid uid;
    QString name;
    QueueState state = QueueState::Idle;
    QueueSettings settings;
    QMap<QString, QString> fields; ///< of the lab's own: its scans begin with them
    QString station;               ///< that made it; "" for none
    qint64 waiting = 0;
    qint64 claimed = 0;
    qint64 ended = 0;
    qint64 completed = 0; ///< of those that have ended
    qint64 scans = 0;     ///< that were run in it
    qint64 createdUs = 0; ///< microseconds UTC

    qint64 total() const { return waiting + claimed + ended; }
};

/// One line of a queue's log.
struct QueueLogLine {
    qint64 atUs = 0;
    QString level;
    QString message;
    QString scanId; ///< "" for the queue's own
};

/// Queues as people make and run them. One per connection, on its thread.
class QueueRepository
{
    Q_DECLARE_TR_FUNCTIONS(QueueRepository)
public:
    explicit QueueRepository(Connection &connection)
        : m_connection(connection)
    {
    }

    /// Errors: Denied.
    Result<QUuid> create(const Session &session, const QString &station, const QString &name,
                         const QueueSettings &settings);
    /// As create(), for people: Conflict where they have a queue of that name, BadInput without a
    /// name.
    Result<QUuid> createNamed(const Session &session, const QString &station, const QString &name,
                              const QueueSettings &settings,
                              const QMap<QString, QString> &fields = {});
    /// Newest first.
    Result<QList<StoredQueue>> list(const Session &session);
    /// By uid or name; of several of one name the one that people made.
    /// Errors: NotFound; Conflict - several: give the uid.
    Result<StoredQueue> find(const Session &session, const QString &key);
    Status rename(const Session &session, const QUuid &queue, const QString &name);
    Status setSettings(const Session &session, const QUuid &queue, const QueueSettings &settings);
    /// Instead of those that it has. Scans that run keep what they began with.
    Status setFields(const Session &session, const QUuid &queue,
                     const QMap<QString, QString> &fields);
    /// Errors: NotFound; Denied; Conflict - not allowed from the state it is in.
    Status setState(const Session &session, const QUuid &queue, QueueState state);
    /// Idle, unless somebody runs it or one of its scans.
    Status settleState(const Session &session, const QUuid &queue);

    /// Newest last, at most \a limit of them.
    Result<QList<QueueLogLine>> log(const Session &session, const QUuid &queue, int limit);
    /// Errors: Denied.
    Result<qint64> clearLog(const Session &session, const QUuid &queue);

    /// Errors: Denied; NotFound. Locks the queue's row for the open transaction.
    Result<qint64> editable(const Session &session, const QUuid &queue);

private:
    Result<QList<StoredQueue>> select(const Session &session, const QString &where,
                                      const QVariantList &values);
    Status mayEdit(const Session &session, qint64 row);
    Status update(const Session &session, const QUuid &queue, const QString &column,
                  const QVariant &value);

    Connection &m_connection;
};

/// A line of a queue's log, inside the caller's transaction. \a scanUid: null for the queue's own.
Status logQueue(Connection &connection, qint64 queueRow, const QString &level,
                const QString &message, const QUuid &scanUid = {});

} // namespace birch
