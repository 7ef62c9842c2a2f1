#pragma once

#include "core/store/entity/entity_record.h"
#include "core/store/session.h"

namespace birch {

/// How far a batch is.
struct BatchProgress {
    QMap<QString, qint64> countByState;
    qint64 total = 0;
    QString status; ///< of the batch
};

/// The same analysis of many scans: items with states of their own, worked on one after the other
/// by anyone; the state of the batch follows from them.
class AnalysisBatches
{
    Q_DECLARE_TR_FUNCTIONS(AnalysisBatches)
public:
    explicit AnalysisBatches(Connection &connection)
        : m_connection(connection)
    {
    }

    /// A batch with one pending item for each of \a scans (human ids or uids), in this order.
    Result<EntityRecord> create(const Session &session, const QVariantMap &batch,
                                const QStringList &scans);
    /// Takes the first pending item, which is running from then on; nobody else gets it. Nothing:
    /// all are taken.
    Result<std::optional<EntityRecord>> takeNext(const Session &session, const QString &batch);
    /// \a status: completed, failed or cancelled; \a analysis: uid of what came out, or "".
    /// Errors: Conflict - the item is not running.
    Status finish(const Session &session, const QString &item, const QString &status,
                  const QString &analysis, const QString &errorMessage);
    /// Pending items become cancelled; running ones end by themselves.
    Status cancel(const Session &session, const QString &batch);
    Result<BatchProgress> progress(const Session &session, const QString &batch);

private:
    /// Nobody else takes or finishes items of the batch until the transaction ends.
    Result<EntityRecord> locked(const Session &session, const QString &key);
    Status settle(const Session &session, const EntityRecord &batch);

    Connection &m_connection;
};

} // namespace birch
