#pragma once

#include "drivers/definition/definition.h"
#include "drivers/definition/yaml_reader.h"

namespace birch {

// The parts of a definition file, one reader each. All report into the reader's sink and go on, so
// that one look at the file finds every problem.

/// "protocol" of a link and what belongs to it.
void readFraming(YamlReader &link, Definition *definition);
/// The commands that "register" of \a reader stands for; nothing where it is absent or wrong.
struct RegisterTexts {
    QByteArray get;
    CommandTemplate set; ///< empty: read-only
};
std::optional<RegisterTexts> readRegister(YamlReader &reader);
/// Reports commands that the link's protocol does not know.
void checkCommands(YamlReader &root, const Definition &definition);

/// What is not given stays as it is: benches change single settings.
void readLink(YamlReader reader, Definition *definition);
void readIdentity(YamlReader reader, IdentityCheck *identity);
void readErrors(YamlReader reader, ErrorQuery *errors);
void readMovements(YamlReader &root, Definition *definition);
void readMeasurements(YamlReader &root, Definition *definition);
void readParameters(YamlReader &root, Definition *definition);
void readActions(YamlReader &root, Definition *definition); ///< when movements are known
/// Refuses commands that hold a secret in clear: definitions are stored beside the scans.
void checkSecrets(YamlReader &root, const Definition &definition);
void readBehaviour(YamlReader reader, Definition *definition);
/// Limits that depend on parameters; to be called when movements and parameters are known.
void readDependentLimits(YamlReader &root, Definition *definition);

/// A sequence of commands: texts, or {query: …, reply: …}.
QList<CommandStep> readSteps(YamlReader &reader, const QString &key);
/// A command without a place for a value; empty where the key is absent or wrong (reported).
QByteArray readCommand(YamlReader &reader, const QString &key);
QByteArray readRequiredCommand(YamlReader &reader, const QString &key, const QString &example);
/// {query: "1MD?", still: "1"}
InMotionQuery readInMotion(YamlReader reader);
/// A command with {value}.
CommandTemplate readSetter(YamlReader &reader, const QString &key);
Acknowledge readAcknowledge(YamlReader &reader);
/// "pattern" of \a reader, as \a groups groups say, and the "example" that it must accept.
std::pair<QRegularExpression, QByteArray> readPattern(YamlReader &reader, int groups);
/// "step": positive.
double readStep(YamlReader &reader);
/// Reports a pattern that is no regular expression.
void checkExpression(YamlReader &reader, const QString &key, const QString &pattern);
/// number | list | text | {block: {type, order}} | {template: "{value} K"} |
/// {pattern: 'TEMP:([-+.0-9]+)K', example: "TEMP:4.2K"}
ReplyFormat readReplyFormat(YamlReader &reader, const QString &key, ReplyFormat fallback);
/// The place of a safe or pause value: {value: 0, order: 1}.
void readTarget(YamlReader &reader, const QString &key, const Limits &limits,
                std::optional<double> *value, int *order);
/// "safe" and "pause" of a setting: {value: false, order: 1}. What is not given stays as it is.
void readSettingTargets(YamlReader &reader, const ParameterCommands &commands, ParameterSpec *spec);

} // namespace birch
