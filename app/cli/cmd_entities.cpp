#include "app/cli/commands.h"
#include "app/cli/entity_verbs.h"
#include "core/plan/did_you_mean.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

std::vector<EntityVerb> verbsOf(const EntitySpec &spec)
{
    std::vector<EntityVerb> verbs;
    // The first of a name counts: what one entity has of its own comes before what all have.
    for (const auto part :
         {userVerbs, listVerbs, editVerbs, analysisVerbs, templateVerbs, labVerbs}) {
        for (EntityVerb &verb : part()) {
            const bool isHere = verb.entities.isEmpty() || verb.entities.contains(spec.table);
            if (isHere && std::ranges::find(verbs, verb.name, &EntityVerb::name) == verbs.end())
                verbs.push_back(std::move(verb));
        }
    }
    return verbs;
}

int run(const Invocation &invocation, const EntitySpec &spec)
{
    const std::vector<EntityVerb> verbs = verbsOf(spec);
    const QString name = invocation.arguments().value(0);
    const auto verb = std::ranges::find(verbs, name, &EntityVerb::name);
    if (verb != verbs.end())
        return verb->run(invocation, Station(invocation), spec);
    QStringList names;
    for (const EntityVerb &known : verbs)
        names << known.name;
    return invocation.usage(
        name.isEmpty()
            ? tr("Say %1.").arg(names.join(u", "_s))
            : tr("\"%1\" is nothing that can be done. %2").arg(name, didYouMean(name, names)));
}

QString fieldHelp(const EntityField &field)
{
    QString text = field.label;
    if (!field.unit.isEmpty())
        text += u", "_s + field.unit;
    if (!field.choices.isEmpty())
        text += u": "_s + field.choices.join(u" | "_s);
    if (field.type == EntityFieldType::Reference)
        text += tr(" (id of %1)").arg(field.references);
    if (field.type == EntityFieldType::Object)
        text += tr(" (KIND:ID, e.g. samples:S-2026-001)");
    return field.isRequired && field.counter.isEmpty() && field.name != u"lab"_s
               ? text + tr("; needed")
               : text;
}

QString help(const EntitySpec &spec)
{
    QStringList lines;
    for (const EntityVerb &verb : verbsOf(spec))
        lines << u"%1  %2"_s.arg((verb.name + u' ' + verb.arguments).trimmed(), -24)
                     .arg(verb.summary);
    lines << QString()
          << tr("ID is %1, the uid or the beginning of the uid. Fields:")
                 .arg(spec.humanId.isEmpty() ? tr("the number") : spec.humanId);
    for (const QString &name : spec.fieldNames())
        lines << u"  %1  %2"_s.arg(name, -22).arg(fieldHelp(*spec.field(name)));
    return lines.join(u'\n');
}

/// `instruments` are those of the bench; those that the lab keeps have another name.
QString commandName(const EntitySpec &spec)
{
    if (spec.table == u"instruments"_s)
        return u"lab-instruments"_s;
    return QString(spec.table).replace(u'_', u'-');
}

Command entityCommand(const EntitySpec &spec)
{
    Command command;
    command.name = commandName(spec);
    command.group = CommandGroup::Entities;
    command.summary = tr("List, show, add, edit, trash or restore %1.").arg(spec.table);
    QStringList synopsis;
    for (const EntityVerb &verb : verbsOf(spec)) {
        synopsis << (verb.name + u' ' + verb.arguments).trimmed();
        command.options += verb.options;
    }
    command.synopsis = synopsis.join(u" | "_s);
    command.help = help(spec);
    command.run = [spec](const Invocation &invocation) { return run(invocation, spec); };
    return command;
}

} // namespace

std::vector<Command> entityCommands()
{
    std::vector<Command> commands;
    for (const EntitySpec &spec : entitySpecs())
        commands.push_back(entityCommand(spec));
    return commands;
}

} // namespace birch::cli
