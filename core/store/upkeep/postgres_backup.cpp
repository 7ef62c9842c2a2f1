#include "core/store/schema.h"
#include "core/store/store_time.h"
#include "core/store/upkeep/backup.h"
#include "core/store/upkeep/backup_container.h"
#include "core/store/upkeep/backup_target.h"
#include "core/store/upkeep/row_reader.h"
#include "core/store/upkeep/server_session.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Backup", text);
}

Result<ContainerHeader> headerOf(Connection &connection)
{
    const auto row = connection.firstRow(
        u"SELECT v.version, v.checksum, i.uid FROM schema_version v CROSS JOIN database_info i "
        "ORDER BY v.version DESC LIMIT 1"_s);
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::BadInput, tr("The database is empty: there is nothing to back up")};
    return ContainerHeader{.schema = row.value()->at(0).toInt(),
                           .schemaChecksum = row.value()->at(1).toString(),
                           .databaseUid = row.value()->at(2).toString(),
                           .program = QStringLiteral("birch " BIRCH_VERSION),
                           .createdAt = nowUs()};
}

Status stopIfAsked(const BackupOptions &options)
{
    return options.stop.stop_requested()
               ? Status(Error{ErrorCode::Cancelled, tr("The backup was stopped; nothing was kept")})
               : ok();
}

Status writeTable(Connection &connection, const CatalogueTable &table, ContainerWriter *container,
                  const std::function<Status()> &beforeRow)
{
    const auto number = lastNumber(connection, table);
    if (!number)
        return number.error();
    if (Status begun = container->beginTable({table.name, table.columns, number.value()}); !begun)
        return begun;
    const Status read = readTable(connection, table, [&](const Row &row) {
        const Status goOn = beforeRow();
        return goOn ? container->addRow(row) : goOn;
    });
    return read ? container->endTable() : read;
}

Result<ContainerHeader> writeContainer(Connection &connection, ContainerWriter *container,
                                       const BackupOptions &options)
{
    const auto snapshot = ServerSnapshot::take(connection);
    if (!snapshot)
        return snapshot.error();
    const auto catalogue = TableCatalogue::read(connection);
    if (!catalogue)
        return catalogue.error();
    const auto header = headerOf(connection);
    if (!header)
        return header;
    if (Status begun = container->begin(header.value()); !begun)
        return begun.error();
    const QList<CatalogueTable> &tables = catalogue.value().tables();
    for (qsizetype i = 0; i < tables.size(); ++i) {
        if (Status done = writeTable(connection, tables[i], container,
                                     [&options] { return stopIfAsked(options); });
            !done)
            return done.error();
        if (options.progress)
            options.progress(i + 1, tables.size());
    }
    if (Status ended = container->end(); !ended)
        return ended.error();
    return header;
}
} // namespace

Result<BackupReport> backupPostgres(Connection &connection, const QString &path,
                                    const BackupOptions &options)
{
    auto created = createBackupFile(path, options.mayReplace);
    if (!created)
        return created.error();
    FileWriter &file = created.value();
    ContainerWriter container(file);
    const auto header = writeContainer(connection, &container, options);
    if (!header)
        return header.error();
    const auto checked = readContainer(file.temporaryPath());
    if (!checked)
        return checked.error();
    if (checked.value().rows != container.rows())
        return Error{ErrorCode::Io, tr("%1 does not hold what was written to it: check the disk "
                                       "and take the backup again")
                                        .arg(path)};
    const qint64 bytes = file.bytesWritten();
    if (Status done = file.commit(); !done)
        return done.error();
    return BackupReport{file.path(), bytes, header.value().schema, container.rows()};
}

} // namespace birch
