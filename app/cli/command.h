#pragma once

#include "core/base/problem.h"
#include "core/base/result.h"

#include <QCommandLineParser>
#include <QJsonObject>
#include <QStringList>

#include <functional>
#include <vector>

namespace birch::cli {

/// What a caller may rely on.
enum ExitCode { kDone = 0, kRanAndFailed = 1, kBadInput = 2, kInterrupted = 3 };

/// Options that every subcommand understands, and the two streams.
struct Invocation {
    QString program;     ///< "birchctl"
    bool isJson = false; ///< one JSON document on stdout, everything else on stderr
    bool isDebug = false;
    bool mayUpgrade = false; ///< an older schema may be brought up to date first
    QString database;        ///< as given; empty: settings decide
    QString bench;
    QString user;
    QString tokenFile;                    ///< "": none given
    QCommandLineParser *parser = nullptr; ///< of the subcommand, already parsed

    QStringList arguments() const; ///< negative numbers are none of the options
    bool isSet(const QString &option) const { return parser->isSet(option); }
    QString value(const QString &option) const;
    QStringList values(const QString &option) const;

    void print(const QString &line) const; ///< stdout, with a line end, flushed
    void printJson(const QJsonObject &document) const;
    void note(const QString &line) const; ///< stderr
    /// Says what went wrong on stderr (and as {"error":…} on stdout with --json); returns \a code.
    int fail(const Error &error, int code) const;
    int fail(const Error &error) const;       ///< exit code after the error's kind
    int fail(const Problems &problems) const; ///< kBadInput
    int usage(const QString &sentence) const; ///< kBadInput, with a pointer to --help
};

/// Where the overview lists a subcommand.
enum class CommandGroup : quint8 {
    Main,    ///< with its summary
    Entities ///< by name: all of them take the same verbs
};

/// One subcommand, e.g. "run" or "db". Declared in its own file, listed in commands().
struct Command {
    QString name;
    QString summary;  ///< one line in the list of subcommands
    QString synopsis; ///< arguments, e.g. "FILE…"
    QString help;     ///< below the options, may be empty
    QList<QCommandLineOption> options;
    std::function<int(const Invocation &)> run;
    CommandGroup group = CommandGroup::Main;
};

std::vector<Command> commands();

/// Parses \a arguments (argv[0] included) and runs the subcommand.
int execute(const QStringList &arguments);

QString problemText(const Problem &problem);
QJsonObject problemJson(const Problem &problem);
int exitCodeFor(ErrorCode code);

} // namespace birch::cli
