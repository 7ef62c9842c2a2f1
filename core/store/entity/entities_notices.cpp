#include "core/store/entity/entities.h"
#include "core/store/entity/entity_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

using namespace fields;

QList<EntitySpec> noticeSpecs()
{
    return {
        EntitySpec{u"subscribers"_s,
                   tr("subscriber"),
                   u"name"_s,
                   {lab(), name(),
                    choice(u"channel_type"_s, tr("Channel"),
                           {u"email"_s, u"webhook"_s, u"desktop"_s, u"slack"_s, u"user"_s}),
                    text(u"address"_s, tr("Address")).required(),
                    reference(u"user"_s, tr("User"), u"users"_s), active(),
                    flag(u"is_verified"_s, tr("Verified"), false),
                    time(u"last_notified_at"_s, tr("Last told")).derived(),
                    integer(u"failure_count"_s, tr("Failures")).initially(0).atLeast(0).derived()}}
            .ownedBy(EntityAccess::People),
        EntitySpec{
            u"notification_rules"_s,
            tr("notification rule"),
            {},
            {labOf(u"subscriber"_s),
             reference(u"subscriber"_s, tr("Subscriber"), u"subscribers"_s).required().owned(),
             project(), text(u"event_type"_s, tr("Event")).required().indexed(),
             flag(u"owner_only"_s, tr("Own ones only"), false),
             json(u"conditions"_s, tr("Conditions")), longText(u"message"_s, tr("Message")),
             flag(u"includes_link"_s, tr("With a link"), true), active()}}
            .ownedBy(EntityAccess::People),
        EntitySpec{
            u"notification_log"_s,
            tr("notification"),
            {},
            {labOf(u"subscriber"_s),
             reference(u"subscriber"_s, tr("Subscriber"), u"subscribers"_s).required().owned(),
             reference(u"rule"_s, tr("Rule"), u"notification_rules"_s).loose(),
             text(u"event_type"_s, tr("Event")).required(),
             object(u"object"_s, tr("About")).loose(),
             text(u"subject"_s, tr("Subject")).searchable(), longText(u"body"_s, tr("Text")),
             choice(u"status"_s, tr("Status"),
                    {u"pending"_s, u"sent"_s, u"delivered"_s, u"failed"_s, u"bounced"_s}),
             text(u"error_message"_s, tr("Error")),
             integer(u"retry_count"_s, tr("Tries")).initially(0).atLeast(0),
             time(u"sent_at"_s, tr("Sent")), time(u"delivered_at"_s, tr("Delivered")),
             text(u"triggered_by"_s, tr("By"))}}
            .ownedBy(EntityAccess::People),
    };
}

} // namespace birch
