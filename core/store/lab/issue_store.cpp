#include "core/store/lab/issue_store.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/entity/object_key.h"
#include "core/store/lab/lab_zone.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <QDate>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Issues", text);
}

bool isOver(const QString &status)
{
    return status == u"resolved"_s || status == u"closed"_s || status == u"wont_fix"_s;
}

QString dayAfter(const QString &day, qint64 days)
{
    return QDate::fromString(day, Qt::ISODate).addDays(days).toString(Qt::ISODate);
}

Status assignToOwner(const EntityWrite &write, QVariantMap *values)
{
    const QString about = values->value(u"about"_s).toString();
    if (about.isEmpty() || !values->value(u"assignee"_s).toString().isEmpty())
        return ok();
    const auto object = findObject(write.connection, about);
    if (!object || object.value().kind != u"equipment"_s)
        return ok(); // what it can not refer to is said when it is bound
    const auto owner = write.connection.firstRow(
        u"SELECT u.uid FROM equipment e JOIN users u ON u.id = e.owner_id WHERE e.id = ?"_s,
        {object.value().row});
    if (!owner)
        return owner.error();
    if (owner.value())
        values->insert(u"assignee"_s, owner.value()->first());
    return ok();
}

Status prepareIssue(const EntityWrite &write, QVariantMap *values)
{
    if (!write.before) {
        if (Status done = assignToOwner(write, values); !done)
            return done;
    }
    const bool wasOver = write.before && isOver(write.before->text(u"status"_s));
    const bool willBeOver = isOver(write.upcoming(*values, u"status"_s).toString());
    if (willBeOver && !wasOver && !values->contains(u"resolved_at"_s))
        values->insert(u"resolved_at"_s, nowUs());
    if (wasOver && !willBeOver)
        values->insert(u"resolved_at"_s, QVariant());
    return ok();
}

Status addToTimeLine(const EntityWrite &write, const EntityRecord &issue)
{
    const QString status = issue.text(u"status"_s);
    QVariantMap line{{u"issue"_s, issue.uid},
                     {u"update_type"_s, isOver(status) ? u"resolution"_s : u"status_change"_s},
                     {u"old_status"_s, write.before->text(u"status"_s)},
                     {u"new_status"_s, status},
                     {u"author_name"_s, write.session.user}};
    if (isOver(status) && !issue.text(u"resolution"_s).isEmpty())
        line.insert(u"content"_s, issue.text(u"resolution"_s));
    const auto made = EntityRepository(write.connection, *entityByTable(u"issue_updates"_s))
                          .insert(write.session, line, {}, {.origin = Origin::Store});
    return made ? ok() : Status(made.error());
}

/// The maintenance that the issue was opened for is done: due again after its interval.
Status rescheduleMaintenance(const EntityWrite &write, const EntityRecord &issue)
{
    QStringList tasks;
    if (Status done = write.connection.select(
            u"SELECT uid FROM maintenance_tasks WHERE current_issue_id = ?"_s, {issue.id},
            [&tasks](const SqlRow &row) { tasks << row.text(0); });
        !done)
        return done;
    const auto today = labToday(write.connection, issue.referenceUids.value(u"lab"_s));
    if (!today)
        return today.error();
    EntityRepository repository(write.connection, *entityByTable(u"maintenance_tasks"_s));
    for (const QString &uid : std::as_const(tasks)) {
        const auto task = repository.find(write.session, uid);
        if (!task)
            return task.error();
        const qint64 interval = task.value().values.value(u"interval_days"_s).toLongLong();
        const auto done = repository.update(write.session, task.value(),
                                            {{u"current_issue"_s, QVariant()},
                                             {u"next_due_on"_s, dayAfter(today.value(), interval)}},
                                            Origin::Store);
        if (!done)
            return done.error();
    }
    return ok();
}

Status finishIssue(const EntityWrite &write, const EntityRecord &issue)
{
    if (!write.before || !write.isChanged(issue, u"status"_s))
        return ok();
    if (Status done = addToTimeLine(write, issue); !done)
        return done;
    return isOver(issue.text(u"status"_s)) ? rescheduleMaintenance(write, issue) : ok();
}

Status prepareTask(const EntityWrite &write, QVariantMap *values)
{
    if (write.before || values->contains(u"next_due_on"_s))
        return ok();
    const QString today = QDate::currentDate().toString(Qt::ISODate);
    values->insert(u"next_due_on"_s,
                   dayAfter(today, values->value(u"interval_days"_s).toLongLong()));
    return ok();
}

Result<EntityRecord> openIssue(Connection &connection, const Session &session, const QString &uid)
{
    EntityRepository tasks(connection, *entityByTable(u"maintenance_tasks"_s));
    const auto task = tasks.find(session, uid);
    if (!task)
        return task;
    QVariantMap values{{u"lab"_s, task.value().referenceUids.value(u"lab"_s)},
                       {u"about"_s, task.value().referenceUids.value(u"equipment"_s)},
                       {u"title"_s, task.value().text(u"issue_title"_s)},
                       {u"description"_s, task.value().text(u"issue_description"_s)},
                       {u"category"_s, task.value().text(u"issue_category"_s)},
                       {u"priority"_s, task.value().text(u"issue_priority"_s)}};
    if (task.value().referenceUids.contains(u"default_assignee"_s))
        values.insert(u"assignee"_s, task.value().referenceUids.value(u"default_assignee"_s));
    auto issue = EntityRepository(connection, *entityByTable(u"issues"_s))
                     .insert(session, values, {}, {.origin = Origin::Store});
    if (!issue)
        return issue;
    const auto linked =
        tasks.update(session, task.value(),
                     {{u"current_issue"_s, issue.value().uid}, {u"last_triggered_at"_s, nowUs()}},
                     Origin::Store);
    if (!linked)
        return linked.error();
    return issue;
}
} // namespace

EntityHooks issueHooks()
{
    return {u"issues"_s, prepareIssue, finishIssue};
}

EntityHooks maintenanceHooks()
{
    return {u"maintenance_tasks"_s, prepareTask, nullptr};
}

Result<QList<EntityRecord>> openDueMaintenance(Connection &connection, const Session &session,
                                               const QString &today)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    QStringList due;
    const Status done = connection.select(
        u"SELECT uid FROM maintenance_tasks WHERE is_active = ? AND trashed_at IS NULL AND "
        "archived_at IS NULL AND next_due_on <= ? AND current_issue_id IS NULL ORDER BY id"_s +
            connection.dialect().forUpdate(),
        {true, today}, [&due](const SqlRow &row) { due << row.text(0); });
    if (!done)
        return done.error();
    QList<EntityRecord> issues;
    for (const QString &uid : std::as_const(due)) {
        auto issue = openIssue(connection, session, uid);
        if (!issue)
            return issue.error().within(tr("Opening an issue for maintenance"));
        issues << std::move(issue).value();
    }
    if (Status committed = transaction.value().commit(); !committed)
        return committed.error();
    return issues;
}

} // namespace birch
