#include "core/exchange/import/pybirch_tables.h"

using namespace Qt::StringLiterals;

namespace birch {

QList<SourceMap> pybirchPeople()
{
    return {
        SourceMap(u"labs", u"labs")
            .same({u"name"_s, u"code"_s, u"university"_s, u"department"_s, u"description"_s,
                   u"address"_s, u"website"_s, u"email"_s, u"phone"_s, u"location_types"_s,
                   u"equipment_types"_s, u"is_active"_s})
            .known({u"name"_s}),
        // Accounts are switched off and have no password: an administrator decides who comes in.
        SourceMap(u"users", u"users")
            .same({u"username"_s, u"email"_s, u"phone"_s, u"orcid"_s})
            .as(u"name"_s, u"full_name"_s)
            .words(u"role"_s, u"role"_s, {{u"user"_s, u"operator"_s}})
            .inLab()
            .refers(u"default_lab_id"_s, u"lab"_s, u"labs"_s)
            .as(u"office_location"_s, u"office"_s)
            .as(u"last_login"_s, u"last_login_at"_s, Take::Utc)
            .always(u"is_active"_s, false)
            .secret({u"password_hash"_s, u"google_id"_s})
            .known({u"username"_s})
            .named(u"user"_s, u"email"_s),
        SourceMap(u"projects", u"projects")
            .inLab()
            .same({u"name"_s, u"code"_s, u"description"_s, u"status"_s, u"start_date"_s,
                   u"end_date"_s, u"funding_source"_s, u"grant_number"_s, u"budget"_s, u"goals"_s})
            .known({u"lab"_s, u"name"_s})
            .named(u"project"_s, u"name"_s),
        SourceMap(u"lab_members", u"lab_members")
            .inLab()
            .same({u"name"_s, u"email"_s, u"role"_s, u"title"_s, u"orcid"_s, u"phone"_s,
                   u"office_location"_s, u"is_active"_s, u"notes"_s})
            .as(u"email"_s, u"user"_s, Take::Member)
            .as(u"joined_at"_s, u"joined_on"_s, Take::Day)
            .as(u"left_at"_s, u"left_on"_s, Take::Day)
            .as(u"access_expires_at"_s, u"access_expires_at"_s, Take::Utc)
            .made(u"joined_at"_s),
        SourceMap(u"project_members", u"project_members")
            .inProject()
            .refers(u"lab_member_id"_s, u"member"_s, u"lab_members"_s)
            .same({u"external_name"_s, u"external_email"_s, u"external_affiliation"_s, u"role"_s,
                   u"permissions"_s, u"is_active"_s, u"notes"_s})
            .as(u"joined_at"_s, u"joined_on"_s, Take::Day)
            .as(u"left_at"_s, u"left_on"_s, Take::Day)
            .made(u"joined_at"_s),
        SourceMap(u"teams", u"teams")
            .inLab()
            .same({u"name"_s, u"code"_s, u"description"_s, u"color"_s, u"is_active"_s}),
        SourceMap(u"team_members", u"team_members")
            .refers(u"team_id"_s, u"team"_s, u"teams"_s)
            .refers(u"lab_member_id"_s, u"member"_s, u"lab_members"_s)
            .same({u"role"_s, u"is_active"_s, u"notes"_s})
            .as(u"joined_at"_s, u"joined_on"_s, Take::Day)
            .as(u"left_at"_s, u"left_on"_s, Take::Day)
            .made(u"joined_at"_s),
        SourceMap(u"team_access", u"team_access")
            .refers(u"team_id"_s, u"team"_s, u"teams"_s)
            .pair(u"entity_type"_s, u"entity_id"_s, u"object"_s)
            .same({u"access_level"_s, u"is_active"_s, u"notes"_s})
            .as(u"expires_at"_s, u"expires_at"_s, Take::Utc)
            .made(u"granted_at"_s, u"granted_by"_s)
            .afterScans(),
        SourceMap(u"item_guests", u"item_guests")
            .pair(u"entity_type"_s, u"entity_id"_s, u"object"_s)
            .same(
                {u"guest_name"_s, u"guest_email"_s, u"access_level"_s, u"is_active"_s, u"notes"_s})
            .as(u"guest_affiliation"_s, u"affiliation"_s)
            .as(u"expires_at"_s, u"expires_at"_s, Take::Utc)
            .as(u"last_accessed_at"_s, u"last_accessed_at"_s, Take::Utc)
            .secret({u"access_token"_s})
            .made(u"granted_at"_s, u"granted_by"_s)
            .afterScans(),
    };
}

} // namespace birch
