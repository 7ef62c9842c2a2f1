#include "core/exchange/import/pybirch_tables.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {

/// Four tables of PyBirch are one entity of ours.
SourceMap issues(const char16_t *table)
{
    return SourceMap(table, u"issues")
        .same({u"title"_s, u"description"_s, u"category"_s, u"priority"_s, u"status"_s,
               u"error_message"_s, u"steps_to_reproduce"_s, u"resolution"_s, u"affected_version"_s,
               u"fixed_in_version"_s, u"related_url"_s, u"cost"_s, u"downtime_hours"_s})
        .as(u"environment_info"_s, u"environment"_s)
        .as(u"browser_info"_s, u"environment"_s)
        .refers(u"reporter_id"_s, u"reporter"_s, u"users"_s)
        .refers(u"assignee_id"_s, u"assignee"_s, u"users"_s)
        .as(u"resolved_at"_s, u"resolved_at"_s, Take::Utc);
}

} // namespace

QList<SourceMap> pybirchIssues()
{
    return {
        issues(u"issues"),
        issues(u"equipment_issues").refers(u"equipment_id"_s, u"about"_s, u"equipment"_s),
        issues(u"driver_issues").refers(u"driver_id"_s, u"about"_s, u"drivers"_s),
        issues(u"instrument_definition_issues")
            .refers(u"definition_id"_s, u"about"_s, u"instrument_definitions"_s),
        SourceMap(u"issue_updates", u"issue_updates")
            .pair(u"issue_type"_s, u"issue_id"_s, u"issue"_s)
            .same({u"update_type"_s, u"content"_s, u"old_status"_s, u"new_status"_s,
                   u"author_name"_s})
            .made(u"created_at"_s, u"author_name"_s),
        SourceMap(u"maintenance_tasks", u"maintenance_tasks")
            .refers(u"equipment_id"_s, u"equipment"_s, u"equipment"_s)
            .same({u"name"_s, u"description"_s, u"interval_days"_s, u"issue_title"_s,
                   u"issue_description"_s, u"issue_category"_s, u"issue_priority"_s,
                   u"is_active"_s})
            .refers(u"default_assignee_id"_s, u"default_assignee"_s, u"users"_s)
            .as(u"last_triggered_at"_s, u"last_triggered_at"_s, Take::Utc)
            .as(u"next_due_date"_s, u"next_due_on"_s)
            .refers(u"current_issue_id"_s, u"current_issue"_s, u"equipment_issues"_s),
    };
}

} // namespace birch
