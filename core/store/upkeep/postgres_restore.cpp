#include "core/store/database_lock.h"
#include "core/store/schema.h"
#include "core/store/upkeep/backup_container.h"
#include "core/store/upkeep/bulk_load.h"
#include "core/store/upkeep/restore.h"
#include "core/store/upkeep/row_writer.h"
#include "core/store/upkeep/server_session.h"
#include "core/store/write_transaction.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::seconds kLockPatience{2};

QString tr(const char *text)
{
    return QCoreApplication::translate("Restore", text);
}

/// The columns in the order of the backup; the live ones, because their types decide how values
/// are sent.
Result<CatalogueTable> tableFor(const TableCatalogue &catalogue, const ContainerTable &stored)
{
    const CatalogueTable *live = catalogue.find(stored.name);
    CatalogueTable table = live ? *live : CatalogueTable{};
    table.columns.clear();
    for (const CatalogueColumn &column : stored.columns) {
        const qsizetype at = live ? live->indexOf(column.name) : -1;
        if (at < 0)
            return Error{ErrorCode::Conflict,
                         tr("The backup has %1.%2, which this schema does not have: run birchctl "
                            "db check")
                             .arg(stored.name, column.name)};
        table.columns.append(live->columns[at]);
    }
    return table;
}

class Loader
{
public:
    Loader(Connection &connection, const TableCatalogue &catalogue)
        : m_connection(connection)
        , m_catalogue(catalogue)
    {
    }

    Status load(const QString &file)
    {
        const auto read = readContainer(
            file, {.header = {},
                   .table = [this](const ContainerTable &table) { return begin(table); },
                   .row = [this](const Row &row) { return m_writer->write(row); },
                   .tableEnd = [this] { return m_writer->finish(); }});
        m_writer.reset();
        if (!read)
            return read.error();
        for (const auto &[table, number] : m_numbers) {
            if (Status set = setLastNumber(m_connection, table, number); !set)
                return set;
        }
        return ok();
    }

private:
    Status begin(const ContainerTable &stored)
    {
        m_writer.reset();
        const auto table = tableFor(m_catalogue, stored);
        if (!table)
            return table.error();
        m_numbers.push_back({table.value(), stored.lastNumber});
        auto writer = RowWriter::open(m_connection, table.value());
        if (!writer)
            return writer.error();
        m_writer = std::move(writer).value();
        return ok();
    }

    Connection &m_connection;
    const TableCatalogue &m_catalogue;
    std::unique_ptr<RowWriter> m_writer;
    std::vector<std::pair<CatalogueTable, qint64>> m_numbers;
};

Status loadInto(Connection &connection, const QString &file)
{
    const auto catalogue = TableCatalogue::read(connection);
    if (!catalogue)
        return catalogue.error();
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    if (Status set = connection.script(u"SET LOCAL row_security = off"_s); !set)
        return set;
    const auto references = removeReferences(connection);
    if (!references)
        return references.error();
    if (Status emptied = emptyTables(connection, catalogue.value()); !emptied)
        return emptied;
    if (Status off = setRulesActive(connection, catalogue.value(), false); !off)
        return off;
    if (Status loaded = Loader(connection, catalogue.value()).load(file); !loaded)
        return loaded;
    if (Status on = setRulesActive(connection, catalogue.value(), true); !on)
        return on;
    if (Status added = addReferences(connection, references.value()); !added)
        return added;
    if (Status done = transaction.value().commit(); !done)
        return done;
    return connection.script(u"ANALYZE"_s);
}

/// A database with the schema of the backup, made where there is none.
Status prepare(const DatabaseUrl &url, const ContainerHeader &header, const RestoreOptions &options)
{
    Schema schema(url);
    auto status = schema.status();
    bool isNew = false;
    if (!status ? status.error().code == ErrorCode::NotFound : !status.value().exists) {
        status = schema.init(options.userName);
        isNew = true;
    }
    if (!status)
        return status.error();
    const int head = status.value().head;
    if (header.schema > head)
        return Error{ErrorCode::Conflict, tr("The backup has schema %1, this program knows %2: "
                                             "install the Birch that wrote it (%3), or a newer one")
                                              .arg(header.schema)
                                              .arg(head)
                                              .arg(header.program)};
    if (header.schema == status.value().current)
        return ok();
    if (!isNew)
        return Error{ErrorCode::Conflict,
                     tr("The backup has schema %1, %2 has schema %3: restore it into a new "
                        "database, then run birchctl db upgrade there")
                         .arg(header.schema)
                         .arg(url.text())
                         .arg(status.value().current)};
    const auto older = schema.downgrade(header.schema);
    return older ? ok() : Status(older.error());
}

Status checkMayLoad(Connection &connection, const DatabaseUrl &url, const ContainerHeader &header,
                    bool mayReplace)
{
    const auto row =
        connection.firstRow(u"SELECT (SELECT checksum FROM schema_version WHERE version = ?), "
                            "(SELECT count(*) FROM scans) + (SELECT count(*) FROM samples) + "
                            "(SELECT count(*) FROM queues) + (SELECT count(*) FROM projects)"_s,
                            {header.schema});
    if (!row)
        return row.error();
    if (row.value()->at(0).toString() != header.schemaChecksum)
        return Error{ErrorCode::Conflict, tr("Schema %1 of the backup was made by another build of "
                                             "Birch (%2) than this one: use that build")
                                              .arg(header.schema)
                                              .arg(header.program)};
    if (row.value()->at(1).toLongLong() == 0 || mayReplace)
        return ok();
    return Error{
        ErrorCode::Conflict,
        tr("%1 holds data already: add --replace to empty it first, or name a new database")
            .arg(url.text())};
}
} // namespace

Result<RestoreReport> restorePostgres(const DatabaseUrl &url, const QString &file,
                                      const RestoreOptions &options)
{
    if (QFileInfo::exists(file) && !isContainer(file))
        return Error{ErrorCode::BadInput,
                     tr("%1 is no backup of a PostgreSQL database: a SQLite file is brought into "
                        "one with birchctl db copy")
                         .arg(file)};
    const auto checked = readContainer(file);
    if (!checked)
        return checked.error();
    const ContainerHeader &header = checked.value().header;
    if (Status prepared = prepare(url, header, options); !prepared)
        return prepared.error();
    const auto connection = Connection::open(url);
    if (!connection)
        return connection.error();
    if (Status locked = acquireServerLock(*connection.value(), LockMode::Exclusive, kLockPatience);
        !locked)
        return locked.error();
    if (Status may = checkMayLoad(*connection.value(), url, header, options.mayReplace); !may)
        return may.error();
    if (Status loaded = loadInto(*connection.value(), file); !loaded)
        return loaded.error();
    return RestoreReport{{}, header.schema, checked.value().rows};
}

} // namespace birch
