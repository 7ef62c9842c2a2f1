#include "core/exchange/import/csv_import.h"

#include "core/exchange/import/csv_data.h"
#include "core/exchange/import/csv_entities.h"
#include "core/store/id_counter.h"
#include "core/store/scan_place.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("CsvImport", text);
}

/// One run of importCsv().
struct Job {
    ImportTarget target;
    const FileImportOptions &options;
    std::optional<char> delimiter;
};

Result<std::optional<char>> delimiterOf(const QString &name)
{
    static const QMap<QString, char> kNames{
        {u"comma"_s, ','}, {u"semicolon"_s, ';'}, {u"tab"_s, '\t'}};
    if (name.isEmpty())
        return std::optional<char>();
    if (!kNames.contains(name))
        return Error{ErrorCode::BadInput,
                     tr("\"%1\" is no delimiter: say comma, semicolon or tab").arg(name)};
    return std::optional(kNames[name]);
}

/// Null: measurement data. Errors: NotFound - \a asked is no entity.
Result<const EntitySpec *> entityOf(const QString &path, const QString &asked)
{
    if (asked == u"scan"_s)
        return nullptr;
    const QString name = asked.isEmpty() ? QFileInfo(path).completeBaseName() : asked;
    const EntitySpec *spec = entityByTable(name.toLower().replace(u'-', u'_'));
    if (spec || asked.isEmpty())
        return spec;
    return Error{
        ErrorCode::BadInput,
        tr("There is nothing called \"%1\": say samples, labs, projects, … or scan").arg(asked)};
}

Result<QString> contentHash(const QString &path)
{
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file))
        return Error{ErrorCode::Io, tr("%1 can not be read (%2): check the path and your rights")
                                        .arg(path, file.errorString())};
    return QString::fromLatin1(hash.result().toHex());
}

Status findPlace(const Job &job, FinishedScan *scan)
{
    ScanDetails details;
    details.project = job.options.project;
    if (!job.options.sample.isEmpty()) {
        const auto sample = EntityRepository(job.target.connection, sampleSpec())
                                .find(job.target.session, job.options.sample);
        if (!sample)
            return sample.error();
        details.sampleUid = sample.value().uid;
    }
    const auto place = resolvePlace(job.target.connection, job.target.session, details);
    if (!place)
        return place.error();
    const auto station = stationRow(job.target.connection, job.target.session, job.options.station);
    if (!station)
        return station.error();
    scan->labRow = place.value().labRow;
    scan->projectRow = place.value().projectRow;
    scan->sampleRow = place.value().sampleRow;
    scan->stationRow = station.value();
    return ok();
}

/// False: the same data are here already.
Result<bool> importData(const Job &job, const QString &path, CsvData &data)
{
    const auto hash = contentHash(path);
    if (!hash)
        return hash.error();
    const QString uid = importedUid(u"csv data/"_s + hash.value());
    const auto stored = storedSource(job.target.connection, u"scans"_s, uid);
    if (!stored)
        return stored.error();
    if (stored.value())
        return false;
    FinishedScan scan;
    scan.uid = QUuid::fromString(uid);
    if (Status found = findPlace(job, &scan); !found)
        return found.error();
    const qint64 changed = QFileInfo(path).lastModified().toMSecsSinceEpoch() * 1000;
    scan.startedUs = data.times() ? data.times()->first : changed;
    scan.endedUs = data.times() ? std::max(scan.startedUs, data.times()->second) : changed;
    const auto scanId = nextScanId(job.target.connection, job.options.station, scan.startedUs);
    if (!scanId)
        return scanId.error();
    scan.scanId = scanId.value();
    scan.createdUs = scan.updatedUs = nowUs();
    scan.details.name = data.schema().name;
    scan.details.operatorName = job.target.session.user;
    scan.softwareVersion = u"CSV"_s;
    scan.extraData = {{u"imported_from"_s, QFileInfo(path).fileName()},
                      {u"sha256"_s, hash.value()}};
    scan.objects = {data.schema()};
    scan.objectUids = {importedUid(u"csv object/"_s + hash.value())};
    FinishedScanWriter writer(job.target.connection);
    if (Status begun = writer.begin(job.target.session, scan); !begun)
        return begun.error();
    if (Status written = data.write(writer); !written)
        return written.error();
    if (Status finished = writer.finish(job.target.session, {}); !finished)
        return finished.error();
    return true;
}

