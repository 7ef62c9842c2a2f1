#pragma once

#include "app/cli/command.h"
#include "app/cli/station_setup.h"
#include "core/store/entity/entity_repository.h"

namespace birch::cli {

/// One thing that `birchctl samples` (or any other entity) does. Declared beside its code, listed
/// in cmd_entities.cpp.
struct EntityVerb {
    QString name;
    QString arguments = {}; ///< "ID FIELD=VALUE…"
    QString summary;        ///< one line of the help
    QList<QCommandLineOption> options = {};
    /// Its own arguments are invocation.arguments() from the second on.
    std::function<int(const Invocation &, const Station &, const EntitySpec &)> run;
    QStringList entities = {}; ///< tables that have it; empty: all
};

std::vector<EntityVerb> listVerbs();     ///< list show
std::vector<EntityVerb> editVerbs();     ///< add edit trash restore archive unarchive
std::vector<EntityVerb> userVerbs();     ///< add passwd role disable enable token of users
std::vector<EntityVerb> analysisVerbs(); ///< record results statistics; progress of batches
std::vector<EntityVerb> templateVerbs(); ///< versions of scan templates
std::vector<EntityVerb> labVerbs(); ///< purge place where; approve, consume, due, … of certain ones

/// Columns of a list that are no fields of the entity.
struct MoreColumns {
    QStringList names = {};
    /// Their values, by the human id of the row.
    std::function<Result<QHash<QString, QJsonObject>>(StationData &)> read = {};
};
int listEntities(const Invocation &invocation, const Station &station, const EntitySpec &spec,
                 const MoreColumns &more = {});

/// Prints \a record, or the error, for people or as {"<singular>":{…}}.
int printRecord(const Invocation &invocation, const EntitySpec &spec,
                const Result<EntityRecord> &record, const QJsonObject &more = {});
/// A value as it is typed: what list, show and CSV print.
QString valueText(const QJsonValue &value);

} // namespace birch::cli
