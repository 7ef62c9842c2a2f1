#pragma once

#include "core/engine/queue_file.h"
#include "core/engine/queue_item.h"
#include "core/plan/plan_compiler.h"
#include "core/store/connection.h"
#include "core/store/session.h"

namespace birch {

/// One scan of a file with its tree.
struct LoadedScan {
    QString file;
    ScanTree tree; ///< with its details, of the lab's own fields only those of the tree
    ItemTurn turn = {};
    QMap<QString, QString> fields = {}; ///< of the lab's own, as its queue says of this scan
};

/// Scans of several files as one queue, or everything that is wrong with them.
struct LoadedRun {
    QString name;
    QueueSettings settings = {};
    QMap<QString, QString> fields = {}; ///< of the lab's own, for every scan
    std::vector<LoadedScan> scans;
    Problems problems;
};

/// Reads scan and queue files (told apart by their "format"), in order; a queue file gives all of
/// its scans.
LoadedRun loadRun(const QStringList &files, const NodeRegistry &registry);

/// Compiles every scan; problems name the file. Items come without sample (resolveSamples()).
struct CompiledRun {
    QList<QueueItem> items;
    Problems problems;
    Problems warnings = {}; ///< overdue calibrations by the bench; they keep nothing from running
    QStringList notes = {}; ///< parts that will never do anything, one sentence each
};
CompiledRun compileRun(const LoadedRun &run, const BenchSpecs &bench, const NodeRegistry &registry,
                       const TreeLibrary &library = {});

/// Their nicknames, each once.
QStringList usedInstruments(const QList<QueueItem> &items);

/// Replaces the sample's name, human id or uid in \a details by its uid.
/// Errors: NotFound - with what to run.
Status resolveSample(ScanDetails *details, Connection &connection, const Session &session);

} // namespace birch
