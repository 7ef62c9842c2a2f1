#include "core/store/entity/entities.h"
#include "core/store/entity/entity_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

using namespace fields;

namespace {
const QStringList kLevels{u"view"_s, u"edit"_s, u"full"_s};

EntitySpec userSpec()
{
    return EntitySpec{
        u"users"_s,
        tr("user"),
        u"username"_s,
        {text(u"username"_s, tr("User name")).required().unique().searchable(),
         text(u"full_name"_s, tr("Name")).searchable(), text(u"email"_s, tr("E-mail")),
         choice(u"role"_s, tr("Role"), {u"viewer"_s, u"operator"_s, u"admin"_s}).required(),
         text(u"password_hash"_s, tr("Password")).secret().derived(),
         reference(u"lab"_s, tr("Lab"), u"labs"_s).loose(), text(u"phone"_s, tr("Telephone")),
         text(u"orcid"_s, tr("ORCID")), text(u"office"_s, tr("Office")), active(),
         time(u"last_login_at"_s, tr("Last login")).derived()}}
        .granting({u"role"_s, u"is_active"_s})
        .ownedBy(EntityAccess::People);
}

EntitySpec memberSpec()
{
    return EntitySpec{
        u"lab_members"_s,
        tr("lab member"),
        u"name"_s,
        {lab(), name(), text(u"email"_s, tr("E-mail")).searchable(),
         reference(u"user"_s, tr("User"), u"users"_s),
         choice(u"role"_s, tr("Role"),
                {u"member"_s, u"principal_investigator"_s, u"administrator"_s, u"student"_s,
                 u"visiting"_s}),
         choice(u"access_role"_s, tr("May"), {u"viewer"_s, u"operator"_s, u"admin"_s}),
         text(u"title"_s, tr("Title")), text(u"orcid"_s, tr("ORCID")),
         text(u"phone"_s, tr("Telephone")), text(u"office_location"_s, tr("Office")), active(),
         date(u"joined_on"_s, tr("Joined")), date(u"left_on"_s, tr("Left")),
         time(u"access_expires_at"_s, tr("Access ends")), notes()}}
        .unique({u"lab"_s, u"email"_s})
        .granting(
            {u"user"_s, u"access_role"_s, u"is_active"_s, u"left_on"_s, u"access_expires_at"_s})
        .ownedBy(EntityAccess::People);
}

EntitySpec projectMemberSpec()
{
    return EntitySpec{
        u"project_members"_s,
        tr("project member"),
        {},
        {labOf(u"project"_s), project().required().owned(),
         reference(u"member"_s, tr("Lab member"), u"lab_members"_s).owned(),
         text(u"external_name"_s, tr("Name (external)")).searchable(),
         text(u"external_email"_s, tr("E-mail (external)")),
         text(u"external_affiliation"_s, tr("Affiliation")),
         choice(u"role"_s, tr("Role"),
                {u"member"_s, u"lead"_s, u"collaborator"_s, u"advisor"_s, u"contributor"_s}),
         json(u"permissions"_s, tr("Permissions")), active(), date(u"joined_on"_s, tr("Joined")),
         date(u"left_on"_s, tr("Left")), time(u"access_expires_at"_s, tr("Access ends")), notes()}}
        .unique({u"project"_s, u"member"_s})
        .granting({u"role"_s, u"is_active"_s, u"left_on"_s, u"access_expires_at"_s})
        .ownedBy(EntityAccess::People);
}

QList<EntitySpec> teamSpecs()
{
    return {
        EntitySpec{u"teams"_s,
                   tr("team"),
                   u"name"_s,
                   {lab(), name(), text(u"code"_s, tr("Code")).searchable(), description(),
                    text(u"color"_s, tr("Colour")), active()}}
            .unique({u"lab"_s, u"name"_s})
            .unique({u"lab"_s, u"code"_s})
            .ownedBy(EntityAccess::People),
        EntitySpec{u"team_members"_s,
                   tr("team member"),
                   {},
                   {labOf(u"team"_s),
                    reference(u"team"_s, tr("Team"), u"teams"_s).required().owned(),
                    reference(u"member"_s, tr("Lab member"), u"lab_members"_s).required().owned(),
                    choice(u"role"_s, tr("Role"), {u"member"_s, u"lead"_s}), active(),
                    date(u"joined_on"_s, tr("Joined")), date(u"left_on"_s, tr("Left")), notes()}}
            .unique({u"team"_s, u"member"_s})
            .granting({u"role"_s, u"is_active"_s, u"left_on"_s})
            .ownedBy(EntityAccess::People),
        EntitySpec{u"team_access"_s,
                   tr("access of a team"),
                   {},
                   {labOf(u"team"_s),
                    reference(u"team"_s, tr("Team"), u"teams"_s).required().owned(),
                    object(u"object"_s, tr("To")).required().owned(),
                    choice(u"access_level"_s, tr("Level"), kLevels),
                    time(u"expires_at"_s, tr("Ends")), active(), notes()}}
            .unique({u"team"_s, u"object"_s})
            .granting({u"access_level"_s, u"is_active"_s, u"expires_at"_s})
            .ownedBy(EntityAccess::People),
        EntitySpec{u"item_guests"_s,
                   tr("guest"),
                   {},
                   {labOf(u"object"_s), object(u"object"_s, tr("To")).required().owned(),
                    text(u"guest_name"_s, tr("Name")).required().searchable(),
                    text(u"guest_email"_s, tr("E-mail")).required().searchable(),
                    reference(u"user"_s, tr("User"), u"users"_s).owned(),
                    text(u"affiliation"_s, tr("Affiliation")).searchable(),
                    choice(u"access_level"_s, tr("Level"), kLevels),
                    time(u"expires_at"_s, tr("Ends")),
                    time(u"last_accessed_at"_s, tr("Last access")).derived(), active(), notes()}}
            .unique({u"object"_s, u"guest_email"_s})
            .granting({u"user"_s, u"access_level"_s, u"is_active"_s, u"expires_at"_s})
            .ownedBy(EntityAccess::People),
    };
}
} // namespace

