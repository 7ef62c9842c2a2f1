#include "core/store/entity/entities.h"
#include "core/store/entity/entity_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

using namespace fields;

namespace {
EntitySpec equipmentSpec()
{
    return EntitySpec{
        u"equipment"_s,
        tr("equipment"),
        u"name"_s,
        {lab(), name(), text(u"equipment_type"_s, tr("Type")).searchable().indexed(), description(),
         text(u"manufacturer"_s, tr("Manufacturer")).searchable(),
         text(u"model"_s, tr("Model")).searchable(),
         text(u"serial_number"_s, tr("Serial number")).searchable(),
         choice(u"status"_s, tr("Status"),
                {u"operational"_s, u"maintenance"_s, u"offline"_s, u"retired"_s})
             .indexed(),
         reference(u"owner"_s, tr("Owner"), u"users"_s), date(u"purchase_date"_s, tr("Bought")),
         date(u"warranty_expiration"_s, tr("Warranty ends")),
         date(u"last_maintenance_date"_s, tr("Last maintenance")),
         date(u"next_maintenance_date"_s, tr("Next maintenance")).indexed(),
         integer(u"maintenance_interval_days"_s, tr("Maintenance every")).in(u"d"_s).atLeast(1),
         json(u"specifications"_s, tr("Specifications")),
         text(u"documentation_url"_s, tr("Documentation"))}};
}

QList<EntitySpec> driverSpecs()
{
    const QStringList states{u"operational"_s, u"development"_s, u"testing"_s, u"experimental"_s,
                             u"deprecated"_s};
    EntityField anyLab = lab();
    anyLab.isRequired = false;
    return {
        EntitySpec{u"drivers"_s,
                   tr("instrument definition"),
                   u"name"_s,
                   {anyLab, name().unique(),
                    text(u"display_name"_s, tr("Title")).required().searchable(), description(),
                    choice(u"instrument_type"_s, tr("Offers"),
                           {u"measurement"_s, u"movement"_s, u"both"_s}),
                    text(u"category"_s, tr("Category")).searchable(),
                    text(u"manufacturer"_s, tr("Manufacturer")).searchable(),
                    choice(u"status"_s, tr("Status"), states),
                    integer(u"version"_s, tr("Version")).initially(1).atLeast(1).derived(),
                    longText(u"definition"_s, tr("Definition")).required(),
                    flag(u"is_public"_s, tr("For every lab"), false),
                    flag(u"is_builtin"_s, tr("Comes with Birch"), false),
                    flag(u"is_approved"_s, tr("Approved"), true)}},
        EntitySpec{u"driver_versions"_s,
                   tr("version of a definition"),
                   {},
                   {labOf(u"driver"_s),
                    reference(u"driver"_s, tr("Definition"), u"drivers"_s).required().owned(),
                    integer(u"version"_s, tr("Version")).required().atLeast(1),
                    longText(u"definition"_s, tr("Definition")).required(),
                    text(u"change_summary"_s, tr("Change")).searchable()}}
            .unique({u"driver"_s, u"version"_s}),
    };
}

QList<EntitySpec> instrumentSpecs()
{
    return {
        EntitySpec{u"instruments"_s,
                   tr("instrument"),
                   u"name"_s,
                   {lab(), name(), text(u"instrument_type"_s, tr("Type")).searchable(),
                    text(u"manufacturer"_s, tr("Manufacturer")).searchable(),
                    text(u"model"_s, tr("Model")).searchable(),
                    text(u"serial_number"_s, tr("Serial number")).searchable(),
                    choice(u"status"_s, tr("Status"),
                           {u"available"_s, u"in_use"_s, u"maintenance"_s, u"retired"_s})
                        .indexed(),
                    json(u"specifications"_s, tr("Specifications")),
                    reference(u"equipment"_s, tr("Equipment"), u"equipment"_s),
                    reference(u"driver"_s, tr("Definition"), u"drivers"_s)}},
        EntitySpec{
            u"instrument_status"_s,
            tr("state of an instrument"),
            {},
            {labOf(u"instrument"_s),
             reference(u"instrument"_s, tr("Instrument"), u"instruments"_s).required().owned(),
             choice(u"status"_s, tr("State"),
                    {u"disconnected"_s, u"connected"_s, u"error"_s, u"busy"_s}),
             time(u"at"_s, tr("Since")).required(), json(u"current_settings"_s, tr("Settings")),
             text(u"error_message"_s, tr("Error")).searchable(),
             choice(u"event"_s, tr("What happened"),
                    {u"noted"_s, u"connecting"_s, u"ready"_s, u"fault"_s, u"reconnecting"_s,
                     u"back"_s, u"offline"_s}),
             choice(u"fault"_s, tr("Fault"),
                    {u"none"_s, u"timeout"_s, u"protocol"_s, u"closed"_s, u"refused"_s,
                     u"wrong_identity"_s}),
             integer(u"attempt"_s, tr("Attempt")).initially(0).atLeast(0),
             text(u"station"_s, tr("Station")), text(u"nickname"_s, tr("Nickname"))}}
            .indexed({u"instrument"_s, u"at"_s})
            .indexed({u"station"_s, u"nickname"_s, u"at"_s}),
        EntitySpec{
            u"instrument_bindings"_s,
            tr("connection of an instrument"),
            {},
            {labOf(u"instrument"_s),
             reference(u"instrument"_s, tr("Instrument"), u"instruments"_s).required().owned(),
             reference(u"station"_s, tr("Station"), u"stations"_s).required().owned(),
             text(u"nickname"_s, tr("Nickname")).searchable(),
             text(u"address"_s, tr("Address")).searchable(),
             choice(u"adapter_type"_s, tr("Link"),
                    {u"serial"_s, u"tcp"_s, u"usb"_s, u"gpib"_s, u"other"_s}),
             text(u"username"_s, tr("Account")), flag(u"is_primary"_s, tr("Usual"), true),
             time(u"last_connected_at"_s, tr("Last connected")),
             json(u"last_settings"_s, tr("Settings")), text(u"definition"_s, tr("Definition")),
             time(u"last_settings_at"_s, tr("Settings read"))}}
            .unique({u"instrument"_s, u"station"_s}),
        EntitySpec{u"instrument_presets"_s,
                   tr("preset"),
                   u"name"_s,
                   {lab(), name(),
                    text(u"definition"_s, tr("Definition")).required().searchable().indexed(),
                    json(u"settings"_s, tr("Settings")).required(),
                    json(u"facts"_s, tr("What the settings are")), notes()}}
            .unique({u"lab"_s, u"definition"_s, u"name"_s}),
        EntitySpec{
            u"calibrations"_s,
            tr("calibration"),
            {},
            {labOf(u"object"_s),
             object(u"object"_s, tr("Of"), {u"instruments"_s, u"equipment"_s}).required().owned(),
             text(u"quantity"_s, tr("Quantity")).searchable(),
             date(u"calibrated_on"_s, tr("Date")).required(),
             date(u"due_on"_s, tr("Due")).indexed(), real(u"factor"_s, tr("Factor")),
             unit(u"unit"_s, tr("Unit")), real(u"uncertainty"_s, tr("Uncertainty")).atLeast(0),
             text(u"certificate"_s, tr("Certificate")).searchable(),
             text(u"performed_by"_s, tr("By")).searchable(),
             choice(u"status"_s, tr("Status"), {u"valid"_s, u"failed"_s, u"withdrawn"_s}), notes()}}
            .indexed({u"object"_s, u"calibrated_on"_s}),
    };
}

QList<EntitySpec> bookingSpecs()
{
    const auto equipment = [] {
        return reference(u"equipment"_s, tr("Equipment"), u"equipment"_s).required().owned();
    };
    return {
        EntitySpec{u"booking_rules"_s,
                   tr("booking rules"),
                   {},
                   {labOf(u"equipment"_s), equipment().unique(),
                    flag(u"is_enabled"_s, tr("Can be booked"), true),
                    integer(u"min_minutes"_s, tr("Shortest")).in(u"min"_s).initially(30).atLeast(1),
                    integer(u"max_minutes"_s, tr("Longest")).in(u"min"_s).initially(480).atLeast(1),
                    integer(u"usual_minutes"_s, tr("Usual")).in(u"min"_s).initially(60).atLeast(1),
                    integer(u"min_advance_days"_s, tr("At least ahead"))
                        .in(u"d"_s)
                        .initially(0)
                        .atLeast(0),
                    integer(u"max_advance_days"_s, tr("At most ahead"))
                        .in(u"d"_s)
                        .initially(30)
                        .atLeast(0),
                    integer(u"buffer_minutes"_s, tr("Kept free between"))
                        .in(u"min"_s)
                        .initially(0)
                        .atLeast(0),
                    flag(u"requires_approval"_s, tr("Needs approval"), false),
                    flag(u"approves_members"_s, tr("Approves lab members by itself"), true),
                    reference(u"approver"_s, tr("Approver"), u"users"_s),
                    json(u"availability"_s, tr("Open hours")),
                    json(u"blocked_dates"_s, tr("Closed days")),
                    flag(u"allows_recurring"_s, tr("May repeat"), true),
                    integer(u"max_recurring_weeks"_s, tr("Repeats at most"))
                        .in(u"weeks"_s)
                        .initially(12)
                        .atLeast(1)}},
        EntitySpec{u"bookings"_s,
                   tr("booking"),
                   u"title"_s,
                   {labOf(u"equipment"_s), equipment(), reference(u"user"_s, tr("For"), u"users"_s),
                    text(u"title"_s, tr("Title")).required().searchable(), description(),
                    time(u"start_at"_s, tr("From")).required(),
                    time(u"end_at"_s, tr("Until")).required(),
                    choice(u"status"_s, tr("Status"),
                           {u"confirmed"_s, u"pending"_s, u"in_progress"_s, u"completed"_s,
                            u"cancelled"_s, u"no_show"_s})
                        .indexed(),
                    text(u"recurrence_rule"_s, tr("Repeats")),
                    reference(u"parent"_s, tr("Repetition of"), u"bookings"_s).owned(), project(),
                    json(u"samples"_s, tr("Samples")),
                    reference(u"approved_by"_s, tr("Approved by"), u"users"_s),
                    time(u"approved_at"_s, tr("Approved")),
                    text(u"rejection_reason"_s, tr("Refused because")),
                    time(u"actual_start_at"_s, tr("Began")), time(u"actual_end_at"_s, tr("Ended")),
                    text(u"cancellation_reason"_s, tr("Cancelled because")), notes()}}
            .indexed({u"equipment"_s, u"start_at"_s, u"end_at"_s}),
        EntitySpec{u"calendar_events"_s,
                   tr("calendar event"),
                   u"title"_s,
                   {lab(), text(u"title"_s, tr("Title")).required().searchable(), description(),
                    time(u"start_at"_s, tr("From")).required().indexed(),
                    time(u"end_at"_s, tr("Until")).required(),
                    flag(u"is_all_day"_s, tr("All day"), false), text(u"location"_s, tr("Where")),
                    object(u"object"_s, tr("About")).loose(),
                    text(u"recurrence_rule"_s, tr("Repeats")),
                    choice(u"category"_s, tr("Category"),
                           {u"other"_s, u"meeting"_s, u"maintenance"_s, u"delivery"_s, u"holiday"_s,
                            u"deadline"_s})}},
    };
}
} // namespace

EntitySpec stationSpec()
{
    return EntitySpec{u"stations"_s,
                      tr("station"),
                      u"name"_s,
                      {lab(), name().unique(), text(u"nickname"_s, tr("Nickname")).searchable(),
                       text(u"location"_s, tr("Location")).searchable(), description(),
                       text(u"machine"_s, tr("Machine")).searchable()}};
}

QList<EntitySpec> equipmentSpecs()
{
    return QList<EntitySpec>{stationSpec(), equipmentSpec()} + driverSpecs() + instrumentSpecs() +
           bookingSpecs();
}

} // namespace birch
