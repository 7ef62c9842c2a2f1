#include "core/store/entity/entities.h"
#include "core/store/entity/entity_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

using namespace fields;

QList<EntitySpec> acquisitionSpecs()
{
    return {
        EntitySpec{u"scan_templates"_s,
                   tr("scan template"),
                   u"name"_s,
                   {lab(), name(), text(u"scan_type"_s, tr("Type")).searchable(),
                    integer(u"version"_s, tr("Version")).initially(1).atLeast(1).derived(),
                    description(), json(u"tree"_s, tr("Scan tree")).required(),
                    json(u"instrument_settings"_s, tr("Instruments")),
                    json(u"parameters"_s, tr("Parameters")),
                    real(u"estimated_seconds"_s, tr("Takes")).in(u"s"_s).atLeast(0), active()}}
            .unique({u"lab"_s, u"name"_s}),
        EntitySpec{u"queue_templates"_s,
                   tr("queue template"),
                   u"name"_s,
                   {lab(), name(), description(), json(u"default_settings"_s, tr("Settings")),
                    choice(u"mode"_s, tr("Mode"), {u"serial"_s, u"parallel"_s}), active()}}
            .unique({u"lab"_s, u"name"_s}),
        EntitySpec{
            u"queue_template_items"_s,
            tr("scan of a queue template"),
            {},
            {labOf(u"template"_s),
             reference(u"template"_s, tr("Queue template"), u"queue_templates"_s)
                 .required()
                 .owned(),
             reference(u"scan_template"_s, tr("Scan template"), u"scan_templates"_s).required(),
             integer(u"position"_s, tr("Position")).required().atLeast(0),
             integer(u"repeat_count"_s, tr("Times")).initially(1).atLeast(1),
             real(u"delay_before_s"_s, tr("Wait before")).in(u"s"_s).initially(0).atLeast(0),
             text(u"condition"_s, tr("Only if")), json(u"overrides"_s, tr("Overrides"))}}
            .unique({u"template"_s, u"position"_s}),
    };
}

} // namespace birch
