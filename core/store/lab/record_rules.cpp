#include "core/store/lab/record_rules.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/lab/booking_rules.h"
#include "core/store/lab/recurrence.h"

#include <QRegularExpression>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("RecordRules", text);
}

Status preparePublication(const EntityWrite &, QVariantMap *values)
{
    const QString given = values->value(u"doi"_s).toString();
    if (given.isEmpty())
        return ok();
    const auto doi = doiFromText(given);
    if (!doi)
        return doi.error();
    values->insert(u"doi"_s, doi.value());
    return ok();
}

Status prepareCalibration(const EntityWrite &write, QVariantMap *values)
{
    const QString due = write.upcoming(*values, u"due_on"_s).toString();
    if (due.isEmpty() || due >= write.upcoming(*values, u"calibrated_on"_s).toString())
        return ok();
    return Error{ErrorCode::BadInput,
                 tr("The calibration is due before it was done: correct one of the dates")};
}

Status prepareEvent(const EntityWrite &write, QVariantMap *values)
{
    const qint64 start = write.upcoming(*values, u"start_at"_s).toLongLong();
    const qint64 end = write.upcoming(*values, u"end_at"_s).toLongLong();
    if (end < start)
        return checkOrder({start, end});
    const QString rule = values->value(u"recurrence_rule"_s).toString();
    if (rule.isEmpty())
        return ok();
    const auto read = Recurrence::parse(rule);
    return read ? ok() : Status(read.error());
}

Status prepareLab(const EntityWrite &, QVariantMap *values)
{
    const QString zone = values->value(u"time_zone"_s).toString();
    if (zone.isEmpty() || QTimeZone(zone.toUtf8()).isValid())
        return ok();
    return Error{ErrorCode::BadInput,
                 tr("There is no time zone \"%1\": write it as Europe/Berlin").arg(zone)};
}
} // namespace

Result<QString> doiFromText(const QString &text)
{
    static const QRegularExpression front(u"^(https?://(dx\\.)?doi\\.org/|doi:\\s*)"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression form(u"^10\\.\\d{4,9}(\\.\\d+)*/\\S+$"_s);
    QString doi = text.trimmed();
    doi.remove(front);
    if (form.match(doi).hasMatch())
        return doi;
    return Error{
        ErrorCode::BadInput,
        tr("\"%1\" is no DOI: it begins with 10., e.g. 10.1038/s41586-020-2649-2").arg(text)};
}

EntityHooks publicationHooks()
{
    return {u"publications"_s, preparePublication, nullptr};
}

EntityHooks calibrationHooks()
{
    return {u"calibrations"_s, prepareCalibration, nullptr};
}

EntityHooks calendarHooks()
{
    return {u"calendar_events"_s, prepareEvent, nullptr};
}

EntityHooks labHooks()
{
    return {u"labs"_s, prepareLab, nullptr};
}

Result<QList<EntityRecord>> dueCalibrations(Connection &connection, const Session &session,
                                            const QString &until)
{
    QList<qint64> rows;
    const Status done = connection.select(
        u"SELECT c.id FROM calibrations c WHERE c.status = 'valid' AND c.trashed_at IS NULL AND "
        "c.due_on <= ? AND NOT EXISTS (SELECT 1 FROM calibrations n WHERE n.object_id = "
        "c.object_id AND coalesce(n.quantity, '') = coalesce(c.quantity, '') AND "
        "n.status = 'valid' AND n.trashed_at IS NULL AND (n.calibrated_on > c.calibrated_on OR "
        "(n.calibrated_on = c.calibrated_on AND n.id > c.id))) ORDER BY c.due_on, c.id LIMIT 1000"_s,
        {until}, [&rows](const SqlRow &row) { rows << row.integer(0); });
    if (!done)
        return done.error();
    EntityRepository calibrations(connection, *entityByTable(u"calibrations"_s));
    QList<EntityRecord> records;
    for (const qint64 row : std::as_const(rows)) {
        auto record = calibrations.get(session, row);
        if (!record)
            return record.error();
        records << std::move(record).value();
    }
    return records;
}

Result<Problems> sampleProblems(Connection &connection, const QString &sampleUid)
{
    Problems problems;
    const Status done = connection.select(
        u"SELECT sample_id, status, archived_at, trashed_at FROM samples WHERE uid = ?"_s,
        {sampleUid}, [&problems](const SqlRow &row) {
            const auto add = [&](const QString &message, const QString &remedy) {
                Problem problem;
                problem.field = u"sample"_s;
                problem.message = message.arg(row.text(0));
                problem.remedy = remedy.arg(row.text(0));
                problems << problem;
            };
            if (!row.isNull(3))
                add(tr("The sample %1 is in the trash"),
                    tr("choose another one, or restore it with birchctl samples restore %1"));
            if (!row.isNull(2) || row.text(1) == u"archived"_s)
                add(tr("The sample %1 is archived"),
                    tr("choose another one, or bring it back: birchctl samples unarchive %1, "
                       "and birchctl samples edit %1 status=active"));
            if (row.text(1) == u"consumed"_s)
                add(tr("The sample %1 is used up"),
                    tr("choose another one, or correct its status with birchctl samples edit %1 "
                       "status=active"));
        });
    if (!done)
        return done.error();
    return problems;
}

} // namespace birch
