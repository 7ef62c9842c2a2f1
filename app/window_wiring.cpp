#include "app/window_wiring.h"

#include "app/session/continuation.h"
#include "app/session/resource_paths.h"
#include "app/session/settings_probe.h"
#include "app/session/stored_trees.h"
#include "app/window_bench.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

WindowContext wireWindow(Workstation &station, StoreReader &reader, ChangeFeed &changes,
                         const NodeRegistry &registry, const QString &stateFolder)
{
    WindowContext context{.engine = station.engine(),
                          .bench = station.bench().bench(),
                          .live = station.live(),
                          .store = station.store(),
                          .reader = reader,
                          .changes = changes,
                          .registry = registry,
                          .benchPort = std::make_shared<WindowBench>(station, reader),
                          .readSpecs = [&station] { return station.bench().specs(); },
                          .station = station.station(),
                          .user = station.data().user(),
                          .places = station.data().dataPlaces(),
                          .databaseText = station.data().database().url().text(),
                          .stateFolder = stateFolder,
                          .demoTree = exampleFile(u"iv-temperatures.scan.json"_s),
                          .prepareContinuation = {}};
    const StationBench &bench = station.bench(); // asked each time: it changes
    context.prepareContinuation = [&reader, &registry, &bench](const QString &key, QObject *asker,
                                                               ContinuationReply reply) {
        using Prepared = std::pair<QueueItem, Continuation>;
        reader.ask<Prepared>(
            [key, specs = bench.specs(), &registry](Connection &connection,
                                                    const Session &session) -> Result<Prepared> {
                auto prepared = prepareContinuation(connection, session, key, specs, registry);
                if (!prepared)
                    return prepared.error();
                return Prepared{prepared.value().item, prepared.value().continuation};
            },
            asker, std::move(reply));
    };
    context.readLibrary = [&reader](QObject *asker,
                                    std::function<void(Result<TreeLibrary>)> reply) {
        reader.ask<TreeLibrary>(storedTrees, asker, std::move(reply));
    };
    context.prepareLike = [&reader, &registry,
                           &bench](const QString &key, QObject *asker,
                                   std::function<void(Result<QueueItem>)> reply) {
        reader.ask<QueueItem>(
            [key, specs = bench.specs(), &registry](Connection &connection,
                                                    const Session &session) -> Result<QueueItem> {
                const auto report = ScanRepository(connection).show(session, key);
                if (!report)
                    return report.error();
                return prepareLike(report.value(), specs, registry);
            },
            asker, std::move(reply));
    };
    context.readSettings = [&bench = station.bench().bench()](std::shared_ptr<const ScanPlan> plan,
                                                              QObject *asker, SnapshotReply reply) {
        readSettings(std::move(plan), bench,
                     QCoreApplication::translate("WindowWiring", "a comparison of settings"), asker,
                     std::move(reply));
    };
    return context;
}

} // namespace birch
