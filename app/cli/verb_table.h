#pragma once

#include "app/cli/command.h"
#include "app/cli/station_setup.h"

namespace birch::cli {

/// One thing that a command of verbs does, e.g. `birchctl trash restore`. The help, the check of
/// the arguments and the opening of the database follow from it.
struct Verb {
    QString name;
    QString arguments = {}; ///< "OBJECT [TAG…]"; those in brackets may be left out
    QString summary;        ///< one line of the help
    /// \a arguments: those after the verb. Returns the answer as JSON; \a print writes it for
    /// people.
    std::function<Result<QJsonObject>(StationData &data, const Invocation &invocation,
                                      const QStringList &arguments)>
        run = {};
    std::function<void(const Invocation &invocation, const QJsonObject &answer)> print = {};
    /// Instead of run and print, for what needs more of the station than its database.
    std::function<int(const Station &station, const Invocation &invocation,
                      const QStringList &arguments)>
        runHere = {};
};

/// A command that consists of \a verbs. Errors of a verb end with the exit code of their kind.
Command verbCommand(const QString &name, const QString &summary, const std::vector<Verb> &verbs,
                    const QList<QCommandLineOption> &options = {});

/// One line per item of the list \a key: the members named in \a columns, aligned.
std::function<void(const Invocation &, const QJsonObject &)>
listPrinter(const QString &key, const QStringList &columns);
/// "name  value" per member of the object \a key, without what is empty.
std::function<void(const Invocation &, const QJsonObject &)> recordPrinter(const QString &key);

} // namespace birch::cli
