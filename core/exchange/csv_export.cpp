#include "core/exchange/csv_export.h"

#include "core/exchange/csv_table.h"
#include "core/exchange/file_names.h"
#include "core/exchange/scan_metadata.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// The folder of an export: made if needed, taken away again if nothing came of it.
class ExportFolder
{
public:
    explicit ExportFolder(const QString &path)
        : m_path(path)
    {
    }
    ~ExportFolder()
    {
        if (m_isOurs)
            QDir().rmdir(m_path); // refuses where there is something in it
    }
    Q_DISABLE_COPY_MOVE(ExportFolder)

    Status make()
    {
        if (QFileInfo(m_path).isDir())
            return ok();
        if (!QDir().mkdir(m_path))
            return Error{
                QFileInfo(QFileInfo(m_path).path()).isDir() ? ErrorCode::Io : ErrorCode::NotFound,
                QCoreApplication::translate("birch::CsvExport",
                                            "The folder %1 can not be made: choose another "
                                            "path for the export")
                    .arg(m_path)};
        m_isOurs = true;
        return ok();
    }
    void keep() { m_isOurs = false; }

private:
    QString m_path;
    bool m_isOurs = false;
};

struct Paths {
    QStringList tables; // one per object
    QString metadata;
};

Paths filePaths(const ExportedScan &scan, const QList<int> &objects, const QString &path)
{
    const QFileInfo target(path);
    if (!target.isDir() && objects.size() == 1) {
        const bool isJson = target.suffix() == u"json"_s; // not over the table itself
        const QString base = target.dir().filePath(target.completeBaseName());
        return {{path}, isJson ? path + u".json"_s : base + u".json"_s};
    }
    const QDir folder(path);
    Paths paths;
    QStringList taken;
    for (const int object : objects) {
        const QString name = fileNameFor(scan.objects[object].schema.name);
        paths.tables.append(folder.filePath(uniqueName(name, &taken) + u".csv"_s));
    }
    paths.metadata = folder.filePath(u"scan.json"_s);
    return paths;
}

QByteArray metadataText(const ExportedScan &scan, const QList<int> &objects, const Paths &paths)
{
    QJsonObject metadata = scanMetadata(scan, objects);
    QJsonArray measurements = metadata[u"measurements"_s].toArray();
    for (int i = 0; i < measurements.size(); ++i) {
        QJsonObject measurement = measurements[i].toObject();
        measurement[u"file"_s] = QFileInfo(paths.tables[i]).fileName();
        measurements[i] = measurement;
    }
    metadata[u"measurements"_s] = measurements;
    return QJsonDocument(metadata).toJson();
}
} // namespace

Result<QStringList> exportCsv(ScanSource &source, const QList<int> &objects, const QString &path,
                              ExportProgress &progress)
{
    const ExportedScan &scan = source.scan();
    const Paths paths = filePaths(scan, objects, path);
    ExportFolder folder(path);
    if (!QFileInfo(path).isDir() && objects.size() != 1) {
        if (const Status made = folder.make(); !made)
            return made.error();
    }
    std::vector<FileWriter> files; // renamed together, once all of them are written
    const auto create = [&files](const QString &name) -> Status {
        auto file = FileWriter::create(name);
        if (!file)
            return file.error();
        files.push_back(std::move(file).value());
        return ok();
    };
    for (int i = 0; i < objects.size(); ++i) {
        if (const Status created = create(paths.tables[i]); !created)
            return created.error();
        if (const Status written = CsvTable(source, objects[i]).write(files.back(), progress);
            !written)
            return written.error();
    }
    if (const Status created = create(paths.metadata); !created)
        return created.error();
    if (const Status written = files.back().write(metadataText(scan, objects, paths)); !written)
        return written.error();
    for (FileWriter &file : files) {
        if (const Status committed = file.commit(); !committed)
            return committed.error();
    }
    folder.keep();
    return paths.tables + QStringList{paths.metadata};
}

} // namespace birch
