#pragma once

#include "app/cli/command.h"
#include "app/cli/station_setup.h"

namespace birch::cli {

/// One thing that `birchctl db` does. Declared beside its code, listed in cmd_db.cpp.
struct DbVerb {
    QString name;
    QString arguments = {}; ///< "FILE", "[REV]"; "" for none, and then none are taken
    QString summary;        ///< one line of the help
    QList<QCommandLineOption> options = {};
    /// Its own arguments are invocation.arguments() from the second on.
    std::function<int(const Invocation &, const Station &, const DatabaseUrl &)> run;
};

std::vector<DbVerb> schemaVerbs();
std::vector<DbVerb> statsVerbs();
std::vector<DbVerb> upkeepVerbs();
std::vector<DbVerb> copyVerbs();

} // namespace birch::cli
