#include "app/cli/run_checks.h"

#include "app/cli/run_options.h"
#include "app/session/calibration_check.h"
#include "app/session/run_files.h"
#include "app/session/workstation.h"
#include "core/store/lab/record_rules.h"

namespace birch::cli {

namespace {

/// Samples as uids. While the database is away they stay as they were typed: it looks them up once
/// the scans arrive there.
Status resolveSamples(StationData &data, QList<QueueItem> *items)
{
    for (QueueItem &item : *items) {
        if (!data.isConnected())
            return ok();
        if (Status sample = resolveSample(&item.details, data.connection(), data.session());
            !sample)
            return sample;
    }
    return ok();
}

} // namespace

std::optional<int> checkItems(const Invocation &invocation, StationData &data,
                              QList<QueueItem> *items)
{
    for (QueueItem &item : *items) {
        if (const Status said = applyDetails(invocation, &item.details); !said)
            return invocation.fail(said.error(), kBadInput);
    }
    if (const Status samples = resolveSamples(data, items); !samples)
        return invocation.fail(samples.error(), kBadInput);
    for (const QueueItem &item : std::as_const(*items)) {
        if (!data.isConnected())
            break; // looked up once the scans arrive there
        const auto unfit = sampleProblems(data.connection(), item.details.sampleUid);
        if (!unfit)
            return invocation.fail(unfit.error());
        if (!unfit.value().isEmpty())
            return invocation.fail(unfit.value());
    }
    const DataPlaces places = data.dataPlaces();
    if (const Problems full = spaceProblems(*items, places); !full.isEmpty())
        return invocation.fail(full);
    for (const QString &line : spaceNotes(*items, places))
        invocation.note(line);
    if (const Status mayWrite = data.session().mayWrite(); !mayWrite)
        return invocation.fail(mayWrite.error());
    return std::nullopt;
}

void noteCalibrations(const Invocation &invocation, StationData &data, const BenchFile &bench,
                      const QList<QueueItem> &items)
{
    const auto warnings =
        storedCalibrationWarnings(data.connection(), data.session(), stationName(data, bench),
                                  usedInstruments(items), specsOf(bench), QDate::currentDate());
    if (!warnings)
        return invocation.note(warnings.error().message);
    for (const Problem &warning : warnings.value())
        invocation.note(problemText(warning));
}

} // namespace birch::cli
