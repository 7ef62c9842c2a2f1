#include "core/store/scan_query.h"
#include "core/store/store_json.h"
#include "core/store/user_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString scanFrom()
{
    return u" FROM scans s JOIN stations st ON st.id = s.station_id "
           "LEFT JOIN samples sa ON sa.id = s.sample_id "
           "LEFT JOIN projects p ON p.id = s.project_id "
           "LEFT JOIN queues q ON q.id = s.queue_id"_s;
}

/// Literals, not parameters: only so does the index of the active states apply.
QString stateCondition(const QList<ScanState> &states)
{
    QStringList names;
    for (const ScanState state : states)
        names << u'\'' + scanStateName(state) + u'\'';
    return names.size() == 1 ? u"s.state = "_s + names.first()
                             : u"s.state IN ("_s + names.join(u", "_s) + u')';
}
} // namespace

QString scanSelect()
{
    return u"SELECT s.id, s.uid, s.scan_id, s.name, sa.uid, sa.sample_id, p.name, s.operator, "
           "s.title, s.scan_type, s.comment, st.name, q.uid, s.queue_position, s.epoch, "
           "s.state, s.reason, s.points, s.points_planned, s.started_at, s.ended_at, "
           "s.software_version, s.revision, s.created_at, s.created_by, s.updated_at, "
           "s.updated_by, s.trashed_at, s.extra_data"_s +
           scanFrom();
}

Visibility visibleScans(const Session &session)
{
    return visibleRows(placeRule(u"scans"_s), session, u"s"_s);
}

ScanRecord scanRecord(const SqlRow &row)
{
    ScanRecord scan;
    scan.id = row.integer(0);
    scan.uid = QUuid::fromString(row.text(1));
    scan.scanId = row.text(2);
    scan.details.name = row.text(3);
    scan.details.sampleUid = row.text(4);
    scan.sample = row.text(5);
    scan.details.project = row.text(6);
    scan.details.operatorName = row.text(7);
    scan.details.title = row.text(8);
    scan.details.type = row.text(9);
    scan.details.comment = row.text(10);
    scan.station = row.text(11);
    scan.queueUid = QUuid::fromString(row.text(12));
    scan.queuePosition = int(row.integer(13));
    scan.epoch = int(row.integer(14));
    scan.state = scanStateFromName(row.text(15)).value_or(ScanState::Failed);
    scan.reason = row.text(16);
    scan.points = row.integer(17);
    scan.pointsPlanned = row.integer(18);
    scan.startedUs = row.integer(19);
    scan.endedUs = row.optionalInteger(20);
    scan.softwareVersion = row.text(21);
    scan.revision = row.integer(22);
    scan.createdUs = row.integer(23);
    scan.createdBy = row.text(24);
    scan.updatedUs = row.integer(25);
    scan.updatedBy = row.text(26);
    scan.isTrashed = !row.isNull(27);
    scan.details.fields = userFields(jsonObject(row.text(28)));
    return scan;
}

ScanCondition scanCondition(const ScanFilter &filter)
{
    // Looked up beforehand, so that the indexes of scans answer alone.
    ScanCondition condition;
    if (!filter.sample.isEmpty())
        condition.add(u"s.sample_id IN (SELECT id FROM samples WHERE sample_id = ? OR uid = ?)"_s,
                      {filter.sample, filter.sample.toLower()});
    if (!filter.project.isEmpty())
        condition.add(u"s.project_id IN (SELECT id FROM projects WHERE name = ?)"_s,
                      {filter.project});
    if (!filter.queue.isNull())
        condition.add(u"s.queue_id IN (SELECT id FROM queues WHERE uid = ?)"_s,
                      {filter.queue.toString(QUuid::WithoutBraces)});
    if (filter.sinceUs)
        condition.add(u"s.started_at >= ?"_s, {*filter.sinceUs});
    if (!filter.states.isEmpty())
        condition.add(stateCondition(filter.states));
    return condition;
}

PageQuery scanPage(const ScanFilter &filter)
{
    const ScanCondition condition = scanCondition(filter);
    PageQuery query{.table = u"scans"_s,
                    .alias = u"s"_s,
                    .conditions = condition.terms,
                    .values = condition.values,
                    .order = u"s.started_at DESC, s.id DESC"_s};
    query.words = plainWords(filter.search);
    query.isTrashIncluded = filter.isTrashIncluded;
    query.anchor = filter.anchor;
    query.page = filter.page;
    query.perPage = filter.perPage;
    return query;
}

} // namespace birch
