#include "app/cli/station_setup.h"

#include "app/cli/credentials.h"
#include "app/session/resource_paths.h"
#include "app/session/step_times_keeper.h"
#include "app/session/stored_trees.h"
#include "core/plan/tree_includes.h"
#include "core/store/schema.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}
} // namespace

Station::Station(const Invocation &invocation)
    : m_invocation(invocation)
{
    m_options.database = invocation.database;
    m_options.bench = invocation.bench;
    m_options.user = invocation.user;
    m_options.completePassword = [this](DatabaseUrl *url) { return m_prompt.complete(url); };
    m_options.askLogin = [file = invocation.tokenFile, tries = 0](const QString &user,
                                                                  const QString &refused) mutable {
        return askForLogin(user, file, refused, tries++);
    };
    if (invocation.isDebug)
        m_options.flags.insert(u"log.level"_s, u"debug"_s);
    Problems problems;
    m_settings = StationData::readSettings(m_options, &problems);
    for (const Problem &problem : std::as_const(problems))
        invocation.note(problemText(problem));
    LogOptions log = LogOptions::from(m_settings);
    if (!invocation.isDebug && log.level == QtInfoMsg &&
        m_settings.origin(Setting::LogLevel) == SettingOrigin::Default)
        log.level = QtWarningMsg; // people and programs read stderr: progress goes there
    auto started = Log::start(log);
    if (started)
        m_log = std::move(started).value();
    else
        invocation.note(started.error().message);
}

QString Station::benchFile() const
{
    if (!m_options.bench.isEmpty())
        return m_options.bench;
    if (const QString own = stationBenchFile(); !own.isEmpty())
        return own;
    m_invocation.note(tr("No bench given with --bench: using the simulated demo bench."));
    return exampleFile(u"demo.bench.yaml"_s);
}

BenchSpecs Station::specs(const BenchFile &bench) const
{
    return loadStepTimes(m_settings.text(Setting::SpoolPath)).appliedTo(specsOf(bench));
}

Status Station::upgradeIfAllowed() const
{
    if (!m_invocation.mayUpgrade)
        return ok();
    const auto url = StationData::databaseUrl(m_options, m_settings);
    if (!url)
        return url.error();
    Schema schema(url.value());
    schema.keepBackups(m_settings.integer(Setting::UpgradeBackups));
    const auto status = schema.status();
    if (!status)
        return status.error();
    if (!status.value().exists || status.value().current >= status.value().head)
        return ok();
    const auto upgraded = schema.upgrade();
    if (!upgraded)
        return upgraded.error();
    m_invocation.note(tr("Upgraded %1 from schema %2 to %3.")
                          .arg(url.value().text())
                          .arg(status.value().current)
                          .arg(upgraded.value().current));
    return ok();
}

Result<std::unique_ptr<StationData>> Station::openData(Absence absence) const
{
    if (const Status upgraded = upgradeIfAllowed(); !upgraded)
        return upgraded.error();
    auto data = StationData::open(m_options, m_settings, absence);
    if (data && data.value()->database().wasCreated())
        m_invocation.note(tr("Made a new database: %1").arg(data.value()->database().url().text()));
    return data;
}

Status Station::recover(StationData &data, bool adopts, RecoveryOutcome *outcome) const
{
    auto recovered = data.recover(adopts);
    if (!recovered)
        return recovered.error().within(tr("Recovering points of earlier scans"));
    for (const RecoveredScan &scan : recovered.value().recovered)
        m_invocation.note(tr("Recovered %1: %2 rows brought into the database; it is %3.")
                              .arg(scan.scanId)
                              .arg(scan.rowsRecovered)
                              .arg(scanStateName(scan.state)));
    for (const QString &note : std::as_const(recovered.value().notes))
        m_invocation.note(note);
    if (outcome)
        *outcome = std::move(recovered).value();
    return ok();
}

Result<std::unique_ptr<StationData>> Station::openAndRecover(RecoveryOutcome *outcome) const
{
    auto data = openData();
    if (!data)
        return data;
    if (Status recovered = recover(*data.value(), true, outcome); !recovered)
        return recovered.error();
    return data;
}

Result<std::unique_ptr<StationData>> Station::openForRun() const
{
    auto data = openData(Absence::Spool);
    if (!data)
        return data;
    if (!data.value()->isConnected())
        m_invocation.note(tr("%1. The scans are recorded in the spool and follow into the database "
                             "by themselves, or with birchctl resume.")
                              .arg(data.value()->absence()));
    const Status recovered = recover(*data.value(), false, nullptr);
    if (!recovered && recovered.error().code != ErrorCode::NotConnected)
        return recovered.error();
    if (!recovered) // gone again: the store thread copes with that
        m_invocation.note(recovered.error().message);
    return data;
}

TreeLibrary Station::libraryFor(const LoadedRun &run, const NodeRegistry &registry) const
{
    const bool isNeeded =
        std::any_of(run.scans.begin(), run.scans.end(), [&registry](const LoadedScan &scan) {
            return needsLibrary(scan.tree, registry, scan.file);
        });
    TreeLibrary library;
    if (!isNeeded)
        return library;
    const auto data = openData();
    if (!data) {
        library.absence = data.error().message;
        return library;
    }
    const auto stored = storedTrees(data.value()->connection(), data.value()->session());
    if (stored)
        return stored.value();
    library.absence = stored.error().message;
    return library;
}

} // namespace birch::cli
