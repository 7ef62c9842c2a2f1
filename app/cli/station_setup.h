#pragma once

#include "app/cli/command.h"
#include "app/cli/password_prompt.h"
#include "app/session/run_files.h"
#include "app/session/station_bench.h"
#include "app/session/station_data.h"
#include "core/base/log.h"

#include <memory>

namespace birch::cli {

/// Settings and log of one invocation; what every subcommand that touches the station begins with.
class Station
{
public:
    /// Reads settings and starts the log. Problems of the settings are notes on stderr.
    explicit Station(const Invocation &invocation);

    const StationOptions &options() const { return m_options; }
    const Settings &settings() const { return m_settings; }
    /// The bench file asked for: --bench, BIRCH_BENCH, the person's station.bench.yaml, else the
    /// demo bench.
    QString benchFile() const;
    /// What plans are compiled against, with what this station has learned about times.
    BenchSpecs specs(const BenchFile &bench) const;
    /// Makes a SQLite file that is missing, and says so; upgrades with --upgrade only.
    Result<std::unique_ptr<StationData>> openData(Absence absence = Absence::Refuse) const;
    /// Opens the database and recovers spools, also those that were recorded without a database,
    /// saying what happened on stderr.
    Result<std::unique_ptr<StationData>> openAndRecover(RecoveryOutcome *outcome = nullptr) const;
    /// To run scans for the spool alone.
    Result<std::unique_ptr<StationData>> withoutDatabase() const
    {
        return StationData::withoutDatabase(m_options, m_settings);
    }
    /// What \a run may include by name; the database is opened only where it includes anything,
    /// and closed again. Where it can not be opened the library says why.
    TreeLibrary libraryFor(const LoadedRun &run, const NodeRegistry &registry) const;
    /// To run scans: also while the database is away.
    Result<std::unique_ptr<StationData>> openForRun() const;

private:
    Status recover(StationData &data, bool adopts, RecoveryOutcome *outcome) const;
    Status upgradeIfAllowed() const;

    const Invocation &m_invocation;
    PasswordPrompt m_prompt;
    StationOptions m_options;
    Settings m_settings;
    std::unique_ptr<Log> m_log;
};

} // namespace birch::cli
