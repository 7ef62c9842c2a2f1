#include "core/store/entity/trash.h"

#include "core/store/entity/entity_audit.h"
#include "core/store/entity/entity_hooks.h"
#include "core/store/entity/entity_spec.h"
#include "core/store/entity/life_graph.h"
#include "core/store/event_log.h"
#include "core/store/place_rules.h"
#include "core/store/store_time.h"
#include "core/store/users/last_admin.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// What was marked for a trashing, as SQL; binds the root, and the kind where rows are meant.
const QString kMarkedObjects = u"(SELECT id FROM objects WHERE trash_root_id = ?)"_s;
const QString kMarkedRows = u"(SELECT row_id FROM objects WHERE trash_root_id = ? AND kind = ?)"_s;

QString labelOf(const QString &kind)
{
    return referenceTarget(kind).label;
}
} // namespace

Status Trash::mayEnd(const Session &session, Action action, const ObjectRow &root)
{
    const PlaceRule rule = placeRule(root.kind);
    if (Status seen = maySee(m_connection, session, rule, root.row, labelOf(root.kind)); !seen)
        return seen;
    const auto place = placeOf(m_connection, session, rule, root.row);
    if (!place)
        return place.error();
    const EntitySpec *spec = entityByTable(root.kind);
    return session.may(action, spec ? spec->access : EntityAccess::Lab, place.value(), root.title);
}

QJsonObject TrashOutcome::toJson() const
{
    QJsonObject numbers;
    for (auto it = counts.begin(); it != counts.end(); ++it)
        numbers.insert(it.key(), it.value());
    return {{u"kind"_s, root.kind},
            {u"uid"_s, root.uid},
            {u"title"_s, root.title},
            {u"counts"_s, numbers}};
}

Result<bool> Trash::markTable(const QString &table, const QStringList &changed, qint64 root,
                              Reach reach)
{
    QStringList either;
    QVariantList values{root, table, root};
    for (const LifeEdge &edge : lifeEdges()) {
        const bool follows = edge.isOwned || (edge.isContained && reach == Reach::Everything);
        if (edge.table != table || !follows)
            continue;
        if (edge.isToObject()) {
            either << u"t.%1 IN %2"_s.arg(edge.column, kMarkedObjects);
            values << root;
        } else if (changed.contains(edge.target)) {
            either << u"t.%1 IN %2"_s.arg(edge.column, kMarkedRows);
            values << root << edge.target;
        }
    }
    if (either.isEmpty())
        return false;
    // Trashed before, it keeps its own mark; but a purge takes what is owned in any case.
    const QString still = reach == Reach::Everything ? u"t.trashed_at IS NULL AND "_s : QString();
    const auto count =
        m_connection.executeCounting(u"UPDATE objects SET trash_root_id = ? WHERE kind = ? AND "
                                     "(trash_root_id IS NULL OR trash_root_id <> ?) AND "
                                     "row_id IN (SELECT t.id FROM %1 t WHERE %2(%3))"_s.arg(
                                         table, still, either.join(u" OR "_s)),
                                     values);
    if (!count)
        return count.error();
    return count.value() > 0;
}

Status Trash::mark(const ObjectRow &root, Reach reach)
{
    Status done = m_connection.execute(u"UPDATE objects SET trash_root_id = ? WHERE id = ?"_s,
                                       {root.id, root.id});
    QStringList changed{root.kind};
    while (done && !changed.isEmpty()) { // ends: every round marks rows that had no mark yet
        QStringList next;
        for (const QString &table : lifeTables()) {
            const auto grew = markTable(table, changed, root.id, reach);
            if (!grew)
                return grew.error();
            if (grew.value())
                next << table;
        }
        changed = next;
    }
    return done;
}

Result<QMap<QString, qint64>> Trash::marked(qint64 root)
{
    QMap<QString, qint64> counts;
    const Status done = m_connection.select(
        u"SELECT kind, count(*) FROM objects WHERE trash_root_id = ? GROUP BY kind"_s, {root},
        [&counts](const SqlRow &row) { counts.insert(row.text(0), row.integer(1)); });
    if (!done)
        return done.error();
    return counts;
}

Status Trash::setTrashedAt(const Session &session, const QMap<QString, qint64> &counts, qint64 root,
                           const QVariant &at)
{
    for (auto it = counts.begin(); it != counts.end(); ++it) {
        const Status done = m_connection.execute(
            u"UPDATE %1 SET trashed_at = ?, revision = revision + 1, updated_at = ?, "
            "updated_by = ? WHERE id IN %2"_s.arg(it.key(), kMarkedRows),
            {at, nowUs(), session.user, root, it.key()});
        if (!done)
            return done;
    }
    return ok();
}