EntitySpec labSpec()
{
    return EntitySpec{u"labs"_s,
                      tr("lab"),
                      u"name"_s,
                      {name().unique(), text(u"code"_s, tr("Code")).unique().searchable(),
                       text(u"university"_s, tr("University")).searchable(),
                       text(u"department"_s, tr("Department")).searchable(), description(),
                       longText(u"address"_s, tr("Address")), text(u"website"_s, tr("Website")),
                       text(u"email"_s, tr("E-mail")), text(u"phone"_s, tr("Telephone")),
                       text(u"time_zone"_s, tr("Time zone")),
                       json(u"location_types"_s, tr("Kinds of locations")),
                       json(u"equipment_types"_s, tr("Kinds of equipment")), active()}}
        .ownedBy(EntityAccess::People);
}

EntitySpec projectSpec()
{
    return EntitySpec{
        u"projects"_s,
        tr("project"),
        u"name"_s,
        {lab(), name(), text(u"code"_s, tr("Code")).searchable(), description(),
         choice(u"status"_s, tr("Status"),
                {u"active"_s, u"planning"_s, u"paused"_s, u"completed"_s, u"archived"_s})
             .indexed(),
         date(u"start_date"_s, tr("Start")), date(u"end_date"_s, tr("End")),
         text(u"funding_source"_s, tr("Funding source")),
         text(u"grant_number"_s, tr("Grant number")).searchable(), real(u"budget"_s, tr("Budget")),
         longText(u"goals"_s, tr("Goals"))}}
        .unique({u"lab"_s, u"name"_s})
        .unique({u"lab"_s, u"code"_s});
}

QList<EntitySpec> peopleSpecs()
{
    return QList<EntitySpec>{labSpec(), projectSpec(), userSpec(), memberSpec(),
                             projectMemberSpec()} +
           teamSpecs();
}

} // namespace birch
