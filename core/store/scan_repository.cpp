#include "core/store/scan_repository.h"

#include "core/base/id.h"
#include "core/data/table_schema_json.h"
#include "core/store/lab/tag_store.h"
#include "core/store/scan_query.h"
#include "core/store/store_json.h"
#include "core/store/timing_table.h"

#include <QHash>
#include <QJsonArray>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// The smallest text that no uid beginning with \a prefix reaches: uids are [0-9a-f-].
QString prefixEnd(const QString &prefix)
{
    return prefix + u'g';
}

bool isUidPrefix(const QString &key)
{
    static const QRegularExpression pattern(u"^[0-9a-f-]{4,36}$"_s);
    return pattern.match(key).hasMatch();
}
} // namespace

QList<ScanState> ScanFilter::activeStates()
{
    return {ScanState::Queued, ScanState::Running, ScanState::Paused};
}

QJsonObject ScanPage::toJson() const
{
    QJsonArray list;
    for (const ScanRecord &scan : scans)
        list.append(scan.toJson());
    return {{u"scans"_s, list}, {u"total"_s, total},      {u"total_is_exact"_s, isTotalExact},
            {u"page"_s, page},  {u"per_page"_s, perPage}, {u"anchor"_s, anchor}};
}

Result<QList<ScanRecord>> ScanRepository::records(const QString &where, const QVariantList &values,
                                                  const QString &order)
{
    QList<ScanRecord> found;
    if (Status done =
            m_connection.select(scanSelect() + where + order, values,
                                [&found](const SqlRow &row) { found.append(scanRecord(row)); });
        !done)
        return done.error();
    if (Status done = addObjects(found); !done)
        return done.error();
    if (Status done = addTags(found); !done)
        return done.error();
    return found;
}

Status ScanRepository::addObjects(QList<ScanRecord> &records)
{
    if (records.isEmpty())
        return ok();
    QHash<qint64, qsizetype> positions;
    QVariantList ids;
    for (const ScanRecord &record : records) {
        positions.insert(record.id, ids.size());
        ids << record.id;
    }
    std::optional<Error> damage;
    const Status done =
        m_connection.select(u"SELECT scan_id, id, columns, rows_stored FROM measurement_objects "
                            "WHERE scan_id IN (%1) ORDER BY scan_id, position"_s.arg(
                                QStringList(ids.size(), u"?"_s).join(u", "_s)),
                            ids, [&records, &positions, &damage](const SqlRow &row) {
                                auto schema = tableSchemaFromJson(jsonObject(row.text(2)));
                                if (!schema) {
                                    damage = schema.error();
                                    return;
                                }
                                records[positions.value(row.integer(0))].objects.push_back(
                                    {row.integer(1), std::move(schema).value(), row.integer(3)});
                            });
    if (done && damage)
        return damage->within(tr("The stored columns of a scan"));
    return done;
}

Status ScanRepository::addTags(QList<ScanRecord> &records)
{
    QList<qint64> rows;
    for (const ScanRecord &record : records)
        rows << record.id;
    const auto names = tagNames(m_connection, u"scans"_s, rows);
    if (!names)
        return names.error();
    for (ScanRecord &record : records)
        record.details.tags = names.value().value(record.id);
    return ok();
}

Result<ScanPage> ScanRepository::list(const Session &session, const ScanFilter &filter)
{
    PageQuery query = scanPage(filter);
    const Visibility mine = visibleScans(session);
    if (!mine.sql.isEmpty()) {
        query.conditions << mine.sql;
        query.values += mine.values;
    }
    const auto keys = PageFinder(m_connection, std::move(query)).find();
    if (!keys)
        return keys.error();
    ScanPage page;
    page.total = keys.value().total;
    page.isTotalExact = keys.value().isTotalExact;
    page.page = filter.page;
    page.perPage = filter.perPage;
    page.anchor = keys.value().anchor;
    if (keys.value().ids.isEmpty())
        return page;
    QVariantList ids;
    for (const qint64 id : keys.value().ids)
        ids << id;
    auto scans =
        records(u" WHERE s.id IN (%1)"_s.arg(QStringList(ids.size(), u"?"_s).join(u", "_s)), ids,
                u" ORDER BY s.started_at DESC, s.id DESC"_s);
    if (!scans)
        return scans.error();
    page.scans = std::move(scans).value();
    return page;
}

