// The half of Trash that ends things for good.
#include "core/store/entity/entity_spec.h"
#include "core/store/entity/life_graph.h"
#include "core/store/entity/trash.h"
#include "core/store/event_log.h"
#include "core/store/lab/blob_store.h"
#include "core/store/place_rules.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kNamed = 5; // things that an error names
/// Went there by itself; what an import brought as trashed has no mark.
const QString kIsRoot = u"(o.trash_root_id = o.id OR o.trash_root_id IS NULL)"_s;
} // namespace

/// What refers to something marked, stays, and would be lost or changed: rows that are not in the
/// trash, and those there that can not be without it.
Status Trash::refuseReferences(const ObjectRow &root, const QMap<QString, qint64> &counts)
{
    QStringList named;
    for (const LifeEdge &edge : lifeEdges()) {
        if (edge.isLoose || (!edge.isToObject() && !counts.contains(edge.target)))
            continue;
        const ReferenceTarget who = referenceTarget(edge.table);
        const QString among = edge.isToObject()
                                  ? u"(SELECT id FROM objects WHERE trash_root_id = ?)"_s
                                  : u"(SELECT row_id FROM objects WHERE trash_root_id = ? AND "
                                    "kind = '%1')"_s.arg(edge.target);
        const QString staying = edge.isRequired ? QString() : u" AND t.trashed_at IS NULL"_s;
        const Status done = m_connection.select(
            u"SELECT t.%1 FROM %2 t JOIN objects o ON o.kind = ? AND o.row_id = t.id "
            "WHERE t.%3 IN %4 AND (o.trash_root_id IS NULL OR o.trash_root_id <> ?)%5 "
            "ORDER BY t.id LIMIT %6"_s.arg(who.humanId, edge.table, edge.column, among, staying)
                .arg(kNamed),
            {edge.table, root.id, root.id},
            [&](const SqlRow &row) { named << u"%1:%2"_s.arg(edge.table, row.text(0)); });
        if (!done)
            return done;
    }
    if (named.isEmpty())
        return ok();
    named.removeDuplicates();
    return Error{
        ErrorCode::Conflict,
        tr("%1 can not be purged, because these still refer to it or to what is in it: "
           "%2. Change or purge them first")
            .arg(root.title, named.first(std::min<qsizetype>(kNamed, named.size())).join(u", "_s))};
}

Status Trash::deleteMarked(const QMap<QString, qint64> &counts, qint64 root)
{
    const QStringList &tables = lifeTables();
    for (auto table = tables.rbegin(); table != tables.rend(); ++table) {
        if (!counts.contains(*table))
            continue;
        const Status done = m_connection.execute(
            u"DELETE FROM %1 WHERE id IN (SELECT row_id FROM objects WHERE trash_root_id = ? AND "
            "kind = ?)"_s.arg(*table),
            {root, *table});
        if (!done)
            return done;
    }
    return ok();
}

Result<TrashOutcome> Trash::purge(const Session &session, const QString &kind, const QString &key)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto root = findObject(m_connection, kind, key);
    if (!root)
        return root.error();
    if (Status may = mayEnd(session, Action::Purge, root.value()); !may)
        return may.error();
    if (Status may = isRoot(root.value()); !may)
        return may.error();
    if (Status done = mark(root.value(), Reach::OwnedOnly); !done)
        return done.error();
    const auto counts = marked(root.value().id);
    if (!counts)
        return counts.error();
    if (Status free = refuseReferences(root.value(), counts.value()); !free)
        return free.error();
    if (Status done = deleteMarked(counts.value(), root.value().id); !done)
        return done.error().within(tr("Purging %1").arg(root.value().title));
    TrashOutcome outcome{root.value(), counts.value()};
    if (Status done = audit(session, outcome, EventAction::Purged); !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return outcome;
}

Result<QList<TrashEntry>> Trash::list(const Session &session)
{
    QMap<qint64, qint64> counts;
    Status done = m_connection.select(
        u"SELECT trash_root_id, count(*) FROM objects WHERE trash_root_id IS NOT NULL "
        "GROUP BY trash_root_id"_s,
        {}, [&counts](const SqlRow &row) { counts.insert(row.integer(0), row.integer(1)); });
    if (!done)
        return done.error();
    QStringList kinds;
    done = m_connection.select(
        u"SELECT DISTINCT kind FROM objects o WHERE o.trashed_at IS NOT NULL AND %1"_s.arg(kIsRoot),
        {}, [&kinds](const SqlRow &row) { kinds << row.text(0); });
    if (!done)
        return done.error();
    QList<TrashEntry> entries;
    for (const QString &kind : std::as_const(kinds)) {
        const auto roots =
            selectObjects(m_connection, kind, u"o.trashed_at IS NOT NULL AND "_s + kIsRoot, {},
                          std::numeric_limits<int>::max());
        if (!roots)
            return roots.error();
        for (const ObjectRow &root : roots.value()) {
            if (maySee(m_connection, session, placeRule(kind), root.row, kind))
                entries << TrashEntry{root, std::max<qint64>(1, counts.value(root.id))};
        }
    }
    std::sort(entries.begin(), entries.end(), [](const TrashEntry &a, const TrashEntry &b) {
        return std::pair(a.root.trashedUs, a.root.id) < std::pair(b.root.trashedUs, b.root.id);
    });
    return entries;
}

Result<ExpiryOutcome> Trash::purgeExpired(const Session &session, qint64 beforeUs)
{
    if (Status may = session.mayAdminister(); !may)
        return may.error();
    const auto entries = list(session);
    if (!entries)
        return entries.error();
    ExpiryOutcome outcome;
    for (const TrashEntry &entry : entries.value()) {
        if (entry.root.trashedUs.value_or(beforeUs) >= beforeUs)
            continue;
        const auto done = purge(session, entry.root.kind, entry.root.uid);
        if (done)
            outcome.purged << done.value();
        else if (done.error().code == ErrorCode::NotFound)
            continue; // went with something older, or somebody else was quicker
        else if (done.error().code == ErrorCode::Conflict)
            outcome.kept << done.error().message;
        else
            return done.error();
    }
    const auto unused = BlobStore(m_connection).collectGarbage(nowUs());
    if (!unused)
        return unused.error();
    return outcome;
}

} // namespace birch
