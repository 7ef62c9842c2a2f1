#include "core/store/upkeep/maintain.h"

#include "core/store/entity/trash.h"
#include "core/store/event_log.h"
#include "core/store/exclusive_database.h"
#include "core/store/store_time.h"

#include <QFileInfo>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Maintain", text);
}

/// Of the file and its log, or of the server's database.
Result<qint64> bytesOf(Connection &connection, const DatabaseUrl &url)
{
    if (url.engine() == Engine::Sqlite)
        return QFileInfo(url.path()).size() + QFileInfo(url.path() + u"-wal"_s).size();
    const auto row = connection.firstRow(u"SELECT pg_database_size(current_database())"_s);
    if (!row)
        return row.error();
    return row.value()->first().toLongLong();
}

Result<qint64> chunksOf(Connection &connection)
{
    const auto row = connection.firstRow(u"SELECT count(*) FROM data_chunks"_s);
    if (!row)
        return row.error();
    return row.value()->first().toLongLong();
}

Status purge(Connection &connection, const Session &session, const MaintainOptions &options,
             MaintainReport *report)
{
    const auto expired =
        Trash(connection).purgeExpired(session, nowUs() - options.trashRetention.count());
    if (!expired)
        return expired.error();
    for (const TrashOutcome &outcome : expired.value().purged) {
        for (const qint64 rows : outcome.counts)
            report->purged += rows;
    }
    report->notes += expired.value().kept;
    if (!options.eventRetention)
        return ok();
    const auto details =
        EventLog(connection).purgeDetails(session, nowUs() - options.eventRetention->count());
    if (!details)
        return details.error();
    report->purgedEvents = details.value();
    return ok();
}

/// With others at work.
Status maintainShared(const Database &database, const MaintainOptions &options,
                      MaintainReport *report)
{
    const DatabaseUrl &url = database.url();
    const auto opened = database.connect();
    if (!opened)
        return opened.error();
    Connection &connection = *opened.value();
    const auto session = openSession(connection, options.userName);
    if (!session)
        return session.error();
    if (Status may = session.value().mayAdminister(); !may)
        return may;
    const auto bytes = bytesOf(connection, url);
    if (!bytes)
        return bytes.error();
    report->bytesBefore = bytes.value();
    if (Status purged = purge(connection, session.value(), options, report); !purged)
        return purged;
    const auto chunks = chunksOf(connection);
    if (!chunks)
        return chunks.error();
    report->chunksBefore = chunks.value();
    const auto fewer = mergeSmallChunks(connection);
    if (!fewer)
        return fewer.error();
    report->chunksAfter = report->chunksBefore - fewer.value();
    const bool isPostgres = connection.dialect().isPostgres();
    if (Status done = connection.script(isPostgres ? u"VACUUM (ANALYZE)"_s : u"ANALYZE"_s); !done)
        return done;
    report->isVacuumed = isPostgres;
    const auto after = bytesOf(connection, url);
    if (!after)
        return after.error();
    report->bytesAfter = after.value();
    return isPostgres ? ok() : connection.script(u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
}

/// A SQLite file is written anew: nobody else may have it open.
Status vacuumFile(const DatabaseUrl &url, MaintainReport *report)
{
    const auto database = ExclusiveDatabase::openCurrent(url);
    if (!database && database.error().code == ErrorCode::Conflict) {
        report->notes
            << tr("Space was not given back to the disk: %1").arg(database.error().message);
        return ok();
    }
    if (!database)
        return database.error();
    Connection &connection = *database.value().connection;
    for (const QString &sql : {u"VACUUM"_s, u"PRAGMA wal_checkpoint(TRUNCATE)"_s}) {
        if (Status done = connection.script(sql); !done)
            return done.error().within(tr("Giving space back"));
    }
    report->isVacuumed = true;
    const auto bytes = bytesOf(connection, url);
    if (!bytes)
        return bytes.error();
    report->bytesAfter = bytes.value();
    return ok();
}
} // namespace

QJsonObject MaintainReport::toJson() const
{
    return {{u"bytes_before"_s, bytesBefore},
            {u"bytes_after"_s, bytesAfter},
            {u"chunks_before"_s, chunksBefore},
            {u"chunks_after"_s, chunksAfter},
            {u"purged"_s, purged},
            {u"purged_events"_s, purgedEvents},
            {u"vacuumed"_s, isVacuumed},
            {u"notes"_s, QJsonArray::fromStringList(notes)}};
}

Result<MaintainReport> maintainDatabase(std::unique_ptr<Database> database,
                                        const MaintainOptions &options)
{
    MaintainReport report;
    const DatabaseUrl url = database->url();
    if (Status done = maintainShared(*database, options, &report); !done)
        return done.error();
    database.reset();
    if (url.engine() == Engine::Sqlite) {
        if (Status done = vacuumFile(url, &report); !done)
            return done.error();
    }
    return report;
}

} // namespace birch
