#pragma once

#include "app/cli/command.h"
#include "app/session/run_files.h"

namespace birch::cli {

/// What can be said of scans from files when they are run or queued: --sample … --set.
QList<QCommandLineOption> detailOptions();
/// What the options say about a scan, over what its file says; nobody's operator is the user.
Status applyDetails(const Invocation &invocation, ScanDetails *details);
/// "NAME=TEXT" each, over what is there; "NAME=" takes one away. Errors: BadInput - no such thing.
Status setFields(const QStringList &assignments, QMap<QString, QString> *fields);
/// Takes "field.NAME=TEXT" out of \a arguments, as "NAME=TEXT".
QStringList takeOwnFields(QStringList *arguments);
/// --set, in every tree.
Problems applyOverrides(const Invocation &invocation, LoadedRun *run, const NodeRegistry &registry);

} // namespace birch::cli
