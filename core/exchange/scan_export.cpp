#include "core/exchange/scan_export.h"

#include "core/exchange/csv_export.h"
#include "core/exchange/json_export.h"
#include "core/exchange/nexus_export.h"

#include <QCoreApplication>

#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::array kNames{std::pair(ExportFormat::Csv, u"csv"),
                            std::pair(ExportFormat::Hdf5, u"hdf5"),
                            std::pair(ExportFormat::Json, u"json")};

Result<QList<int>> wantedObjects(const ExportedScan &scan, const QString &measurement)
{
    QList<int> wanted;
    QStringList names;
    for (int i = 0; i < scan.objects.size(); ++i) {
        const QString &name = scan.objects[i].schema.name;
        names.append(name);
        if (measurement.isEmpty() || name == measurement)
            wanted.append(i);
    }
    if (!measurement.isEmpty() && wanted.isEmpty())
        return Error{
            ErrorCode::NotFound,
            QCoreApplication::translate("birch::ScanExport", "%1 has no measurement %2; it has: %3")
                .arg(scan.scanId, measurement, names.join(u", "_s))};
    return wanted;
}
} // namespace

QString exportFormatName(ExportFormat format)
{
    for (const auto &[known, name] : kNames) {
        if (known == format)
            return QString::fromUtf16(name);
    }
    return {};
}

std::optional<ExportFormat> exportFormatFromName(const QString &name)
{
    for (const auto &[format, known] : kNames) {
        if (name == QStringView(known))
            return format;
    }
    return {};
}

Result<QStringList> exportScan(ScanSource &source, const ExportRequest &request)
{
    const auto objects = wantedObjects(source.scan(), request.measurement);
    if (!objects)
        return objects.error();
    ExportProgress progress(source.scan(), objects.value(), request.progress, request.stop);
    const auto write = [&]() -> Result<QStringList> {
        switch (request.format) {
        case ExportFormat::Csv:
            return exportCsv(source, objects.value(), request.path, progress);
        case ExportFormat::Hdf5:
            return exportNexus(source, objects.value(), request.path, progress);
        case ExportFormat::Json:
            break;
        }
        return exportJson(source, objects.value(), request.path, progress);
    };
    auto written = write();
    if (!written)
        return written.error().within(
            QCoreApplication::translate("birch::ScanExport", "Exporting %1")
                .arg(source.scan().scanId));
    return written;
}

} // namespace birch
