// What an instrument can be told to do without a value.
#include "drivers/definition/definition_sections.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::Definition)
};
} // namespace

void readActions(YamlReader &root, Definition *definition)
{
    for (auto &[name, reader] : root.entries(u"actions"_s)) {
        ActionSpec spec;
        spec.name = name;
        spec.label = reader.text(u"label"_s).value_or(name);
        spec.help = reader.text(u"help"_s).value_or(QString());
        spec.confirm = reader.text(u"confirm"_s).value_or(QString());
        spec.timeout = reader.duration(u"timeout"_s).value_or(spec.timeout);
        spec.movement = reader.text(u"movement"_s).value_or(QString());
        if (!spec.movement.isEmpty() && definition->spec.movementIndex(spec.movement) < 0)
            reader.problem(
                u"movement"_s, Text::tr("There is no movement \"%1\"").arg(spec.movement),
                Text::tr("Name one of movements: that travels by this, or leave it out"));

        ActionCommands commands;
        commands.send = readSteps(reader, u"send"_s);
        if (!reader.has(u"send"_s))
            reader.problem(u"send"_s, Text::tr("\"send\" is missing"),
                           Text::tr("Add the commands, for example send: [\"1OR\"]"));
        if (auto busy = reader.map(u"busy"_s))
            commands.busy = readInMotion(*busy);
        reader.finish();
        definition->spec.actions.append(spec);
        definition->actions.append(commands);
    }
}

} // namespace birch
