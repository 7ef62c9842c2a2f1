#include "core/store/database_health.h"

#include "core/base/id.h"
#include "core/store/database_lock.h"
#include "core/store/exclusive_database.h"
#include "core/store/stored_scan.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QLocale>
#include <QStorageInfo>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kLowSpace = 256LL << 20; // a spool segment or two and the log beside the database

QString tr(const char *text)
{
    return QCoreApplication::translate("DatabaseHealth", text);
}

QString schemaProblem(const SchemaStatus &schema)
{
    const QString url = schema.url.text();
    if (!schema.exists)
        return tr("There is no Birch database yet; make it with: birchctl db init --database %1")
            .arg(url);
    if (schema.current < schema.head)
        return tr("Schema %1, this program needs %2; run: birchctl db upgrade --database %3")
            .arg(schema.current)
            .arg(schema.head)
            .arg(url);
    if (schema.current > schema.head)
        return tr("Schema %1, this program knows %2; install the newer Birch.")
            .arg(schema.current)
            .arg(schema.head);
    if (!schema.differences.isEmpty())
        return tr("Schema %1, but tables were changed: %2. Run birchctl db check to see all of it.")
            .arg(schema.current)
            .arg(schema.differences.join(u"; "_s));
    return {};
}

void lookAtFile(DatabaseHealth &health, const QString &path)
{
    for (const QString &part : {path, path + u"-wal"_s})
        health.bytes += QFileInfo(part).size();
    health.holders = FileLock::holdersOf(path);
    QFileInfo folder(QFileInfo(path).path());
    while (!folder.exists() && !folder.isRoot())
        folder.setFile(folder.path());
    health.freeBytes = QStorageInfo(folder.absoluteFilePath()).bytesAvailable();
    if (*health.freeBytes < kLowSpace)
        health.problems << tr("Only %1 are left on the disk of %2: free some space before the "
                              "next scan.")
                               .arg(QLocale::c().formattedDataSize(*health.freeBytes), path);
}

Status lookAtServer(DatabaseHealth &health, const DatabaseUrl &url)
{
    const auto connection = Connection::open(url);
    if (!connection)
        return connection.error();
    const auto bytes =
        connection.value()->firstRow(u"SELECT pg_database_size(current_database())"_s);
    if (!bytes)
        return bytes.error();
    health.bytes = bytes.value()->first().toLongLong();
    const auto holders = serverLockHolders(*connection.value());
    if (!holders)
        return holders.error();
    health.holders = holders.value();
    return ok();
}

/// What the database has of a scan already. Of one that it does not know, or can not say, nothing.
StoredRows storedRowsOf(std::shared_ptr<Connection> connection)
{
    return [connection = std::move(connection)](const QUuid &scan) {
        QList<qint64> rows;
        const auto stored = connection ? loadScan(*connection, scan) : Error{};
        if (!stored)
            return rows;
        for (const StoredObject &object : stored.value().objects)
            rows << object.rowsStored;
        return rows;
    };
}

void lookAtSpool(DatabaseHealth &health, const DatabaseUrl &url, const QString &spoolDir)
{
    std::shared_ptr<Connection> connection;
    if (health.isReachable && health.schema.isCurrent()) {
        if (auto opened = Connection::open(url))
            connection = std::move(opened).value();
    }
    health.backlogs = spoolBacklogs(spoolDir, storedRowsOf(std::move(connection)));
    for (const SpoolBacklog &backlog : std::as_const(health.backlogs)) {
        const int left = backlog.scans - backlog.running - backlog.unreadable;
        if (left > 0 && (health.isHere(backlog) || backlog.database.isNull()))
            health.problems << tr("%1 scans with %2 rows wait in the spool %3 and no program "
                                  "brings them: run birchctl resume")
                                   .arg(left)
                                   .arg(backlog.rows)
                                   .arg(spoolDir);
        if (backlog.unreadable > 0)
            health.problems << tr("%1 folders in the spool %2 can not be read: birchctl resume "
                                  "names them")
                                   .arg(backlog.unreadable)
                                   .arg(spoolDir);
    }
}
} // namespace

bool DatabaseHealth::isHere(const SpoolBacklog &backlog) const
{
    return !backlog.database.isNull() && backlog.database == QUuid::fromString(schema.uid);
}

QJsonObject DatabaseHealth::toJson() const
{
    QJsonObject json = schema.toJson();
    json[u"reachable"_s] = isReachable;
    json[u"healthy"_s] = isHealthy();
    json[u"problems"_s] = QJsonArray::fromStringList(problems);
    json[u"holders"_s] = QJsonArray::fromStringList(holders);
    json[u"bytes"_s] = bytes;
    QJsonArray waiting;
    for (const SpoolBacklog &backlog : backlogs)
        waiting.append(QJsonObject{{u"database"_s, uidText(backlog.database)},
                                   {u"here"_s, isHere(backlog)},
                                   {u"scans"_s, backlog.scans},
                                   {u"running"_s, backlog.running},
                                   {u"rows"_s, backlog.rows},
                                   {u"bytes"_s, backlog.bytes},
                                   {u"unreadable"_s, backlog.unreadable}});
    json[u"backlog"_s] = waiting;
    json[u"free_bytes"_s] = freeBytes ? QJsonValue(*freeBytes) : QJsonValue();
    return json;
}

DatabaseHealth databaseHealth(const DatabaseUrl &url, const QString &spoolDir,
                              const QString &migrationsDir)
{
    DatabaseHealth health;
    health.schema.url = url;
    const auto schema = Schema(url, migrationsDir).status();
    if (schema)
        health.schema = schema.value();
    else
        health.problems << schema.error().message;
    if (schema && !schemaProblem(schema.value()).isEmpty())
        health.problems << schemaProblem(schema.value());
    health.isReachable = schema && !isMissing(url);
    if (url.engine() == Engine::Sqlite) {
        lookAtFile(health, url.path());
    } else if (health.isReachable) {
        if (Status done = lookAtServer(health, url); !done)
            health.problems << done.error().message;
    }
    if (!spoolDir.isEmpty())
        lookAtSpool(health, url, spoolDir);
    return health;
}

} // namespace birch
