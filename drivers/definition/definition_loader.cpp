#include "drivers/definition/definition_loader.h"

#include "drivers/definition/definition_sections.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::Definition)
};

constexpr qint64 kLongestFile = 1 << 20;

void readHead(YamlReader &root, Definition *definition)
{
    if (!root.has(u"schema"_s))
        root.requiredText(u"schema"_s, QString::number(kDefinitionSchema));
    else if (root.text(u"schema"_s) != QString::number(kDefinitionSchema))
        root.problem(u"schema"_s, Text::tr("This file is of another version of the format"),
                     Text::tr("This program reads schema: %1").arg(kDefinitionSchema));
    InstrumentSpec &spec = definition->spec;
    spec.definitionId = root.requiredText(u"id"_s, u"keithley-2400"_s);
    static const QRegularExpression kId(u"^[a-z0-9]+(-[a-z0-9]+)*$"_s);
    if (!spec.definitionId.isEmpty() && !kId.match(spec.definitionId).hasMatch())
        root.problem(u"id"_s, Text::tr("\"%1\" can not be an id").arg(spec.definitionId),
                     Text::tr("Use lower-case letters, digits and -, for example keithley-2400"));
    spec.manufacturer = root.requiredText(u"manufacturer"_s, u"Keithley"_s);
    spec.model = root.requiredText(u"model"_s, u"2400"_s);
    definition->category = root.text(u"category"_s).value_or(QString());
    definition->documentation = root.text(u"documentation"_s).value_or(QString());
    definition->isUnverified = root.flag(u"unverified"_s).value_or(false);
    definition->hasFixedNumbers =
        root.choice(u"numbers"_s, {u"shortest"_s, u"fixed"_s}).value_or(0) == 1;
    (void)root.has(u"extends"_s); // joined with this already
    (void)root.has(u"remove"_s);
    definition->language =
        CommandLanguage(root.choice(u"language"_s, {u"scpi"_s, u"plain"_s}).value_or(0));
}

void readSections(YamlReader &root, Definition *definition)
{
    if (auto link = root.map(u"link"_s))
        readLink(*link, definition);
    if (auto identity = root.map(u"identity"_s))
        readIdentity(*identity, &definition->identity);
    else if (!root.has(u"identity"_s))
        root.problem(u"identity"_s, Text::tr("\"identity\" is missing"),
                     Text::tr("Add identity: {query: \"*IDN?\", pattern: '…'}: a wrong instrument "
                              "at the address must be noticed"));
    definition->init = readSteps(root, u"init"_s);
    definition->shutdown = readSteps(root, u"shutdown"_s);
    if (auto errors = root.map(u"errors"_s))
        readErrors(*errors, &definition->errors);
    readMovements(root, definition);
    readMeasurements(root, definition);
    readParameters(root, definition);
    readActions(root, definition);
    checkSecrets(root, *definition);
    if (root.sink().isEmpty()) {
        readDependentLimits(root, definition);
        checkCommands(root, *definition);
    }
    if (definition->spec.movements.isEmpty() && definition->spec.measurements.isEmpty() &&
        root.sink().isEmpty())
        root.problem({}, Text::tr("The instrument can neither set nor read anything"),
                     Text::tr("Add movements: or measurements:"));
    if (auto behaviour = root.map(u"simulation"_s))
        readBehaviour(*behaviour, definition);
}

Problem fileProblem(const QString &file, const QString &message, const QString &remedy)
{
    return {file, {}, {}, 0, message, remedy};
}

QString fileNameOf(const QString &idOrPath)
{
    return idOrPath.endsWith(u".yaml") ? idOrPath : idOrPath + u".instrument.yaml"_s;
}

/// "" in none of \a folders.
QString pathOf(const QString &name, const QStringList &folders)
{
    for (const QString &folder : folders) {
        const QString path = QDir(folder).filePath(name);
        if (QFileInfo::exists(path))
            return path;
    }
    return {};
}

