#pragma once

#include "app/cli/command.h"
#include "app/cli/station_setup.h"
#include "core/store/schema.h"

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

/// With the migrations of --directory, if given.
Schema schemaOf(const Invocation &invocation, const DatabaseUrl &url);

std::vector<DbVerb> schemaVerbs();
std::vector<DbVerb> revisionVerbs();
std::vector<DbVerb> statsVerbs();
std::vector<DbVerb> upkeepVerbs();
std::vector<DbVerb> copyVerbs();
std::vector<DbVerb> integrityVerbs();

} // namespace birch::cli
