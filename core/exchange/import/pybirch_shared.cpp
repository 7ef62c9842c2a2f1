#include "core/exchange/import/pybirch_tables.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QList<SourceMap> notices()
{
    return {
        SourceMap(u"subscribers", u"subscribers")
            .inLab()
            .same({u"name"_s, u"is_active"_s, u"is_verified"_s, u"failure_count"_s})
            .words(u"channel_type"_s, u"channel_type"_s,
                   {{u"slack_channel"_s, u"slack"_s}, {u"slack_user"_s, u"slack"_s}})
            .as(u"channel_address"_s, u"address"_s)
            .refers(u"user_id"_s, u"user"_s, u"users"_s)
            .as(u"last_notification_at"_s, u"last_notified_at"_s, Take::Utc)
            .secret({u"slack_bot_token"_s, u"webhook_secret"_s, u"webhook_headers"_s}),
        SourceMap(u"notification_rules", u"notification_rules")
            .refers(u"subscriber_id"_s, u"subscriber"_s, u"subscribers"_s)
            .inProject()
            .same({u"event_type"_s, u"owner_only"_s, u"conditions"_s, u"is_active"_s})
            .as(u"custom_message"_s, u"message"_s)
            .as(u"include_link"_s, u"includes_link"_s),
        SourceMap(u"notification_logs", u"notification_log")
            .refers(u"subscriber_id"_s, u"subscriber"_s, u"subscribers"_s)
            .refers(u"rule_id"_s, u"rule"_s, u"notification_rules"_s)
            .pair(u"entity_type"_s, u"entity_id"_s, u"object"_s)
            .same({u"event_type"_s, u"status"_s, u"error_message"_s, u"retry_count"_s,
                   u"triggered_by"_s})
            .as(u"message_subject"_s, u"subject"_s)
            .as(u"message_body"_s, u"body"_s)
            .as(u"sent_at"_s, u"sent_at"_s, Take::Utc)
            .as(u"delivered_at"_s, u"delivered_at"_s, Take::Utc)
            .made(u"created_at"_s, u"triggered_by"_s)
            .afterScans(),
    };
}

} // namespace

QList<SourceMap> pybirchShared()
{
    return QList<SourceMap>{
               SourceMap(u"locations", u"locations")
                   .inLab()
                   .refers(u"parent_location_id"_s, u"parent"_s, u"locations"_s)
                   .same({u"name"_s, u"location_type"_s, u"description"_s, u"building"_s,
                          u"floor"_s, u"capacity"_s, u"conditions"_s, u"access_notes"_s,
                          u"is_active"_s})
                   .as(u"room_number"_s, u"room"_s)
                   .as(u"room"_s, u"room"_s),
               SourceMap(u"object_locations", u"placements")
                   .refers(u"location_id"_s, u"location"_s, u"locations"_s)
                   .pair(u"object_type"_s, u"object_id"_s, u"object"_s)
                   .same({u"placed_by"_s, u"notes"_s})
                   .as(u"placed_at"_s, u"placed_at"_s, Take::Utc)
                   .as(u"is_current"_s, u"removed_at"_s, Take::Ended)
                   .made(u"placed_at"_s, u"placed_by"_s),
               SourceMap(u"entity_tags", u"object_tags")
                   .refers(u"tag_id"_s, u"tag"_s, u"tags"_s)
                   .pair(u"entity_type"_s, u"entity_id"_s, u"object"_s)
                   .afterScans(),
               SourceMap(u"user_pins", u"user_pins")
                   .refers(u"user_id"_s, u"user"_s, u"users"_s)
                   .pair(u"entity_type"_s, u"entity_id"_s, u"object"_s)
                   .afterScans(),
           } +
           notices();
}

} // namespace birch
