#include "app/session/station_data.h"

#include "core/base/log.h"
#include "core/store/settings_repository.h"
#include "core/store/sql_run_store.h"

using namespace Qt::StringLiterals;

namespace birch {

Settings StationData::readSettings(const StationOptions &options, Problems *problems)
{
    SettingSources sources = SettingSources::ofProcess();
    sources.flags = options.flags;
    return Settings::resolve(sources, problems);
}

Result<DatabaseUrl> StationData::databaseUrl(const StationOptions &options,
                                             const Settings &settings)
{
    for (const QString &given : {options.database, qEnvironmentVariable("BIRCH_DATABASE_URL"),
                                 qEnvironmentVariable("DATABASE_URL")}) {
        if (given.isEmpty())
            continue;
        auto url = DatabaseUrl::parse(given);
        if (!url || url.value().engine() == Engine::Sqlite)
            return url;
        DatabaseUrl complete = url.value().withAccess(ServerAccess::from(settings));
        if (options.completePassword) {
            if (Status done = options.completePassword(&complete); !done)
                return done.error();
        }
        return complete;
    }
    return DatabaseUrl::sqliteFile(settings.text(Setting::DataPath));
}

QString StationData::userName(const StationOptions &options)
{
    return options.user.isEmpty() ? desktopUser() : options.user;
}

Result<std::unique_ptr<StationData>> StationData::open(const StationOptions &options,
                                                       const Settings &settings)
{
    const Result<DatabaseUrl> url = databaseUrl(options, settings);
    if (!url)
        return url.error();
    std::unique_ptr<StationData> data(new StationData);
    data->m_settings = settings;
    data->m_user = userName(options);
    auto database = Database::open(url.value(), data->m_user);
    if (!database)
        return database.error();
    data->m_database = std::move(database).value();
    auto connection = data->m_database->connect();
    if (!connection)
        return connection.error();
    data->m_connection = std::move(connection).value();
    const Result<Session> session = openSession(*data->m_connection, data->m_user);
    if (!session)
        return session.error();
    data->m_session = session.value();
    data->m_session.station = data->station();
    if (const auto rows = SettingsRepository(*data->m_connection).list({})) {
        Problems problems;
        data->m_settings.addDatabase(rows.value(), &problems);
        for (const Problem &problem : std::as_const(problems))
            qCWarning(lcApp).noquote() << problem.message << problem.remedy;
    }
    if (data->m_database->wasCreated())
        qCInfo(lcApp).noquote() << "made a new database:" << url.value().text();
    return data;
}

RecorderSettings StationData::recorderSettings() const
{
    using std::chrono::duration_cast;
    using Milliseconds = RecorderSettings::Milliseconds;
    RecorderSettings recorder;
    recorder.spoolDir = m_settings.text(Setting::SpoolPath);
    recorder.segmentBytes = m_settings.integer(Setting::SpoolSegmentBytes);
    recorder.reserveBytes = m_settings.integer(Setting::SpoolReserveBytes);
    recorder.syncInterval =
        duration_cast<Milliseconds>(m_settings.duration(Setting::SpoolSyncInterval));
    recorder.flushRows = m_settings.integer(Setting::FlushRows);
    recorder.flushBytes = m_settings.integer(Setting::FlushBytes);
    recorder.flushInterval =
        duration_cast<Milliseconds>(m_settings.duration(Setting::FlushInterval));
    recorder.maxRowsPerCommit = m_settings.integer(Setting::ChunkRows);
    recorder.compress = m_settings.flag(Setting::ChunkCompression);
    return recorder;
}

BackupSchedule StationData::backupSchedule() const
{
    return {m_settings.text(Setting::BackupFolder), int(m_settings.integer(Setting::BackupHour))};
}

std::unique_ptr<BackgroundBackup> StationData::startBackup() const
{
    const bool isNew = m_database->wasCreated();
    if (isNew || m_database->url().engine() != Engine::Sqlite || backupSchedule().hour < 0)
        return nullptr;
    return std::make_unique<BackgroundBackup>(*m_database, backupSchedule());
}

Result<RecoveryOutcome> StationData::recover()
{
    RecoveryOutcome outcome;
    const QString spoolDir = m_settings.text(Setting::SpoolPath);
    std::unique_ptr<SqlRunStore> store;
    for (const SpoolInfo &spool : listSpools(spoolDir, m_database->uid())) {
        if (spool.condition != SpoolCondition::Orphan) {
            (spool.condition == SpoolCondition::Running ? outcome.running : outcome.notes)
                << spool.message;
            continue;
        }
        if (!store) {
            auto opened = SqlRunStore::open(*m_database, m_user, station());
            if (!opened)
                return opened.error();
            store = std::move(opened).value();
        }
        auto recovered = recoverSpool(spool.folder, *store);
        if (!recovered) {
            outcome.notes << recovered.error().message;
            continue;
        }
        if (!recovered.value().warning.isEmpty())
            outcome.notes << recovered.value().warning;
        if (!recovered.value().scanId.isEmpty())
            outcome.recovered << recovered.value();
    }
    return outcome;
}

} // namespace birch
