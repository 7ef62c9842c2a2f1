#include "core/store/schema.h"

#include "core/store/exclusive_database.h"
#include "core/store/migration_run.h"
#include "core/store/schema/schema_book.h"
#include "core/store/schema/server_database.h"
#include "core/store/schema_check.h"
#include "core/store/search/search_rebuild.h"
#include "core/store/store_time.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

QJsonObject SchemaStatus::toJson() const
{
    QJsonObject json{{u"database"_s, url.text()},
                     {u"engine"_s, Dialect(url.engine()).name()},
                     {u"exists"_s, exists},
                     {u"current"_s, current},
                     {u"head"_s, head},
                     {u"up_to_date"_s, isCurrent()},
                     {u"uid"_s, uid},
                     {u"differences"_s, QJsonArray::fromStringList(differences)}};
    if (!backup.isEmpty())
        json[u"backup"_s] = backup;
    return json;
}

QJsonObject HistoryEntry::toJson() const
{
    static constexpr std::array kStates{"applied", "pending", "edited", "unknown"};
    return {{u"version"_s, version},
            {u"name"_s, name},
            {u"checksum"_s, checksum},
            {u"state"_s, QString::fromLatin1(kStates.at(size_t(state)))},
            {u"applied_at"_s, appliedUs > 0 ? QJsonValue(isoTime(appliedUs)) : QJsonValue()},
            {u"program"_s, program}};
}

Result<int> schemaVersion(Connection &connection)
{
    const auto book = readSchemaBook(connection);
    if (!book)
        return book.error();
    if (book.value().isEmpty() || book.value().isKept)
        return book.value().version();
    if (book.value().tables.contains(u"database_info"_s))
        return Error{ErrorCode::BadInput,
                     QCoreApplication::translate(
                         "Schema", "The database does not say which schema it has: run birchctl "
                                   "db check, then birchctl db stamp")};
    return Error{ErrorCode::BadInput,
                 QCoreApplication::translate(
                     "Schema", "This database holds something else than Birch's tables (%1): "
                               "choose another one")
                     .arg(book.value().tables.mid(0, 3).join(u", "_s))};
}

Status checkSchema(Connection &connection, const QList<Migration> &migrations)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("Schema", text); };
    const Result<int> version = schemaVersion(connection);
    if (!version)
        return version.error();
    const int head = int(migrations.size());
    if (version.value() == 0)
        return Error{ErrorCode::NotFound,
                     tr("The database is empty: prepare it with birchctl db init")};
    if (version.value() < head)
        return Error{ErrorCode::Conflict,
                     tr("The database has the older schema %1, this program needs %2: run birchctl "
                        "db upgrade")
                         .arg(version.value())
                         .arg(head)};
    if (version.value() > head)
        return Error{ErrorCode::Conflict,
                     tr("The database has the newer schema %1, this program knows %2: install the "
                        "newer Birch")
                         .arg(version.value())
                         .arg(head)};
    const auto book = readSchemaBook(connection);
    return book ? checkBook(book.value(), migrations) : book.error();
}

Schema::Schema(DatabaseUrl url, QString migrationsDir, QList<EntitySpec> specs)
    : m_url(std::move(url))
    , m_dir(std::move(migrationsDir))
    , m_specs(std::move(specs))
{
}

Result<QList<Migration>> Schema::migrations() const
{
    return loadMigrations(Dialect(m_url.engine()), m_dir);
}

Result<SchemaStatus> Schema::inspect(Connection &connection,
                                     const QList<Migration> &migrations) const
{
    SchemaStatus status;
    status.url = m_url;
    status.head = int(migrations.size());
    const Result<int> version = schemaVersion(connection);
    if (!version)
        return version.error();
    status.current = version.value();
    status.exists = status.current > 0;
    if (!status.exists)
        return status;
    const auto uid = connection.firstRow(u"SELECT uid FROM database_info"_s);
    if (!uid)
        return uid.error();
    if (uid.value())
        status.uid = uid.value()->first().toString();
    if (status.current != status.head)
        return status;
    auto differences = schemaDifferences(connection, m_specs);
    if (!differences)
        return differences.error();
    status.differences = differences.value();
    return status;
}

Result<SchemaStatus> Schema::status() const
{
    const auto steps = migrations();
    if (!steps)
        return steps.error();
    SchemaStatus missing;
    missing.url = m_url;
    missing.head = int(steps.value().size());
    if (isMissing(m_url))
        return missing;
    const auto connection = Connection::open(m_url);
    if (!connection)
        return connection.error();
    return inspect(*connection.value(), steps.value());
}

Result<SchemaAudit> Schema::check() const
{
    const auto steps = migrations();
    if (!steps)
        return steps.error();
    if (isMissing(m_url))
        return noDatabase(m_url);
    const auto connection = Connection::open(m_url);
    if (!connection)
        return connection.error();
    return auditSchema(*connection.value(), steps.value(), m_specs);
}

Result<QList<HistoryEntry>> Schema::history() const
{
    using State = HistoryEntry::State;
    const auto steps = migrations();
    if (!steps)
        return steps.error();
    SchemaBook book;
    if (!isMissing(m_url)) {
        const auto connection = Connection::open(m_url);
        if (!connection)
            return connection.error();
        auto kept = readSchemaBook(*connection.value());
        if (!kept)
            return kept.error();
        book = std::move(kept).value();
    }
    QList<HistoryEntry> entries;
    for (const AppliedStep &step : book.steps)
        entries << HistoryEntry{step.version,   step.name,      step.checksum,
                                State::Unknown, step.appliedUs, step.program};
    for (const Migration &step : steps.value()) {
        const auto known = std::ranges::find(entries, step.version, &HistoryEntry::version);
        if (known == entries.end())
            entries << HistoryEntry{step.version, step.name, step.checksum, State::Pending, 0, {}};
        else
            known->state = known->checksum == step.checksum ? State::Applied : State::Edited;
    }
    std::ranges::sort(entries, {}, &HistoryEntry::version);
    return entries;
}

Result<SchemaStatus> Schema::init(const QString &userName)
{
    const auto steps = migrations();
    if (!steps)
        return steps.error();
    if (m_url.engine() == Engine::Sqlite)
        QDir().mkpath(QFileInfo(m_url.path()).path()); // a failure shows at the lock file
    else if (Status made = prepareServerDatabase(m_url); !made)
        return made.error();
    auto exclusive = ExclusiveDatabase::openOrMake(m_url);
    if (!exclusive)
        return exclusive.error();
    Connection &connection = *exclusive.value().connection;
    const Result<int> version = schemaVersion(connection);
    if (!version)
        return version.error();
    if (version.value() > 0)
        return Error{ErrorCode::Conflict,
                     tr("%1 is a Birch database already: use it as it is, or upgrade it with "
                        "birchctl db upgrade --database %1")
                         .arg(m_url.text())};
    if (Status done = runMigrations(connection, steps.value(), 0, int(steps.value().size()),
                                    [this, &userName](Connection &seeded) {
                                        const Status seed = seedDatabase(seeded, userName);
                                        return seed ? rebuildSearch(seeded, m_specs) : seed;
                                    });
        !done)
        return done.error();
    return inspect(connection, steps.value());
}

} // namespace birch
