#pragma once

#include "core/exchange/export_progress.h"

#include <QStringList>

namespace birch {

enum class ExportFormat : quint8 { Csv, Hdf5, Json };

QString exportFormatName(ExportFormat format); ///< "csv" "hdf5" "json"
std::optional<ExportFormat> exportFormatFromName(const QString &name);

struct ExportRequest {
    ExportFormat format = ExportFormat::Csv;
    /// CSV: a file for one measurement object, a folder for several (or where it is a folder). Else
    /// a file. What stands there is replaced.
    QString path = {};
    QString measurement = {};           ///< only this measurement object; "" for all
    ExportProgress::Told progress = {}; ///< may be empty
    std::stop_token stop = {};
};

/// Writes a scan to files and returns their paths. Every file is there whole or not at all: after
/// an error or a stop nothing new is left behind. Blocks for database and disk: off the window's
/// thread. Errors: NotFound - no such measurement, no such folder; Cancelled, Full, Io, Denied,
/// Storage.
Result<QStringList> exportScan(ScanSource &source, const ExportRequest &request);

} // namespace birch
