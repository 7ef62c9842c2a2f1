#pragma once

#include "core/store/connection.h"
#include "core/store/entity/entity_spec.h"

#include <QMap>
#include <QTest>

namespace birch::test {

/// What is in a database, for comparisons: per table its rows by uid and revision, the data by
/// object and length, the lines of the logs.
inline QMap<QString, QStringList> targetState(Connection &connection)
{
    using namespace Qt::StringLiterals;
    QMap<QString, QString> queries{
        {u"scans"_s, u"SELECT uid || '/' || state || '/' || points FROM scans"_s},
        {u"queues"_s, u"SELECT uid || '/' || state FROM queues"_s},
        {u"measurement_objects"_s,
         u"SELECT uid || '/' || name || '/' || rows_stored FROM measurement_objects"_s},
        {u"data_chunks"_s,
         u"SELECT o.uid || '/' || c.column_index || '/' || c.first_row || '/' || c.row_count "
         "FROM data_chunks c JOIN measurement_objects o ON o.id = c.measurement_object_id"_s},
        {u"data_overviews"_s,
         u"SELECT o.uid || '/' || v.column_index || '/' || v.level || '/' || v.first_block FROM "
         "data_overviews v JOIN measurement_objects o ON o.id = v.measurement_object_id"_s},
        {u"queue_logs"_s,
         u"SELECT q.uid || '/' || l.sequence FROM queue_logs l JOIN queues q ON q.id = l.queue_id"_s},
        {u"scan_logs"_s,
         u"SELECT s.uid || '/' || l.sequence FROM scan_logs l JOIN scans s ON s.id = l.scan_id"_s}};
    for (const EntitySpec &spec : entitySpecs())
        queries.insert(spec.table, u"SELECT uid || '/' || revision FROM "_s + spec.table);
    // Made of names, by whoever needs them first.
    queries[u"tags"_s] = u"SELECT name FROM tags"_s;
    queries[u"object_tags"_s] =
        u"SELECT o.uid || '/' || t.name FROM object_tags l "
        "JOIN objects o ON o.id = l.object_id JOIN tags t ON t.id = l.tag_id"_s;
    QMap<QString, QStringList> state;
    for (auto it = queries.begin(); it != queries.end(); ++it) {
        QStringList &rows = state[it.key()];
        const Status read =
            connection.select(it.value(), {}, [&rows](const SqlRow &row) { rows << row.text(0); });
        if (!read)
            qFatal("%s: %s", qPrintable(it.key()), qPrintable(read.error().message));
        rows.sort();
    }
    return state;
}

} // namespace birch::test
