#include "core/store/search/search_rebuild.h"

#include "core/store/entity/entity_query.h"
#include "core/store/entity/entity_text.h"
#include "core/store/search/object_text.h"
#include "core/store/search/object_text_source.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
Status describeEntities(Connection &connection, const EntitySpec &spec)
{
    const QString select = entitySelect(spec) + u" WHERE t.id > ? ORDER BY t.id LIMIT 1000"_s;
    for (qint64 last = 0; last >= 0;) {
        QList<EntityRecord> records;
        const Status done = connection.select(
            select, {last}, [&](const SqlRow &row) { records.append(entityRecord(spec, row)); });
        if (!done)
            return done;
        for (const EntityRecord &record : records) {
            if (Status written =
                    describeObject(connection, spec.table, record.id, entityTitle(spec, record),
                                   entitySearchText(spec, record));
                !written)
                return written;
        }
        last = records.isEmpty() ? -1 : records.last().id;
    }
    return ok();
}

Status describeAll(Connection &connection, const QString &kind, const QString &select)
{
    for (qint64 last = 0; last >= 0;) {
        if (Status done = describeRows(connection, kind, select, {last}, &last); !done)
            return done;
    }
    return ok();
}

Status countAgain(Connection &connection)
{
    if (Status done = connection.execute(u"DELETE FROM object_counts"_s); !done)
        return done;
    return connection.execute(
        u"INSERT INTO object_counts (kind, lab_id, kept, trashed) "
        "SELECT kind, coalesce(lab_id, 0), sum(CASE WHEN trashed_at IS NULL THEN 1 ELSE 0 END), "
        "sum(CASE WHEN trashed_at IS NULL THEN 0 ELSE 1 END) "
        "FROM objects GROUP BY kind, coalesce(lab_id, 0)"_s);
}
} // namespace

Status rebuildSearch(Connection &connection, const QList<EntitySpec> &specs)
{
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    if (Status done = describeAll(connection, u"scans"_s, scanTexts(u"s.id > ?"_s)); !done)
        return done;
    if (Status done = describeAll(connection, u"queues"_s, queueTexts(u"q.id > ?"_s)); !done)
        return done;
    // In their order: titles of links are made of titles of what they link.
    for (const EntitySpec &spec : specs) {
        if (Status done = describeEntities(connection, spec); !done)
            return done;
    }
    if (Status done = describeTags(connection); !done)
        return done;
    if (Status done = countAgain(connection); !done)
        return done;
    return transaction.value().commit();
}

} // namespace birch
