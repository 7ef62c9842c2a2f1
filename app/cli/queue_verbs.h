#pragma once

#include "app/cli/verb_table.h"
#include "core/store/queue_item_repository.h"

namespace birch::cli {

// What `birchctl queue` does, one file per theme.

std::vector<Verb> queueListVerbs(); ///< list, show, log, stations, save
std::vector<Verb> queueFillVerbs(); ///< add, from-template, save-template
std::vector<Verb> queueEditVerbs(); ///< new, set, edit, move …
std::vector<Verb> queueRunVerbs();  ///< start, pause, resume, stop, abort
QList<QCommandLineOption> queueEditOptions();
QList<QCommandLineOption> queueRunOptions();

/// {"queue": QUEUE} with its items.
Result<QJsonObject> queueAnswer(StationData &data, const QUuid &queue);
void printQueue(const Invocation &invocation, const QJsonObject &answer);

} // namespace birch::cli