Result<ScanRecord> ScanRepository::find(const Session &session, const QString &key)
{
    const QString lower = key.trimmed().toLower();
    ScanCondition condition;
    if (isUidPrefix(lower))
        condition.add(u"(s.scan_id = ? OR (s.uid >= ? AND s.uid < ?))"_s,
                      {key.trimmed(), lower, prefixEnd(lower)});
    else
        condition.add(u"(s.scan_id = ? OR s.uid = ?)"_s, {key.trimmed(), lower});
    condition.add(visibleScans(session));
    auto found = records(condition.where(), condition.values, u" ORDER BY s.id DESC LIMIT 5"_s);
    if (!found)
        return found.error();
    if (found.value().isEmpty())
        return Error{ErrorCode::NotFound,
                     tr("There is no scan \"%1\": birchctl scans lists them").arg(key)};
    if (found.value().size() == 1)
        return found.value().first();
    QStringList candidates;
    for (const ScanRecord &scan : found.value()) {
        if (scan.scanId == key.trimmed() || uidText(scan.uid) == lower)
            return scan;
        candidates << u"%1 (%2)"_s.arg(scan.scanId, uidText(scan.uid));
    }
    return Error{ErrorCode::Conflict,
                 tr("Several scans begin with \"%1\": %2. Give more of the uid, or the scan id")
                     .arg(key, candidates.join(u", "_s))};
}

Result<QList<ScanRecord>> ScanRepository::interrupted(const Session &session)
{
    ScanCondition condition;
    condition.add(u"s.state = 'interrupted' AND s.trashed_at IS NULL"_s, {});
    condition.add(visibleScans(session));
    return records(condition.where(), condition.values,
                   u" ORDER BY s.started_at DESC, s.id DESC"_s);
}

Result<QList<ScanLogEntry>> ScanRepository::log(qint64 scanRow)
{
    QList<ScanLogEntry> entries;
    const Status done =
        m_connection.select(u"SELECT logged_at_ns, level, message FROM scan_logs WHERE scan_id = ? "
                            "ORDER BY epoch, sequence"_s,
                            {scanRow}, [&entries](const SqlRow &row) {
                                entries.append({row.integer(0), row.text(1), row.text(2)});
                            });
    if (!done)
        return done.error();
    return entries;
}

Result<ScanReport> ScanRepository::show(const Session &session, const QString &key)
{
    auto scan = find(session, key);
    if (!scan)
        return scan.error();
    ScanReport report;
    report.scan = std::move(scan).value();
    auto entries = log(report.scan.id);
    if (!entries)
        return entries.error();
    report.log = std::move(entries).value();
    auto timings = loadTimings(m_connection, report.scan.id);
    if (!timings)
        return timings.error();
    report.timings = std::move(timings).value();
    const auto documents = m_connection.firstRow(
        u"SELECT d.tree, d.settings, d.instruments, s.position_cursor, s.plan_hash, "
        "d.end_settings, d.bench "
        "FROM scans s JOIN scan_documents d ON d.scan_id = s.id WHERE s.id = ?"_s,
        {report.scan.id});
    if (!documents)
        return documents.error();
    if (const auto &row = documents.value()) {
        report.tree = jsonObject(row->at(0).toString());
        report.settings = jsonObject(row->at(1).toString());
        report.instruments = jsonObject(row->at(2).toString());
        report.cursor = jsonObject(row->at(3).toString());
        report.planHash = row->at(4).toByteArray();
        report.endSettings = jsonObject(row->at(5).toString());
        report.bench = jsonObject(row->at(6).toString());
    }
    return report;
}

} // namespace birch
