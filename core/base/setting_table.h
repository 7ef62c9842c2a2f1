#pragma once

#include <QString>
#include <QtGlobal>

#include <span>

namespace birch {

/// Every setting there is; one row each in setting_table.cpp, in this order.
enum class Setting {
    FlushRows,
    FlushBytes,
    FlushInterval,
    ChunkRows,
    ChunkCompression,
    SpoolPath,
    SpoolSyncInterval,
    SpoolSegmentBytes,
    SpoolReserveBytes,
    DiskWarnBytes,
    DiskPauseBytes,
    DataPath,
    StationName,
    ReconnectFirstDelay,
    ReconnectLongestDelay,
    ReconnectLastTries,
    ReconnectLastDelay,
    PageSize,
    TrashRetention,
    BackupFolder,
    BackupHour,
    LogLevel,
    LogFile,
    LogBytes,
    LogFiles,
    Theme,
    StatusInterval,
    DiscoveryInterval,
    StatePath,
    DatabaseConnectTimeout,
    DatabaseStatementTimeout,
    DatabaseLockTimeout,
    DatabaseKeepalive,
    DatabaseNetworkTimeout,
    PoolSize,
    PoolOverflow,
    PoolWait,
    PoolRenewal,
    SpoolPatience,
    UpgradeBackups,
    EventRetention,
    MailServer,
    MailFrom,
    MailUser,
    MailPasswordFile,
    MailTls,
    WebhookSecretFile,
    NoticeCertificates,
    QueueLease,
    QueueGrace,
    Count
};

enum class SettingType {
    Text,
    Path, ///< absolute; "~/" and, in the file, relative paths are resolved
    Integer,
    Bytes,    ///< "64 MiB", "4096"
    Duration, ///< "200 ms", "30 d"; a bare number is in seconds
    Flag,     ///< on, off, true, false, yes, no, 1, 0
    Choice
};

/// Whom a value concerns, hence where it may be set.
enum class SettingScope {
    Station, ///< this computer: flag, environment, file
    Shared   ///< also the database's settings, for every station that opens it
};

struct SettingSpec {
    Setting id;
    const char16_t *key; ///< "spool.sync_interval": in the file and for `config`
    SettingType type;
    const char16_t *unit;     ///< of numbers shown: "s", "B", "rows"
    const char16_t *fallback; ///< as one would type it; "" where it is found at run time
    const char *environment;  ///< "BIRCH_SPOOL_SYNC_INTERVAL"
    SettingScope scope;
    double minimum; ///< inclusive, in unit; both 0: no bounds
    double maximum;
    const char16_t *choices; ///< Choice: separated by spaces
    const char *help;        ///< source text of a translation, context "birch::Setting"
};

std::span<const SettingSpec> settingTable();
const SettingSpec &settingSpec(Setting id);
const SettingSpec *findSetting(const QString &key); ///< null: no such key
QString settingHelp(const SettingSpec &spec);       ///< translated

} // namespace birch
