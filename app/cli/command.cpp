#include "app/cli/command.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

constexpr qsizetype kOverviewWidth = 76;

void writeLine(FILE *stream, const QByteArray &line)
{
    std::fwrite(line.constData(), 1, size_t(line.size()), stream);
    std::fputc('\n', stream);
    std::fflush(stream);
}

QList<QCommandLineOption> commonOptions()
{
    return {
        {u"json"_s,
         tr("One JSON document on standard output; progress and log on standard error.")},
        {u"database"_s,
         tr("Database: a path, sqlite:///FILE or postgresql://USER@HOST/NAME (default: "
            "BIRCH_DATABASE_URL, else the user's own file)."),
         u"URL"_s},
        {u"bench"_s, tr("Bench file with the instruments of this station."), u"FILE"_s},
        {u"user"_s, tr("Who does this (default: the desktop user)."), u"NAME"_s},
        {u"token-file"_s,
         tr("Logs in by the token in this file of mode 0600 (default: BIRCH_TOKEN_FILE); see "
            "users token."),
         u"FILE"_s},
        {u"upgrade"_s, tr("Upgrade a database of an older Birch before using it.")},
        {u"debug"_s, tr("Log everything.")},
    };
}

void printOverview(const QString &program)
{
    QStringList lines{
        tr("Usage: %1 COMMAND [OPTIONS] [ARGUMENTS]").arg(program), {}, tr("Commands:")};
    QString entities;
    for (const Command &command : commands()) {
        if (command.group == CommandGroup::Main) {
            lines << u"  "_s + command.name.leftJustified(12) + command.summary;
            continue;
        }
        const qsizetype lineStart = entities.lastIndexOf(u'\n') + 1;
        const bool isFull = entities.size() - lineStart + command.name.size() > kOverviewWidth;
        entities += (isFull || entities.isEmpty() ? u"\n  "_s : u" "_s) + command.name;
    }
    lines << QString()
          << tr("What a lab keeps (list, show, add, edit, trash, restore, archive):") + entities;
    lines << QString() << tr("%1 COMMAND --help explains one of them.").arg(program);
    writeLine(stdout, lines.join(u'\n').toUtf8());
}

Invocation invocationOf(const QString &program, QCommandLineParser &parser)
{
    return {.program = program,
            .isJson = parser.isSet(u"json"_s),
            .isDebug = parser.isSet(u"debug"_s),
            .mayUpgrade = parser.isSet(u"upgrade"_s),
            .database = parser.value(u"database"_s),
            .bench = parser.value(u"bench"_s),
            .user = parser.value(u"user"_s),
            .tokenFile = parser.value(u"token-file"_s),
            .parser = &parser};
}

// Stands for the minus of a negative number while the parser looks: it would take -1 for an option.
constexpr QChar kMinus(0xe000); // private use

QStringList withoutMinus(QStringList arguments)
{
    static const QRegularExpression negative(u"^-[0-9.]+$"_s);
    for (QString &argument : arguments) {
        if (negative.match(argument).hasMatch())
            argument[0] = kMinus;
    }
    return arguments;
}

QStringList withMinus(QStringList texts)
{
    for (QString &text : texts) {
        if (text.startsWith(kMinus))
            text[0] = u'-';
    }
    return texts;
}

int runCommand(const QString &program, const Command &command, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        command.help.isEmpty() ? command.summary : command.summary + u"\n\n"_s + command.help);
    parser.addOptions(command.options);
    parser.addOptions(commonOptions());
    parser.addOption({{u"h"_s, u"help"_s}, tr("Show this help.")});
    if (!command.synopsis.isEmpty())
        parser.addPositionalArgument(u"arguments"_s, command.synopsis, command.synopsis);
    QStringList forParser = withoutMinus(arguments);
    forParser.prepend(program + u' ' + command.name);
    const bool isParsed = parser.parse(forParser);
    const Invocation invocation = invocationOf(program, parser);
    if (isParsed && parser.isSet(u"help"_s)) {
        writeLine(stdout, parser.helpText().toUtf8());
        return kDone;
    }
    if (!isParsed)
        return invocation.usage(parser.errorText());
    return command.run(invocation);
}

} // namespace