Status Trash::mayBeTrashed(const ObjectRow &root)
{
    if (const EntityHooks *hooks = entityHooks(root.kind); hooks && hooks->mayGo) {
        if (Status may = hooks->mayGo(m_connection, root); !may)
            return may;
    }
    if (root.kind == u"labs"_s) {
        const auto info = m_connection.firstRow(
            u"SELECT 1 FROM database_info WHERE default_lab_id = ?"_s, {root.row});
        if (!info)
            return info.error();
        if (info.value())
            return Error{ErrorCode::Conflict,
                         tr("%1 is the lab that the database was made for: it stays. Trash what "
                            "is in it instead")
                             .arg(root.title)};
    }
    const auto running = m_connection.firstRow(
        u"SELECT scan_id FROM scans WHERE state IN ('queued', 'running', 'paused') AND id IN %1 "
        "ORDER BY scan_id LIMIT 1"_s.arg(kMarkedRows),
        {root.id, u"scans"_s});
    if (!running)
        return running.error();
    if (running.value())
        return Error{ErrorCode::Conflict,
                     tr("The scan %1 still runs: stop it first, then trash %2")
                         .arg(running.value()->first().toString(), root.title)};
    return ok();
}

Result<TrashOutcome> Trash::trash(const Session &session, const QString &kind, const QString &key)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    auto root = findObject(m_connection, kind, key);
    if (!root)
        return root.error();
    if (Status may = mayEnd(session, Action::Trash, root.value()); !may)
        return may.error();
    if (root.value().trashedUs)
        return Error{ErrorCode::Conflict,
                     tr("%1 is in the trash already: restore it, or leave it there")
                         .arg(root.value().title)};
    if (Status done = mark(root.value(), Reach::Everything); !done)
        return done.error();
    if (Status may = mayBeTrashed(root.value()); !may)
        return may.error();
    auto counts = marked(root.value().id);
    if (!counts)
        return counts.error();
    if (Status done = setTrashedAt(session, counts.value(), root.value().id, nowUs()); !done)
        return done.error();
    if (Status left = counts.value().contains(u"users"_s) ? someAdminIsLeft(m_connection) : ok();
        !left)
        return left.error();
    TrashOutcome outcome{root.value(), counts.value()};
    if (Status done = audit(session, outcome, EventAction::Trashed); !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return outcome;
}

Status Trash::isRoot(const ObjectRow &object)
{
    if (!object.trashedUs)
        return Error{
            ErrorCode::Conflict,
            tr("%1 is not in the trash: birchctl trash list shows what is").arg(object.title)};
    if (object.trashRoot == object.id)
        return ok();
    if (object.trashRoot == 0) // came trashed from an import: it went there by itself
        return m_connection.execute(u"UPDATE objects SET trash_root_id = id WHERE id = ?"_s,
                                    {object.id});
    const auto root = objectById(m_connection, object.trashRoot);
    if (!root)
        return root.error();
    return Error{ErrorCode::Conflict, tr("%1 went to the trash with %2: name that one instead")
                                          .arg(object.title, root.value().name())};
}

Status Trash::mayBeRestored(const ObjectRow &root)
{
    for (const LifeEdge &edge : lifeEdges()) {
        if (edge.table != root.kind || !(edge.isOwned || edge.isContained))
            continue;
        const QString joined =
            edge.isToObject()
                ? u"o.id = t.%1"_s.arg(edge.column)
                : u"o.kind = '%1' AND o.row_id = t.%2"_s.arg(edge.target, edge.column);
        const auto holder =
            m_connection.firstRow(u"SELECT o.id FROM %1 t JOIN objects o ON %2 WHERE t.id = ? AND "
                                  "o.trashed_at IS NOT NULL"_s.arg(edge.table, joined),
                                  {root.row});
        if (!holder)
            return holder.error();
        if (!holder.value())
            continue;
        const auto in = objectById(m_connection, holder.value()->first().toLongLong());
        if (!in)
            return in.error();
        return Error{ErrorCode::Conflict,
                     tr("%1 belongs to %2, which is in the trash: restore that one first")
                         .arg(root.title, in.value().name())};
    }
    return ok();
}

Result<TrashOutcome> Trash::restore(const Session &session, const QString &kind, const QString &key)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto root = findObject(m_connection, kind, key);
    if (!root)
        return root.error();
    if (Status may = mayEnd(session, Action::Restore, root.value()); !may)
        return may.error();
    if (Status may = isRoot(root.value()); !may)
        return may.error();
    if (Status may = mayBeRestored(root.value()); !may)
        return may.error();
    const qint64 id = root.value().id;
    const auto counts = marked(id);
    if (!counts)
        return counts.error();
    if (Status done =
            setTrashedAt(session, counts.value(), id, QVariant(QMetaType::fromType<qint64>()));
        !done)
        return done.error();
    if (Status done = m_connection.execute(
            u"UPDATE objects SET trash_root_id = NULL WHERE trash_root_id = ?"_s, {id});
        !done)
        return done.error();
    TrashOutcome outcome{root.value(), counts.value()};
    if (Status done = audit(session, outcome, EventAction::Restored); !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return outcome;
}

Status Trash::audit(const Session &session, const TrashOutcome &outcome, EventAction action)
{
    const EntitySpec *spec = entityByTable(outcome.root.kind);
    Event event{.lab = outcome.root.kind == u"users"_s ? kDatabaseChain : outcome.root.lab,
                .action = spec ? auditAction(*spec, action) : action,
                .kind = outcome.root.kind};
    event.objectUid = outcome.root.uid;
    event.title = outcome.root.title;
    if (outcome.counts.size() > 1 || outcome.counts.value(outcome.root.kind) > 1)
        event.changes = {{u"counts"_s, outcome.toJson().value(u"counts"_s)}};
    return EventLog(m_connection).record(session, std::move(event));
}

} // namespace birch
