#include "core/store/entity/entities.h"
#include "core/store/entity/entity_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

using namespace fields;

namespace {
const QStringList kPriorities{u"medium"_s, u"low"_s, u"high"_s, u"critical"_s};
const QStringList kCategories{u"bug"_s,         u"feature"_s,       u"question"_s,
                              u"enhancement"_s, u"malfunction"_s,   u"maintenance"_s,
                              u"safety"_s,      u"consumables"_s,   u"compatibility"_s,
                              u"performance"_s, u"documentation"_s, u"other"_s};
const QStringList kStates{u"open"_s, u"in_progress"_s, u"resolved"_s, u"closed"_s, u"wont_fix"_s};

EntitySpec issueSpec()
{
    // One kind of issue, whatever it is about: equipment, a definition, or Birch itself (none).
    return EntitySpec{
        u"issues"_s,
        tr("issue"),
        u"title"_s,
        {lab(), object(u"about"_s, tr("About")),
         text(u"title"_s, tr("Title")).required().searchable(), description(),
         choice(u"category"_s, tr("Category"), kCategories).indexed(),
         choice(u"priority"_s, tr("Priority"), kPriorities),
         choice(u"status"_s, tr("Status"), kStates).indexed(),
         reference(u"reporter"_s, tr("Reported by"), u"users"_s),
         reference(u"assignee"_s, tr("Assigned to"), u"users"_s),
         longText(u"error_message"_s, tr("Error message")).searchable(),
         longText(u"steps_to_reproduce"_s, tr("How to repeat it")),
         text(u"affected_version"_s, tr("Version")), text(u"fixed_in_version"_s, tr("Fixed in")),
         text(u"related_url"_s, tr("Link")), longText(u"environment"_s, tr("Environment")),
         longText(u"resolution"_s, tr("Resolution")).searchable(),
         time(u"resolved_at"_s, tr("Resolved")), real(u"cost"_s, tr("Cost")).atLeast(0),
         real(u"downtime_hours"_s, tr("Downtime")).in(u"h"_s).atLeast(0)}};
}

EntitySpec issueUpdateSpec()
{
    return EntitySpec{
        u"issue_updates"_s,
        tr("update of an issue"),
        {},
        {labOf(u"issue"_s), reference(u"issue"_s, tr("Issue"), u"issues"_s).required().owned(),
         choice(u"update_type"_s, tr("Kind"),
                {u"comment"_s, u"status_change"_s, u"resolution"_s, u"workaround"_s}),
         longText(u"content"_s, tr("Text")).searchable(), text(u"old_status"_s, tr("Was")),
         text(u"new_status"_s, tr("Became")), text(u"author_name"_s, tr("By")).searchable()}};
}

EntitySpec maintenanceSpec()
{
    return EntitySpec{
        u"maintenance_tasks"_s,
        tr("maintenance task"),
        u"name"_s,
        {labOf(u"equipment"_s),
         reference(u"equipment"_s, tr("Equipment"), u"equipment"_s).required().owned(), name(),
         description(), integer(u"interval_days"_s, tr("Every")).in(u"d"_s).required().atLeast(1),
         text(u"issue_title"_s, tr("Title of its issues")).required(),
         longText(u"issue_description"_s, tr("Text of its issues")),
         choice(u"issue_category"_s, tr("Category of its issues"),
                {u"maintenance"_s, u"safety"_s, u"consumables"_s, u"other"_s}),
         choice(u"issue_priority"_s, tr("Priority of its issues"), kPriorities),
         reference(u"default_assignee"_s, tr("Assigned to"), u"users"_s), active(),
         time(u"last_triggered_at"_s, tr("Last opened")),
         date(u"next_due_on"_s, tr("Next due")).indexed(),
         reference(u"current_issue"_s, tr("Open issue"), u"issues"_s)}};
}
} // namespace

QList<EntitySpec> issueSpecs()
{
    return {issueSpec(), issueUpdateSpec(), maintenanceSpec()};
}

} // namespace birch