QString placeAdvice(const QString &name, const QStringList &folders)
{
    return Text::tr("Put %1 into one of: %2").arg(name, folders.join(u", "));
}

Result<DefinitionFile> readText(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::NotFound,
                     Text::tr("The file can not be read: %1").arg(file.errorString())};
    if (file.size() > kLongestFile)
        return Error{ErrorCode::BadInput, Text::tr("The file is longer than 1 MiB: choose an "
                                                   "instrument definition")};
    return DefinitionFile{path, file.readAll()};
}
} // namespace

DefinitionLoad loadDefinitionText(const QByteArray &text, const QString &file,
                                  const BaseFinder &finder)
{
    ProblemSink sink(file);
    const auto definition = std::make_shared<Definition>();
    definition->behaviour.file = file;
    try {
        if (const auto family = readFamily(text, finder, sink)) {
            YamlReader root(family->root, {}, sink);
            root.readChannels();
            definition->texts = family->texts;
            definition->version = family->texts.first().version;
            readHead(root, definition.get());
            readSections(root, definition.get());
            root.finish();
        }
    } catch (const std::exception &e) { // the YAML library's own: its nodes throw on misuse
        sink.addAtLine(0, {},
                       Text::tr("The file can not be read: %1").arg(QString::fromUtf8(e.what())),
                       Text::tr("Compare it with example.instrument.yaml"));
    }
    if (!sink.isEmpty())
        return {nullptr, sink.problems()};
    definition->file = file;
    definition->spec.definitionVersion = QString::fromLatin1(definition->version);
    return {definition, {}};
}

DefinitionLoad loadDefinitionFile(const QString &path, const QStringList &folders)
{
    const auto own = readText(path);
    if (!own)
        return {nullptr,
                {fileProblem(path, own.error().message,
                             Text::tr("Check the path and its permissions"))}};
    const QStringList places = QStringList{QFileInfo(path).absolutePath()} + folders;
    const auto base = [&](const QString &id) -> Result<DefinitionFile> {
        const QString found = pathOf(fileNameOf(id), places);
        if (found.isEmpty())
            return Error{ErrorCode::NotFound, placeAdvice(fileNameOf(id), places)};
        return readText(found);
    };
    return loadDefinitionText(own.value().text, path, base);
}

DefinitionLoad loadDefinition(const QList<DefinitionText> &texts)
{
    const auto base = [&texts](const QString &id) -> Result<DefinitionFile> {
        const auto found = std::ranges::find(texts, id, &DefinitionText::id);
        if (found == texts.end())
            return Error{ErrorCode::NotFound,
                         Text::tr("Its text was not kept with that of what extends it")};
        return DefinitionFile{id, found->text};
    };
    return loadDefinitionText(texts.first().text, texts.first().id, base);
}

DefinitionLoad findDefinition(const QString &idOrPath, const QStringList &folders)
{
    const QString name = fileNameOf(idOrPath);
    const QString path = QFileInfo(name).isAbsolute() ? name : pathOf(name, folders);
    if (!path.isEmpty())
        return loadDefinitionFile(path, folders);
    return {nullptr,
            {fileProblem(name, Text::tr("There is no instrument definition \"%1\"").arg(idOrPath),
                         placeAdvice(name, folders))}};
}

QList<DefinitionPtr> loadDefinitions(const QStringList &folders, Problems *problems)
{
    QList<DefinitionPtr> definitions;
    for (const QString &folder : folders) {
        const QStringList files =
            QDir(folder).entryList({QStringLiteral("*.instrument.yaml")}, QDir::Files);
        for (const QString &file : files) {
            const DefinitionLoad load = loadDefinitionFile(QDir(folder).filePath(file), folders);
            problems->append(load.problems);
            if (load.definition)
                definitions.append(load.definition);
        }
    }
    return definitions;
}

} // namespace birch
