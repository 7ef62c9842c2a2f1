// simulation: of a definition. Read and kept; whoever plays the instrument checks the names.
#include "drivers/definition/definition_sections.h"

#include <QCoreApplication>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::Definition)
};

BehaviourSection::Motion readMotion(YamlReader &reader)
{
    BehaviourSection::Motion motion;
    const QStringList kinds{u"instant"_s, u"linear"_s, u"lag"_s};
    motion.line = reader.line();
    motion.kind = kinds.at(reader.choice(u"motion"_s, kinds).value_or(0));
    motion.initial = reader.number(u"initial"_s).value_or(0);
    motion.signal = reader.text(u"signal"_s).value_or(QString());
    motion.speed = reader.number(u"speed"_s).value_or(0);
    motion.timeConstant = reader.duration(u"time_constant"_s).value_or(Nanoseconds::zero());
    if (motion.kind != u"instant" && motion.speed <= 0)
        reader.problem(u"speed"_s, Text::tr("A travelling movement needs a speed"),
                       Text::tr("Add speed: a positive number of units per second"));
    reader.finish();
    return motion;
}

bool hasColumn(const InstrumentSpec &spec, const QString &path)
{
    const qsizetype dot = path.indexOf(u'.');
    const int measurement = spec.measurementIndex(path.left(dot));
    if (dot < 0 || measurement < 0)
        return false;
    for (const ColumnSpec &column : spec.measurements[measurement].columns) {
        if (column.name == path.mid(dot + 1))
            return true;
    }
    return false;
}

void readColumns(YamlReader &reader, const InstrumentSpec &spec, BehaviourSection *behaviour)
{
    for (const auto &[path, output] : reader.pairs(u"columns"_s)) {
        if (!hasColumn(spec, path))
            reader.problem(u"columns"_s, Text::tr("There is no column \"%1\"").arg(path),
                           Text::tr("Write measurement.column: output of the model"));
        behaviour->columns.insert(path, output);
    }
}

void readInitialParameters(YamlReader &reader, const InstrumentSpec &spec,
                           BehaviourSection *behaviour)
{
    for (const auto &[key, value] : reader.pairs(u"parameters"_s)) {
        if (!spec.parameter(key))
            reader.problem(u"parameters"_s, Text::tr("There is no parameter \"%1\"").arg(key),
                           Text::tr("Name a parameter of this definition"));
        else if (spec.parameter(key)->isSecret)
            reader.problem(u"parameters"_s, Text::tr("\"%1\" is secret").arg(key),
                           Text::tr("Leave it out: a definition holds no secret"));
        behaviour->parameters.insert(key, value);
    }
}
} // namespace

void readBehaviour(YamlReader reader, Definition *definition)
{
    BehaviourSection *behaviour = &definition->behaviour;
    std::tie(behaviour->file, behaviour->line) = reader.sink().placeOf(reader.line());
    behaviour->model = reader.text(u"model"_s).value_or(QString());
    behaviour->identity = reader.text(u"identity"_s).value_or(QString());
    if (!behaviour->identity.isEmpty() &&
        !definition->identity.pattern.match(behaviour->identity).hasMatch())
        reader.problem(u"identity"_s, Text::tr("This identity does not match the identity pattern"),
                       Text::tr("Make identity.pattern occur in it"));
    for (auto &[name, motion] : reader.entries(u"movements"_s)) {
        if (definition->spec.movementIndex(name) < 0)
            motion.problem({}, Text::tr("There is no movement \"%1\"").arg(name),
                           Text::tr("Name a movement of this definition"));
        behaviour->movements.insert(name, readMotion(motion));
    }
    readColumns(reader, definition->spec, behaviour);
    readInitialParameters(reader, definition->spec, behaviour);
    for (const auto &[query, reply] : reader.pairs(u"replies"_s))
        behaviour->replies.insert(query, reply);
    for (const auto &[key, value] : reader.pairs(u"options"_s)) {
        bool isNumber = false;
        behaviour->options.insert(key, value.toDouble(&isNumber));
        if (!isNumber)
            reader.problem(u"options"_s, Text::tr("The option \"%1\" must be a number").arg(key),
                           Text::tr("Write a plain number"));
    }
    behaviour->faults = reader.texts(u"faults"_s).value_or(QStringList());
    reader.finish();
}

} // namespace birch
