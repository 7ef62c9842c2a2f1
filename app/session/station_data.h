#pragma once

#include "core/base/settings.h"
#include "core/data/recorder_settings.h"
#include "core/data/recovery.h"
#include "core/engine/space_watch.h"
#include "core/store/database.h"
#include "core/store/session.h"
#include "core/store/upkeep/scheduled_backup.h"

#include <functional>
#include <memory>

namespace birch {

/// What was asked for on the command line; empty members are left to settings and environment.
struct StationOptions {
    QString database = {};
    QString bench = {};
    QString user = {};
    QMap<QString, QString> flags = {}; ///< settings given as --setting key=value
    /// Where there is somebody to ask: completes a URL whose server wants a password.
    std::function<Status(DatabaseUrl *)> completePassword = {};
    /// Where a SQLite file asks for a login: who it is. \a refused: why the answer before was not
    /// taken, "" at first. An error ends the asking.
    std::function<Result<Login>(const QString &user, const QString &refused)> askLogin = {};
};

/// A spool that was brought into the database at the start.
struct RecoveryOutcome {
    QList<RecoveredScan> recovered;
    QStringList notes;   ///< what could not be, one sentence each
    QStringList running; ///< what another program records at the moment, one sentence each
};

/// What to do about a database that does not answer at the start.
enum class Absence : quint8 {
    Refuse, ///< it is an error
    Spool   ///< scans are recorded under what is remembered of it, and follow later
};

/// Settings, database and spool of this station, as every program needs them. Belongs to the thread
/// that opened it, with one connection for that thread.
class StationData
{
public:
    static Settings readSettings(const StationOptions &options, Problems *problems);
    /// Which database: the flag, BIRCH_DATABASE_URL, DATABASE_URL, else the setting data.path. With
    /// the time limits of the settings; may ask for a password.
    static Result<DatabaseUrl> databaseUrl(const StationOptions &options, const Settings &settings);
    static QString userName(const StationOptions &options);

    /// Errors as Database::open(). A SQLite file that does not exist is made.
    static Result<std::unique_ptr<StationData>> open(const StationOptions &options,
                                                     const Settings &settings,
                                                     Absence absence = Absence::Refuse);
    /// Scans are recorded into the spool, and brought into a database some other day.
    static std::unique_ptr<StationData> withoutDatabase(const StationOptions &options,
                                                        const Settings &settings);

    const Settings &settings() const { return m_settings; }
    bool hasDatabase() const { return m_database != nullptr; }
    /// Not withoutDatabase().
    Database &database() { return *m_database; }
    /// Closed here, with whom it knows by login; this object is of no more use.
    std::unique_ptr<Database> takeDatabase();
    /// False while the database is away, or there is none.
    bool isConnected() const { return m_connection != nullptr; }
    /// Tries again. Errors as Database::connect(); nothing has changed then.
    Status connect();
    /// Why it was away at the start; one sentence, "" where it was not.
    QString absence() const { return m_absence; }
    /// Only while isConnected().
    Connection &connection() { return *m_connection; }
    const Session &session() const { return m_session; }
    QString user() const { return m_user; }
    QString station() const { return m_settings.text(Setting::StationName); }
    RecorderSettings recorderSettings() const;
    BackupSchedule backupSchedule() const;
    DataPlaces dataPlaces() const;
    SpaceLevels spaceLevels() const;
    /// The daily backup of a file, on a thread of its own; null where nobody is to take one here (a
    /// server's is taken by `birchctl db backup --scheduled`, as a role that sees every row).
    std::unique_ptr<BackgroundBackup> startBackup() const;

    /// Brings every spool whose program is gone into the database; with \a adopts also those that
    /// were recorded without one. Blocks for their transactions; nothing while not isConnected().
    Result<RecoveryOutcome> recover(bool adopts = false);

private:
    StationData(const StationOptions &options, const Settings &settings);
    Status standIn(const DatabaseUrl &url, const Error &why);
    void readSharedSettings();
    void remember() const;
    Status logIn(const StationOptions &options);

    Settings m_settings;
    QString m_user;
    Session m_session;
    QString m_absence;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
};

} // namespace birch