QStringList Invocation::arguments() const
{
    return withMinus(parser->positionalArguments());
}

QString Invocation::value(const QString &option) const
{
    return withMinus({parser->value(option)}).first();
}

QStringList Invocation::values(const QString &option) const
{
    return withMinus(parser->values(option));
}

void Invocation::print(const QString &line) const
{
    writeLine(stdout, line.toUtf8());
}

void Invocation::printJson(const QJsonObject &document) const
{
    writeLine(stdout, QJsonDocument(document).toJson(QJsonDocument::Compact));
}

void Invocation::note(const QString &line) const
{
    writeLine(stderr, line.toUtf8());
}

int Invocation::fail(const Error &error, int code) const
{
    note(error.message);
    if (isJson)
        printJson({{u"error"_s, error.message}});
    return code;
}

int Invocation::fail(const Error &error) const
{
    return fail(error, exitCodeFor(error.code));
}

int Invocation::fail(const Problems &problems) const
{
    QJsonArray list;
    for (const Problem &problem : problems) {
        note(problemText(problem));
        list.append(problemJson(problem));
    }
    if (isJson)
        printJson({{u"problems"_s, list}});
    return kBadInput;
}

int Invocation::usage(const QString &sentence) const
{
    return fail(
        Error{ErrorCode::BadInput, sentence + u'\n' + tr("Add --help to see what it takes.")},
        kBadInput);
}

int exitCodeFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::BadInput:
    case ErrorCode::NotFound:
    case ErrorCode::OutOfRange:
    case ErrorCode::Denied:
    case ErrorCode::Conflict: // nothing was done
        return kBadInput;
    default:
        return kRanAndFailed;
    }
}

QString problemText(const Problem &problem)
{
    QString where = problem.file;
    if (problem.line > 0)
        where += u":%1"_s.arg(problem.line);
    QStringList place;
    if (!where.isEmpty())
        place << where;
    if (!problem.node.isEmpty())
        place << tr("node %1").arg(problem.node);
    if (!problem.field.isEmpty())
        place << problem.field;
    QString text =
        place.isEmpty() ? problem.message : place.join(u", "_s) + u": "_s + problem.message;
    if (problem.remedy.isEmpty())
        return text;
    // Problems of some layers end without a full stop.
    return text + (text.endsWith(u'.') ? u" "_s : u". "_s) + problem.remedy +
           (problem.remedy.endsWith(u'.') || problem.remedy.endsWith(u'?') ? u""_s : u"."_s);
}

QJsonObject problemJson(const Problem &problem)
{
    QJsonObject json{{u"file"_s, problem.file},
                     {u"node"_s, problem.node},
                     {u"message"_s, problem.message},
                     {u"remedy"_s, problem.remedy}};
    if (!problem.field.isEmpty())
        json[u"field"_s] = problem.field;
    if (problem.line > 0)
        json[u"line"_s] = problem.line;
    return json;
}

int execute(const QStringList &arguments)
{
    const QString program = QFileInfo(arguments.value(0, u"birchctl"_s)).fileName();
    const QString name = arguments.value(1);
    if (name.isEmpty() || name == u"--help" || name == u"-h" || name == u"help") {
        printOverview(program);
        return name.isEmpty() ? kBadInput : kDone;
    }
    if (name == u"--version") {
        writeLine(stdout, QByteArray("birchctl " BIRCH_VERSION));
        return kDone;
    }
    QString wanted = name; // scan_templates is meant as well
    wanted.replace(u'_', u'-');
    for (const Command &command : commands()) {
        if (command.name == wanted)
            return runCommand(program, command, arguments.mid(2));
    }
    writeLine(stderr,
              tr("%1 is no command of %2. %2 --help lists them.").arg(name, program).toUtf8());
    return kBadInput;
}

} // namespace birch::cli