Status importAsScan(const Job &job, const QString &path, TableReport &report)
{
    CsvData data(path, job.delimiter);
    if (Status looked = data.look(); !looked)
        return looked;
    const auto isNew = importData(job, path, data);
    if (!isNew)
        return isNew.error();
    report.addRows(data.rows());
    if (isNew.value())
        report.add(RowFate::Created, {}, {}, data.rows());
    else
        report.add(RowFate::Unchanged, tr("a scan with exactly these data is here already"), {},
                   data.rows());
    return ok();
}

Status importAsRows(const Job &job, const QString &path, const EntitySpec &spec,
                    TableReport &report)
{
    auto reader = CsvReader::open(path, job.delimiter);
    if (!reader)
        return reader.error();
    CsvEntities entities(job.target.connection, job.target.session, spec, job.options.lab);
    const Status done = entities.import(reader.value(), report);
    return done ? ok() : Status(done.error().within(path));
}

Status importOne(const Job &job, const QString &path, ImportReport *report)
{
    const auto spec = entityOf(path, job.options.entity);
    if (!spec)
        return spec.error();
    auto transaction = WriteTransaction::begin(job.target.connection);
    if (!transaction)
        return transaction.error();
    const QString name = QFileInfo(path).fileName();
    TableReport table(name, spec.value() ? spec.value()->table : u"data_chunks"_s, 0);
    const Status done = spec.value() ? importAsRows(job, path, *spec.value(), table)
                                     : importAsScan(job, path, table);
    if (!done)
        return done;
    if (Status committed = transaction.value().commit(); !committed)
        return committed;
    report->table(name, {}, 0) = table;
    return ok();
}

/// Entities in the order of their references, then data; by name.
QStringList filesOf(const QString &folder, const QString &asked)
{
    const QStringList names =
        QDir(folder).entryList({u"*.csv"_s, u"*.tsv"_s}, QDir::Files, QDir::Name);
    QStringList files;
    QStringList data;
    for (const EntitySpec &spec : entitySpecs()) {
        for (const QString &name : names) {
            const auto entity = entityOf(name, asked);
            if (entity && entity.value() && entity.value()->table == spec.table)
                files << folder + u'/' + name;
        }
    }
    for (const QString &name : names) {
        if (!files.contains(folder + u'/' + name))
            data << folder + u'/' + name;
    }
    return files + data;
}
} // namespace

Result<ImportReport> importCsv(Connection &connection, const Session &session, const QString &path,
                               const FileImportOptions &options)
{
    const auto delimiter = delimiterOf(options.delimiter);
    if (!delimiter)
        return delimiter.error();
    const Job job{{connection, session}, options, delimiter.value()};
    const bool isFolder = QFileInfo(path).isDir();
    const QStringList files =
        isFolder ? filesOf(QFileInfo(path).absoluteFilePath(), options.entity) : QStringList{path};
    if (files.isEmpty())
        return Error{ErrorCode::BadInput, tr("There is no .csv file in %1").arg(path)};
    ImportReport report;
    report.source = path;
    report.kind = u"csv"_s;
    report.isDryRun = options.common.isDryRun;
    std::optional<WriteTransaction> trial; // rolled back when it goes out of scope
    if (options.common.isDryRun) {
        auto begun = WriteTransaction::begin(connection);
        if (!begun)
            return begun.error();
        trial.emplace(std::move(begun).value());
    }
    for (const QString &file : files) {
        if (options.common.stop.stop_requested())
            return Error{ErrorCode::Cancelled,
                         tr("Stopped: what was imported stays; run it again to go on")};
        const Status done = importOne(job, file, &report);
        if (!done && (!isFolder || done.error().code == ErrorCode::Storage))
            return done.error();
        if (!done)
            report.table(QFileInfo(file).fileName(), {}, 1)
                .add(RowFate::NotUnderstood, done.error().message);
    }
    return report;
}

} // namespace birch
