#include "core/store/lab/sample_story.h"

#include "core/store/store_time.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// A circle can not be entered through the repository; a limit keeps a damaged one from running on.
constexpr int kMostGenerations = 20;

QString relativesSql()
{
    return u"WITH RECURSIVE links (child, parent, relation) AS ("
           "  SELECT id, parent_id, 'parent' FROM samples WHERE parent_id IS NOT NULL"
           "  UNION SELECT sample_id, parent_id, relation FROM sample_parents"
           "    WHERE trashed_at IS NULL), "
           "up (id, relation, depth) AS ("
           "  SELECT parent, relation, 1 FROM links WHERE child = ?"
           "  UNION SELECT l.parent, l.relation, up.depth + 1 FROM up JOIN links l"
           "    ON l.child = up.id WHERE up.depth < %1), "
           "down (id, relation, depth) AS ("
           "  SELECT child, relation, 1 FROM links WHERE parent = ?"
           "  UNION SELECT l.child, l.relation, down.depth + 1 FROM down JOIN links l"
           "    ON l.parent = down.id WHERE down.depth < %1) "
           "SELECT s.sample_id, s.uid, s.name, r.relation, r.is_up, r.depth FROM ("
           "  SELECT id, relation, 1 AS is_up, min(depth) AS depth FROM up GROUP BY id, relation"
           "  UNION ALL"
           "  SELECT id, relation, 0, min(depth) FROM down GROUP BY id, relation) r "
           "JOIN samples s ON s.id = r.id WHERE s.trashed_at IS NULL AND s.id <> ? "
           "ORDER BY r.is_up DESC, r.depth, s.sample_id"_s.arg(kMostGenerations);
}

QString entriesSql()
{
    return u"SELECT at, kind, name, uid, what FROM ("
           "SELECT coalesce(f.started_at, f.created_at) AS at, 'fabrication_runs' AS kind,"
           "  f.run_id AS name, f.uid AS uid, p.name || ': ' || f.status AS what"
           "  FROM fabrication_runs f JOIN procedures p ON p.id = f.procedure_id"
           "  WHERE f.sample_id = ? AND f.trashed_at IS NULL "
           "UNION ALL SELECT p.placed_at, 'placements', l.name, p.uid, coalesce(p.notes, '')"
           "  FROM placements p JOIN locations l ON l.id = p.location_id"
           "  JOIN objects o ON o.id = p.object_id"
           "  WHERE o.kind = 'samples' AND o.row_id = ? AND p.trashed_at IS NULL "
           "UNION ALL SELECT started_at, 'scans', scan_id, uid, name || ': ' || state"
           "  FROM scans WHERE sample_id = ? AND trashed_at IS NULL "
           "UNION ALL SELECT coalesce(a.started_at, a.created_at), 'analyses', a.analysis_id, "
           "a.uid,"
           "  m.name || ': ' || a.status"
           "  FROM analyses a JOIN analysis_methods m ON m.id = a.method_id"
           "  WHERE a.trashed_at IS NULL AND (a.sample_id = ? OR a.id IN ("
           "    SELECT i.analysis_id FROM analysis_inputs i JOIN scans s ON s.id = i.scan_id"
           "    WHERE s.sample_id = ?)) "
           "UNION ALL SELECT a.created_at, 'attachments', a.name, a.uid, a.tier"
           "  FROM attachments a JOIN objects o ON o.id = a.object_id"
           "  WHERE o.kind = 'samples' AND o.row_id = ? AND a.trashed_at IS NULL) story "
           "ORDER BY at, kind, uid"_s;
}
} // namespace

QJsonObject SampleStory::toJson() const
{
    QJsonArray family;
    for (const SampleRelative &relative : relatives)
        family.append(
            QJsonObject{{u"sample_id"_s, relative.sampleId},
                        {u"uid"_s, relative.uid},
                        {u"name"_s, relative.name},
                        {u"relation"_s, relative.relation},
                        {u"direction"_s, relative.isAncestor ? u"ancestor"_s : u"descendant"_s},
                        {u"generations"_s, relative.generations}});
    QJsonArray timeline;
    for (const StoryEntry &entry : entries)
        timeline.append(QJsonObject{{u"at"_s, isoTime(entry.us)},
                                    {u"kind"_s, entry.kind},
                                    {u"id"_s, entry.id},
                                    {u"uid"_s, entry.uid},
                                    {u"text"_s, entry.text}});
    return {{u"relatives"_s, family}, {u"timeline"_s, timeline}};
}

Result<SampleStory> sampleStory(Connection &connection, const Session &, qint64 sampleRow)
{
    SampleStory story;
    Status done = connection.select(
        relativesSql(), {sampleRow, sampleRow, sampleRow}, [&story](const SqlRow &row) {
            story.relatives.append({row.text(0), row.text(1), row.text(2), row.text(3),
                                    row.integer(4) != 0, int(row.integer(5))});
        });
    if (!done)
        return done.error();
    done = connection.select(entriesSql(), QVariantList(6, sampleRow), [&story](const SqlRow &row) {
        story.entries.append({row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4)});
    });
    if (!done)
        return done.error();
    return story;
}

} // namespace birch
