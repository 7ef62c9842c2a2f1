#include "core/store/lab/analysis_batch.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
EntityRepository batchesOf(Connection &connection)
{
    return {connection, *entityByTable(u"analysis_batches"_s)};
}

EntityRepository itemsOf(Connection &connection)
{
    return {connection, *entityByTable(u"analysis_batch_items"_s)};
}
} // namespace

Result<EntityRecord> AnalysisBatches::create(const Session &session, const QVariantMap &batch,
                                             const QStringList &scans)
{
    if (scans.isEmpty())
        return Error{ErrorCode::BadInput, tr("A batch needs scans: name one or more")};
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    auto made = batchesOf(m_connection).insert(session, batch);
    if (!made)
        return made;
    EntityRepository items = itemsOf(m_connection);
    for (qsizetype i = 0; i < scans.size(); ++i) {
        const auto item = items.insert(
            session, {{u"batch"_s, made.value().uid}, {u"position"_s, i}, {u"scan"_s, scans[i]}});
        if (!item)
            return item.error();
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return made;
}

Result<std::optional<EntityRecord>> AnalysisBatches::takeNext(const Session &session,
                                                              const QString &key)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto batch = locked(session, key);
    if (!batch)
        return batch.error();
    const auto row = m_connection.firstRow(
        u"SELECT uid, revision FROM analysis_batch_items WHERE batch_id = ? AND status = 'pending' "
        "AND trashed_at IS NULL ORDER BY position LIMIT 1"_s,
        {batch.value().id});
    if (!row)
        return row.error();
    if (!row.value())
        return std::optional<EntityRecord>();
    auto item = itemsOf(m_connection)
                    .update(session, row.value()->at(0).toString(), {{u"status"_s, u"running"_s}},
                            row.value()->at(1).toLongLong());
    if (!item)
        return item.error();
    if (Status done = settle(session, batch.value()); !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return std::optional<EntityRecord>(item.value());
}

Status AnalysisBatches::finish(const Session &session, const QString &key, const QString &status,
                               const QString &analysis, const QString &errorMessage)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    EntityRepository items = itemsOf(m_connection);
    auto item = items.find(session, key);
    if (!item)
        return item.error();
    const auto batch = locked(session, item.value().referenceUids.value(u"batch"_s));
    if (!batch)
        return batch.error();
    item = items.find(session, key); // as it is under the lock
    if (!item)
        return item.error();
    if (item.value().text(u"status"_s) != u"running"_s)
        return Error{ErrorCode::Conflict,
                     tr("Item %1 of the batch is %2, not running: take it before it is finished")
                         .arg(item.value().text(u"position"_s), item.value().text(u"status"_s))};
    const auto changed = items.update(
        session, key,
        {{u"status"_s, status}, {u"analysis"_s, analysis}, {u"error_message"_s, errorMessage}},
        item.value().revision);
    if (!changed)
        return changed.error();
    if (Status done = settle(session, batch.value()); !done)
        return done;
    return transaction.value().commit();
}

Status AnalysisBatches::cancel(const Session &session, const QString &key)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto batch = locked(session, key);
    if (!batch)
        return batch.error();
    QList<std::pair<QString, qint64>> pending;
    Status done = m_connection.select(
        u"SELECT uid, revision FROM analysis_batch_items WHERE batch_id = ? AND status = "
        "'pending'"_s,
        {batch.value().id}, [&pending](const SqlRow &row) {
            pending.append({row.text(0), row.integer(1)});
        });
    if (!done)
        return done;
    EntityRepository items = itemsOf(m_connection);
    for (const auto &[uid, revision] : pending) {
        const auto item = items.update(session, uid, {{u"status"_s, u"cancelled"_s}}, revision);
        if (!item)
            return item.error();
    }
    if (done = settle(session, batch.value()); !done)
        return done;
    return transaction.value().commit();
}

Result<BatchProgress> AnalysisBatches::progress(const Session &session, const QString &key)
{
    const auto batch = batchesOf(m_connection).find(session, key);
    if (!batch)
        return batch.error();
    BatchProgress progress;
    progress.status = batch.value().text(u"status"_s);
    const Status done =
        m_connection.select(u"SELECT status, count(*) FROM analysis_batch_items WHERE batch_id = ? "
                            "AND trashed_at IS NULL GROUP BY status"_s,
                            {batch.value().id}, [&progress](const SqlRow &row) {
                                progress.countByState.insert(row.text(0), row.integer(1));
                                progress.total += row.integer(1);
                            });
    if (!done)
        return done.error();
    return progress;
}

Result<EntityRecord> AnalysisBatches::locked(const Session &session, const QString &key)
{
    EntityRepository batches = batchesOf(m_connection);
    const auto batch = batches.find(session, key);
    if (!batch)
        return batch;
    const auto row = m_connection.firstRow(u"SELECT id FROM analysis_batches WHERE id = ?"_s +
                                               m_connection.dialect().forUpdate(),
                                           {batch.value().id});
    if (!row)
        return row.error();
    return batches.get(session, batch.value().id);
}

/// Running while any item is to be done; then failed if one failed, cancelled if nothing came out.
Status AnalysisBatches::settle(const Session &session, const EntityRecord &batch)
{
    const auto now = progress(session, batch.uid);
    if (!now)
        return now.error();
    const auto &count = now.value().countByState;
    const bool isOpen = count.value(u"running"_s) > 0 || count.value(u"pending"_s) > 0;
    QString status = u"completed"_s;
    if (isOpen)
        status = u"running"_s;
    else if (count.value(u"failed"_s) > 0)
        status = u"failed"_s;
    else if (count.value(u"completed"_s) == 0)
        status = u"cancelled"_s;
    if (status == now.value().status)
        return ok();
    QVariantMap changes{{u"status"_s, status}};
    if (now.value().status == u"pending"_s)
        changes.insert(u"started_at"_s, nowUs());
    if (!isOpen)
        changes.insert(u"completed_at"_s, nowUs());
    const auto current = batchesOf(m_connection).find(session, batch.uid);
    if (!current)
        return current.error();
    const auto changed =
        batchesOf(m_connection).update(session, batch.uid, changes, current.value().revision);
    return changed ? ok() : Status(changed.error());
}

} // namespace birch
