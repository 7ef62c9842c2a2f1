#pragma once

#include "core/data/live_data.h"
#include "core/data/store_thread.h"
#include "core/engine/queue_engine.h"
#include "core/engine/space_check.h"
#include "core/instrument/bench.h"
#include "core/plan/compile_context.h"
#include "core/plan/node_registry.h"
#include "core/plan/tree_library.h"
#include "core/store/change_feed.h"
#include "core/store/store_reader.h"
#include "widgets/instruments/bench_port.h"

#include <functional>
#include <memory>

namespace birch {

/// An interrupted scan ready for the engine, or why it can not go on.
using ContinuationReply = std::function<void(Result<std::pair<QueueItem, Continuation>>)>;

/// What the window is given by the composition root; all of it outlives the window.
struct WindowContext {
    QueueEngine &engine;
    Bench &bench;
    LiveData &live;
    StoreThread &store;
    StoreReader &reader;
    ChangeFeed &changes; ///< of the same database
    const NodeRegistry &registry;
    std::shared_ptr<BenchPort> benchPort;
    std::function<BenchSpecs()> readSpecs; ///< what the instruments offer now
    QString station;
    QString user;
    DataPlaces places;    ///< where points go, and what must stay free there
    QString databaseText; ///< for the status bar
    QString stateFolder;  ///< window layout, recent files, autosave
    QString demoTree;     ///< a scan file for *Demo*; "" hides nothing but says so
    /// Prepares scan \a key for the engine; answers on the thread of \a context.
    std::function<void(const QString &key, QObject *context, ContinuationReply reply)>
        prepareContinuation;
    /// Reads the stored trees that may be included by name; answers on the thread of \a context.
    std::function<void(QObject *context, std::function<void(Result<TreeLibrary>)> reply)>
        readLibrary = {};
    /// Prepares scan \a key to run once more, from its record; answers likewise.
    std::function<void(const QString &key, QObject *context,
                       std::function<void(Result<QueueItem>)> reply)>
        prepareLike = {};
    /// What the instruments of \a plan say now; connects them, sets nothing. Answers likewise.
    std::function<void(std::shared_ptr<const ScanPlan> plan, QObject *context,
                       std::function<void(Result<SettingsSnapshot>)> reply)>
        readSettings = {};
};

} // namespace birch
