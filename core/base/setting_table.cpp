#include "core/base/setting_table.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace birch {

namespace {

using enum SettingType;
constexpr auto kStation = SettingScope::Station;
constexpr auto kShared = SettingScope::Shared;
constexpr double kDay = 86'400;
constexpr double kMiB = 1024 * 1024;
constexpr double kGiB = 1024 * kMiB;

// clang-format off
constexpr std::array kTable{
    SettingSpec{Setting::FlushRows, u"flush.rows", Integer, u"rows", u"4096", "BIRCH_FLUSH_ROWS", kShared, 1, 16384, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Rows of one measurement after which they are written to the database")},
    SettingSpec{Setting::FlushBytes, u"flush.bytes", Bytes, u"B", u"256 KiB", "BIRCH_FLUSH_BYTES", kShared, 4096, kGiB, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Bytes of one measurement after which they are written to the database")},
    SettingSpec{Setting::FlushInterval, u"flush.interval", Duration, u"s", u"1 s", "BIRCH_FLUSH_INTERVAL", kShared, 0.01, 3600, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Time after which acquired rows are written to the database, however few")},
    SettingSpec{Setting::ChunkRows, u"chunk.rows", Integer, u"rows", u"16384", "BIRCH_CHUNK_ROWS", kShared, 256, 1048576, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Rows up to which small chunks of a column are merged")},
    SettingSpec{Setting::ChunkCompression, u"chunk.compression", Flag, u"", u"on", "BIRCH_CHUNK_COMPRESSION", kShared, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Compress stored columns where that makes them smaller")},
    SettingSpec{Setting::SpoolPath, u"spool.path", Path, u"", u"", "BIRCH_SPOOL_PATH", kStation, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Folder of the spool: every point is written here first; a local disk")},
    SettingSpec{Setting::SpoolSyncInterval, u"spool.sync_interval", Duration, u"s", u"200 ms", "BIRCH_SPOOL_SYNC_INTERVAL", kStation, 0.001, 60, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "How often the spool is forced to the disk: what a power cut may cost")},
    SettingSpec{Setting::SpoolSegmentBytes, u"spool.segment_bytes", Bytes, u"B", u"64 MiB", "BIRCH_SPOOL_SEGMENT_BYTES", kStation, 64 * 1024, 4 * kGiB, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Size of one file of the spool")},
    SettingSpec{Setting::SpoolReserveBytes, u"spool.reserve_bytes", Bytes, u"B", u"16 MiB", "BIRCH_SPOOL_RESERVE_BYTES", kStation, 64 * 1024, kGiB, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Space kept back so that a scan can be closed when the disk is full")},
    SettingSpec{Setting::DiskWarnBytes, u"disk.warn_bytes", Bytes, u"B", u"1 GiB", "BIRCH_DISK_WARN_BYTES", kStation, 0, 1024 * kGiB, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Free space on the disks of spool and database below which a scan that runs warns; 0: never")},
    SettingSpec{Setting::DiskPauseBytes, u"disk.pause_bytes", Bytes, u"B", u"64 MiB", "BIRCH_DISK_PAUSE_BYTES", kStation, 0, 1024 * kGiB, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Free space on the disk of the spool below which a scan that runs pauses; 0: never")},
    SettingSpec{Setting::DataPath, u"data.path", Path, u"", u"", "BIRCH_DATA_PATH", kStation, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "The SQLite file that is opened when no database is named")},
    SettingSpec{Setting::StationName, u"station.name", Text, u"", u"", "BIRCH_STATION_NAME", kStation, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Name of this station, the first part of every scan id: A-Z, 0-9 and -")},
    SettingSpec{Setting::ReconnectFirstDelay, u"reconnect.first_delay", Duration, u"s", u"0.2 s", "BIRCH_RECONNECT_FIRST_DELAY", kStation, 0.01, 60, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Wait before the first attempt to reach a lost instrument again; doubles each time")},
    SettingSpec{Setting::ReconnectLongestDelay, u"reconnect.longest_delay", Duration, u"s", u"2 s", "BIRCH_RECONNECT_LONGEST_DELAY", kStation, 0.01, 600, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Longest wait between the quick attempts to reach a lost instrument")},
    SettingSpec{Setting::ReconnectLastTries, u"reconnect.last_tries", Integer, u"", u"3", "BIRCH_RECONNECT_LAST_TRIES", kStation, 0, 1000, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Slow attempts after the quick ones, before an instrument counts as lost")},
    SettingSpec{Setting::ReconnectLastDelay, u"reconnect.last_delay", Duration, u"s", u"5 s", "BIRCH_RECONNECT_LAST_DELAY", kStation, 0.01, 3600, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Wait between the slow attempts")},
    SettingSpec{Setting::PageSize, u"list.page_size", Integer, u"rows", u"50", "BIRCH_LIST_PAGE_SIZE", kShared, 1, 1000, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Rows of one page of a list")},
    SettingSpec{Setting::TrashRetention, u"trash.retention", Duration, u"s", u"30 d", "BIRCH_TRASH_RETENTION", kShared, 0, 36500 * kDay, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "How long what was put into the trash can be restored")},
    SettingSpec{Setting::BackupFolder, u"backup.folder", Path, u"", u"", "BIRCH_BACKUP_FOLDER", kStation, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Folder of the daily backups; best on another disk")},
    SettingSpec{Setting::BackupHour, u"backup.hour", Integer, u"h", u"3", "BIRCH_BACKUP_HOUR", kStation, -1, 23, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Hour of the day, local time, after which a SQLite database is backed up at the next start or run; -1: never")},
    SettingSpec{Setting::LogLevel, u"log.level", Choice, u"", u"info", "BIRCH_LOG_LEVEL", kStation, 0, 0, u"error warning info debug",
        QT_TRANSLATE_NOOP("birch::Setting", "The least serious messages that are logged")},
    SettingSpec{Setting::LogFile, u"log.file", Path, u"", u"", "BIRCH_LOG_FILE", kStation, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "The log file; older ones stand beside it with .1, .2 …")},
    SettingSpec{Setting::LogBytes, u"log.bytes", Bytes, u"B", u"10 MiB", "BIRCH_LOG_BYTES", kStation, 4096, 4 * kGiB, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Size at which a new log file is begun")},
    SettingSpec{Setting::LogFiles, u"log.files", Integer, u"", u"5", "BIRCH_LOG_FILES", kStation, 1, 100, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Log files kept, the current one included")},
    SettingSpec{Setting::Theme, u"window.theme", Choice, u"", u"system", "BIRCH_WINDOW_THEME", kStation, 0, 0, u"system light dark",
        QT_TRANSLATE_NOOP("birch::Setting", "Colours of the window")},
    SettingSpec{Setting::StatusInterval, u"status.interval", Duration, u"s", u"30 s", "BIRCH_STATUS_INTERVAL", kStation, 0.1, kDay, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "How often the state of idle instruments is read")},
    SettingSpec{Setting::DiscoveryInterval, u"discovery.interval", Duration, u"s", u"60 s", "BIRCH_DISCOVERY_INTERVAL", kStation, 1, kDay, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "How often new instruments are looked for")},
    SettingSpec{Setting::StatePath, u"state.path", Path, u"", u"", "BIRCH_STATE_PATH", kStation, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Folder of what this station remembers by itself, e.g. the databases it has used")},
    SettingSpec{Setting::DatabaseConnectTimeout, u"database.connect_timeout", Duration, u"s", u"5 s", "BIRCH_DATABASE_CONNECT_TIMEOUT", kStation, 2, 600, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "How long a PostgreSQL server may take to accept a connection; whole seconds")},
    SettingSpec{Setting::DatabaseStatementTimeout, u"database.statement_timeout", Duration, u"s", u"300 s", "BIRCH_DATABASE_STATEMENT_TIMEOUT", kStation, 0, kDay, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "After how long a PostgreSQL server gives a statement up; 0: never")},
    SettingSpec{Setting::DatabaseLockTimeout, u"database.lock_timeout", Duration, u"s", u"30 s", "BIRCH_DATABASE_LOCK_TIMEOUT", kStation, 0, kDay, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "How long a statement waits on a PostgreSQL server for others to finish; 0: for ever")},
    SettingSpec{Setting::DatabaseKeepalive, u"database.keepalive", Duration, u"s", u"10 s", "BIRCH_DATABASE_KEEPALIVE", kStation, 1, 7200, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Silence after which the network to the PostgreSQL server is probed; whole seconds")},
    SettingSpec{Setting::DatabaseNetworkTimeout, u"database.network_timeout", Duration, u"s", u"15 s", "BIRCH_DATABASE_NETWORK_TIMEOUT", kStation, 1, 3600, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Unanswered network traffic after which a connection to PostgreSQL counts as lost")},
    SettingSpec{Setting::PoolSize, u"database.pool_size", Integer, u"", u"10", "BIRCH_DATABASE_POOL_SIZE", kStation, 1, 1000, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Connections that a pool keeps open")},
    SettingSpec{Setting::PoolOverflow, u"database.pool_overflow", Integer, u"", u"20", "BIRCH_DATABASE_POOL_OVERFLOW", kStation, 0, 1000, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Connections that a pool opens above that while there is a rush")},
    SettingSpec{Setting::PoolWait, u"database.pool_wait", Duration, u"s", u"30 s", "BIRCH_DATABASE_POOL_WAIT", kStation, 0.01, 3600, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "How long a request waits for a connection of the pool")},
    SettingSpec{Setting::PoolRenewal, u"database.pool_renewal", Duration, u"s", u"1 h", "BIRCH_DATABASE_POOL_RENEWAL", kStation, 1, 30 * kDay, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Age at which a connection of the pool is replaced by a new one")},
    SettingSpec{Setting::SpoolPatience, u"spool.patience", Duration, u"s", u"30 s", "BIRCH_SPOOL_PATIENCE", kStation, 0, kDay, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "How long a finished scan waits for a database that is away, before it is left in the spool")},
    SettingSpec{Setting::UpgradeBackups, u"backup.upgrades_kept", Integer, u"", u"3", "BIRCH_BACKUP_UPGRADES_KEPT", kStation, 1, 1000, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Backups kept beside a SQLite file of those that upgrades of its schema take, the newest")},
    SettingSpec{Setting::EventRetention, u"events.retention", Duration, u"s", u"36500 d", "BIRCH_EVENTS_RETENTION", kShared, 0, 36500 * kDay, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "How long the audit log keeps what exactly was changed; who, when and what stay for ever")},
    SettingSpec{Setting::MailServer, u"mail.server", Text, u"", u"", "BIRCH_MAIL_SERVER", kShared, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "The server that takes mail: smtp://mail.example.org:587 or smtps://mail.example.org")},
    SettingSpec{Setting::MailFrom, u"mail.from", Text, u"", u"", "BIRCH_MAIL_FROM", kShared, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "The address that messages are sent from")},
    SettingSpec{Setting::MailUser, u"mail.user", Text, u"", u"", "BIRCH_MAIL_USER", kShared, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "Login at the mail server; empty: none")},
    SettingSpec{Setting::MailPasswordFile, u"mail.password_file", Path, u"", u"", "BIRCH_MAIL_PASSWORD_FILE", kStation, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "File of mode 0600 that holds the password of the mail server; need not be there")},
    SettingSpec{Setting::MailTls, u"mail.tls", Choice, u"", u"required", "BIRCH_MAIL_TLS", kShared, 0, 0, u"required try off",
        QT_TRANSLATE_NOOP("birch::Setting", "Whether a connection to smtp:// must be encrypted before anything is sent")},
    SettingSpec{Setting::WebhookSecretFile, u"webhook.secret_file", Path, u"", u"", "BIRCH_WEBHOOK_SECRET_FILE", kStation, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "File of mode 0600 that holds the secret with which webhooks are signed; need not be there")},
    SettingSpec{Setting::NoticeCertificates, u"notify.certificates", Path, u"", u"/etc/ssl/certs/ca-certificates.crt", "BIRCH_NOTIFY_CERTIFICATES", kStation, 0, 0, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "File of certificates (PEM) by which mail and web servers are known")},
    SettingSpec{Setting::QueueLease, u"queue.lease", Duration, u"s", u"30 s", "BIRCH_QUEUE_LEASE", kShared, 0.2, kDay, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "How long a station that is not heard of keeps the scan of a queue that it has claimed")},
    SettingSpec{Setting::QueueGrace, u"queue.grace", Duration, u"s", u"120 s", "BIRCH_QUEUE_GRACE", kShared, 0, 365 * kDay, u"",
        QT_TRANSLATE_NOOP("birch::Setting", "How long after that only the same station may continue it, because it has the points that are not stored yet")},
};
// clang-format on

constexpr bool isInOrder()
{
    for (size_t i = 0; i < kTable.size(); ++i) {
        if (kTable[i].id != Setting(i))
            return false;
    }
    return kTable.size() == size_t(Setting::Count);
}
static_assert(isInOrder(), "one row per Setting, in the order of the enumeration");

} // namespace

std::span<const SettingSpec> settingTable()
{
    return kTable;
}

const SettingSpec &settingSpec(Setting id)
{
    return kTable[size_t(id)];
}

const SettingSpec *findSetting(const QString &key)
{
    const auto found = std::ranges::find_if(
        kTable, [&](const SettingSpec &spec) { return key == QStringView(spec.key); });
    return found == kTable.end() ? nullptr : &*found;
}

QString settingHelp(const SettingSpec &spec)
{
    return QCoreApplication::translate("birch::Setting", spec.help);
}

} // namespace birch
