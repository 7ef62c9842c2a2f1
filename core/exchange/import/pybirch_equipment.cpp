#include "core/exchange/import/pybirch_tables.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {

/// Drivers were called instrument definitions before; a file may have both.
SourceMap drivers(const char16_t *table)
{
    return SourceMap(table, u"drivers")
        .inLab()
        .same({u"name"_s, u"display_name"_s, u"description"_s, u"instrument_type"_s, u"category"_s,
               u"manufacturer"_s, u"status"_s, u"version"_s, u"is_public"_s, u"is_approved"_s})
        .as(u"source_code"_s, u"definition"_s);
}

SourceMap versions(const char16_t *table, const QString &column, const QString &of)
{
    return SourceMap(table, u"driver_versions")
        .refers(column, u"driver"_s, of)
        .same({u"version"_s, u"change_summary"_s})
        .as(u"source_code"_s, u"definition"_s);
}

QList<SourceMap> bookings()
{
    return {
        SourceMap(u"equipment_scheduling_config", u"booking_rules")
            .refers(u"equipment_id"_s, u"equipment"_s, u"equipment"_s)
            .as(u"scheduling_enabled"_s, u"is_enabled"_s)
            .as(u"min_booking_minutes"_s, u"min_minutes"_s)
            .as(u"max_booking_minutes"_s, u"max_minutes"_s)
            .as(u"default_booking_minutes"_s, u"usual_minutes"_s)
            .as(u"min_advance_days"_s, u"min_advance_days"_s)
            .as(u"max_advance_days"_s, u"max_advance_days"_s)
            .as(u"buffer_time"_s, u"buffer_minutes"_s)
            .as(u"buffer_minutes"_s, u"buffer_minutes"_s)
            .same({u"requires_approval"_s, u"blocked_dates"_s, u"max_recurring_weeks"_s})
            .as(u"auto_approve_lab_members"_s, u"approves_members"_s)
            .refers(u"approver_id"_s, u"approver"_s, u"users"_s)
            .as(u"availability_schedule"_s, u"availability"_s)
            .as(u"allow_recurring"_s, u"allows_recurring"_s),
        SourceMap(u"equipment_bookings", u"bookings")
            .refers(u"equipment_id"_s, u"equipment"_s, u"equipment"_s)
            .refers(u"user_id"_s, u"user"_s, u"users"_s)
            .same({u"title"_s, u"description"_s, u"status"_s, u"recurrence_rule"_s,
                   u"rejection_reason"_s, u"cancellation_reason"_s, u"notes"_s})
            .as(u"start_time"_s, u"start_at"_s, Take::Local)
            .as(u"start"_s, u"start_at"_s, Take::Local)
            .as(u"end_time"_s, u"end_at"_s, Take::Local)
            .as(u"end"_s, u"end_at"_s, Take::Local)
            .as(u"actual_start"_s, u"actual_start_at"_s, Take::Utc)
            .as(u"actual_end"_s, u"actual_end_at"_s, Take::Utc)
            .as(u"approved_at"_s, u"approved_at"_s, Take::Utc)
            .refers(u"approved_by_id"_s, u"approved_by"_s, u"users"_s)
            .refers(u"parent_booking_id"_s, u"parent"_s, u"equipment_bookings"_s)
            .inProject(),
    };
}

} // namespace

QList<SourceMap> pybirchEquipment()
{
    return QList<SourceMap>{
               SourceMap(u"computers", u"stations")
                   .inLab()
                   .as(u"computer_name"_s, u"name"_s)
                   .same({u"nickname"_s, u"description"_s, u"location"_s})
                   .as(u"computer_id"_s, u"machine"_s)
                   .known({u"name"_s})
                   .named(u"station"_s, u"computer_name"_s),
               SourceMap(u"equipment", u"equipment")
                   .inLab()
                   .same({u"name"_s, u"equipment_type"_s, u"description"_s, u"manufacturer"_s,
                          u"model"_s, u"serial_number"_s, u"status"_s, u"purchase_date"_s,
                          u"warranty_expiration"_s, u"last_maintenance_date"_s,
                          u"next_maintenance_date"_s, u"maintenance_interval_days"_s,
                          u"specifications"_s, u"documentation_url"_s})
                   .refers(u"owner_id"_s, u"owner"_s, u"users"_s),
               drivers(u"drivers"),
               versions(u"driver_versions", u"driver_id"_s, u"drivers"_s),
               drivers(u"instrument_definitions"),
               versions(u"instrument_definition_versions", u"definition_id"_s,
                        u"instrument_definitions"_s),
               SourceMap(u"instruments", u"instruments")
                   .inLab()
                   .same({u"name"_s, u"instrument_type"_s, u"manufacturer"_s, u"model"_s,
                          u"serial_number"_s, u"status"_s, u"specifications"_s})
                   .refers(u"equipment_id"_s, u"equipment"_s, u"equipment"_s)
                   .refers(u"driver_id"_s, u"driver"_s, u"drivers"_s)
                   .refers(u"definition_id"_s, u"driver"_s, u"instrument_definitions"_s),
               SourceMap(u"instrument_status", u"instrument_status")
                   .refers(u"instrument_id"_s, u"instrument"_s, u"instruments"_s)
                   .same({u"status"_s, u"current_settings"_s, u"error_message"_s})
                   .as(u"updated_at"_s, u"at"_s, Take::Utc)
                   .made(u"updated_at"_s),
               SourceMap(u"computer_bindings", u"instrument_bindings")
                   .refers(u"instrument_id"_s, u"instrument"_s, u"instruments"_s)
                   .refers(u"computer_id_fk"_s, u"station"_s, u"computers"_s)
                   .as(u"computer_name"_s, u"station"_s, Take::Station)
                   .same({u"nickname"_s, u"username"_s, u"is_primary"_s, u"last_settings"_s})
                   .as(u"adapter"_s, u"address"_s)
                   .words(u"adapter_type"_s, u"adapter_type"_s, {{u""_s, u"other"_s}})
                   .as(u"last_connected"_s, u"last_connected_at"_s, Take::Utc),
           } +
           bookings();
}

} // namespace birch
