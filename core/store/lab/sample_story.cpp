#include "core/store/lab/sample_story.h"

#include "core/store/store_time.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QJsonObject relativeJson(const SampleRelative &relative, bool isAncestor)
{
    return {{u"sample_id"_s, relative.sampleId},
            {u"uid"_s, relative.uid},
            {u"relation"_s, relative.relation},
            {u"direction"_s, isAncestor ? u"ancestor"_s : u"descendant"_s},
            {u"generations"_s, relative.generation},
            {u"amount"_s, QJsonValue::fromVariant(relative.amount)},
            {u"unit"_s, relative.unit}};
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
    QJsonArray relatives;
    for (const SampleRelative &relative : family.ancestors)
        relatives.append(relativeJson(relative, true));
    for (const SampleRelative &relative : family.descendants)
        relatives.append(relativeJson(relative, false));
    QJsonArray timeline;
    for (const StoryEntry &entry : entries)
        timeline.append(QJsonObject{{u"at"_s, isoTime(entry.us)},
                                    {u"kind"_s, entry.kind},
                                    {u"id"_s, entry.id},
                                    {u"uid"_s, entry.uid},
                                    {u"text"_s, entry.text}});
    return {{u"relatives"_s, relatives}, {u"timeline"_s, timeline}};
}

Result<SampleStory> sampleStory(Connection &connection, const Session &session,
                                const EntityRecord &sample)
{
    SampleStory story;
    auto family = sampleFamily(connection, session, sample.uid);
    if (!family)
        return family.error();
    story.family = std::move(family).value();
    const Status done =
        connection.select(entriesSql(), QVariantList(6, sample.id), [&story](const SqlRow &row) {
            story.entries.append(
                {row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4)});
        });
    if (!done)
        return done.error();
    return story;
}

} // namespace birch
