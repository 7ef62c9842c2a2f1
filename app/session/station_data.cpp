#include "app/session/station_data.h"

#include "app/session/sentinel_recovery.h"
#include "core/base/log.h"
#include "core/store/known_databases.h"
#include "core/store/settings_repository.h"
#include "core/store/sql_run_store.h"

#include <QCoreApplication>

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kLoginTries = 3;

QString tr(const char *text)
{
    return QCoreApplication::translate("StationData", text);
}
} // namespace

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

StationData::StationData(const StationOptions &options, const Settings &settings)
    : m_settings(settings)
    , m_user(userName(options))
{
}

Status StationData::logIn(const StationOptions &options)
{
    const auto isAsked = m_database->asksForLogin();
    if (!isAsked)
        return isAsked.error();
    if (!isAsked.value())
        return ok();
    if (!options.askLogin)
        return loginNeeded(m_user);
    QString refused;
    for (int i = 0; i < kLoginTries; ++i) {
        const auto login = options.askLogin(m_user, refused);
        if (!login)
            return login.error();
        auto user = m_database->logIn(login.value());
        if (user) {
            m_user = std::move(user).value();
            return ok();
        }
        if (user.error().code != ErrorCode::Denied)
            return user.error();
        refused = user.error().message;
    }
    return Error{ErrorCode::Denied, refused};
}

Result<std::unique_ptr<StationData>> StationData::open(const StationOptions &options,
                                                       const Settings &settings, Absence absence)
{
    const Result<DatabaseUrl> url = databaseUrl(options, settings);
    if (!url)
        return url.error();
    std::unique_ptr<StationData> data(new StationData(options, settings));
    auto database = Database::open(url.value(), data->m_user);
    if (!database) {
        if (absence == Absence::Refuse || url.value().engine() == Engine::Sqlite ||
            database.error().code != ErrorCode::NotConnected)
            return database.error();
        if (Status known = data->standIn(url.value(), database.error()); !known)
            return known.error();
        return data;
    }
    data->m_database = std::move(database).value();
    if (Status known = data->logIn(options); !known)
        return known.error();
    if (Status connected = data->connect(); !connected)
        return connected.error();
    if (data->m_database->wasCreated())
        qCInfo(lcApp).noquote() << "made a new database:" << url.value().text();
    return data;
}

std::unique_ptr<StationData> StationData::withoutDatabase(const StationOptions &options,
                                                          const Settings &settings)
{
    std::unique_ptr<StationData> data(new StationData(options, settings));
    data->m_session = {data->m_user, Role::Operator, data->station()};
    return data;
}

Status StationData::standIn(const DatabaseUrl &url, const Error &why)
{
    const auto known = KnownDatabases(m_settings.text(Setting::StatePath)).find(url);
    if (!known)
        return Error{ErrorCode::NotConnected,
                     tr("%1. %2: start the server, or record without a database with birchctl run "
                        "--no-database")
                         .arg(why.message, known.error().message)};
    auto database = Database::standIn(url, known.value().uid);
    if (!database)
        return database.error();
    m_database = std::move(database).value();
    m_session = known.value().session;
    m_session.station = station();
    m_absence = why.message;
    return ok();
}

Status StationData::connect()
{
    auto connection = m_database->connect();
    if (!connection)
        return connection.error();
    Result<Session> session = openSession(*connection.value(), m_user);
    if (!session)
        return session.error();
    m_connection = std::move(connection).value();
    m_session = std::move(session).value();
    m_session.station = station();
    readSharedSettings();
    remember();
    return ok();
}

std::unique_ptr<Database> StationData::takeDatabase()
{
    m_connection.reset();
    return std::move(m_database);
}

void StationData::readSharedSettings()
{
    const auto rows = SettingsRepository(*m_connection).list({});
    if (!rows)
        return;
    Problems problems;
    m_settings.addDatabase(rows.value(), &problems);
    for (const Problem &problem : std::as_const(problems))
        qCWarning(lcApp).noquote() << problem.message << problem.remedy;
}

/// For the day when its server does not answer. A failure costs nothing today.
void StationData::remember() const
{
    if (m_database->url().engine() == Engine::Sqlite)
        return;
    const Status done = KnownDatabases(m_settings.text(Setting::StatePath))
                            .remember(m_database->url(),
                                      {m_database->uid(), m_database->schemaVersion(), m_session});
    if (!done)
        qCWarning(lcApp).noquote() << done.error().message;
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
    recorder.giveUpAfter = duration_cast<Milliseconds>(m_settings.duration(Setting::SpoolPatience));
    recorder.database = m_database ? m_database->uid() : QUuid();
    return recorder;
}

DataPlaces StationData::dataPlaces() const
{
    DataPlaces places;
    places.spoolFolder = m_settings.text(Setting::SpoolPath);
    if (m_database && m_database->url().engine() == Engine::Sqlite)
        places.databaseFolder = QFileInfo(m_database->url().path()).absolutePath();
    places.reserveBytes = m_settings.integer(Setting::SpoolReserveBytes);
    return places;
}

SpaceLevels StationData::spaceLevels() const
{
    return {.warnBytes = m_settings.integer(Setting::DiskWarnBytes),
            .pauseBytes = m_settings.integer(Setting::DiskPauseBytes)};
}

BackupSchedule StationData::backupSchedule() const
{
    return {m_settings.text(Setting::BackupFolder), int(m_settings.integer(Setting::BackupHour))};
}

std::unique_ptr<BackgroundBackup> StationData::startBackup() const
{
    const bool isNew = m_database && m_database->wasCreated();
    if (!isConnected() || isNew || m_database->url().engine() != Engine::Sqlite ||
        backupSchedule().hour < 0)
        return nullptr;
    return std::make_unique<BackgroundBackup>(*m_database, backupSchedule());
}

Result<RecoveryOutcome> StationData::recover(bool adopts)
{
    RecoveryOutcome outcome;
    if (!isConnected())
        return outcome;
    const RecoverySettings settings{.adopts = adopts};
    const QString spoolDir = m_settings.text(Setting::SpoolPath);
    std::unique_ptr<SqlRunStore> store;
    const auto openStore = [this, &store]() -> Result<RunStore *> {
        if (store)
            return store.get();
        auto opened = SqlRunStore::open(*m_database, m_user, station());
        if (!opened)
            return opened.error();
        store = std::move(opened).value();
        return store.get();
    };
    for (const SpoolInfo &spool : listSpools(spoolDir, m_database->uid())) {
        const bool isOurs = spool.condition == SpoolCondition::Orphan ||
                            (adopts && spool.condition == SpoolCondition::Unowned);
        if (!isOurs) {
            (spool.condition == SpoolCondition::Running ? outcome.running : outcome.notes)
                << spool.message;
            continue;
        }
        const auto opened = openStore();
        if (!opened)
            return opened.error();
        auto recovered = recoverSpool(spool.folder, *opened.value(), settings);
        if (!recovered) {
            outcome.notes << recovered.error().message;
            continue;
        }
        if (!recovered.value().warning.isEmpty())
            outcome.notes << recovered.value().warning;
        if (!recovered.value().scanId.isEmpty())
            outcome.recovered << recovered.value();
    }
    outcome.notes << recoverSentinels(spoolDir, openStore);
    return outcome;
}

} // namespace birch
